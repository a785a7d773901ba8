"""Pairs of open records that might belong together, and what speaks for each: near keys, or amount and days."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from solver.ledger.matching.amounts import Agreement, agreement, wanted_sums
from solver.ledger.matching.days import day_of, span
from solver.ledger.matching.keys import LEAST_CHARACTERS, KeySpaces, deletions, key_distance
from solver.ledger.matching.model import Item
from solver.ledger.matching.parties import Likeness, likeness
from solver.ledger.matching.rules import MatchRules

_MOST_CANDIDATES = 100  # that one record is compared with for its amount
_KEY_COST = {0: 0, 1: 10, 2: 20, None: 60}
_MOST_SLIPS = max(key for key in _KEY_COST if key is not None)
_PARTY_COST = {Likeness.SAME: 0, Likeness.MASKED: 5, Likeness.UNKNOWN: 15, Likeness.OTHER: 40}
_FEE_COST = 5
_UNEXPLAINED_COST = 40


@dataclass(frozen=True, slots=True)
class Edge:
    """What speaks for a pair."""

    key_distance: int | None
    party: Likeness
    agreed: Agreement | None
    days: int

    @property
    def cost(self) -> int:
        """The dearer, the less speaks for it."""
        amount = _UNEXPLAINED_COST if self.agreed is None else _FEE_COST if self.agreed.kind is not None else 0
        return _KEY_COST[self.key_distance] + _PARTY_COST[self.party] + amount + min(abs(self.days), 20) // 2


Edges = Mapping[int, Mapping[int, Edge]]  # by the place of the record of ours, then of theirs


class Candidates:
    """Finds the pairs. `is_dense` says that a slip may turn one key into another."""

    def __init__(self, rules: MatchRules, spaces: KeySpaces, *, is_dense: bool) -> None:
        self._rules, self._spaces, self._is_dense = rules, spaces, is_dense

    def edges(self, ours: Sequence[Item], theirs: Sequence[Item]) -> Edges:
        """Pairs whose keys are near each other, or whose amounts and days fit; both sides in the order of days."""
        keys_of_ours = [self._spaces.of_ours(item) for item in ours]
        keys_of_theirs = [self._spaces.of_theirs(item) for item in theirs]
        edges: dict[int, dict[int, Edge]] = defaultdict(dict)
        keyless: dict[tuple[object, ...], Edge | None] = {}  # where amounts recur, most pairs say the same
        for i, j in chain(self._by_amount(ours, theirs), _by_key(keys_of_ours, keys_of_theirs)):
            if j in edges[i]:
                continue
            one, other = ours[i], theirs[j]
            apart = key_distance(keys_of_ours[i], keys_of_theirs[j])
            if apart is not None:
                edge = self._edge(apart, one, other) if apart <= _MOST_SLIPS else None
            else:
                said = _said(one, other)
                if said not in keyless:
                    keyless[said] = self._edge(None, one, other)
                edge = keyless[said]
            if edge is not None:
                edges[i][j] = edge
        return edges

    def _edge(self, apart: int | None, one: Item, other: Item) -> Edge | None:
        agreed = agreement([one], [other], self._rules)
        if agreed is None and not self._may_differ(apart, one, other):
            return None
        return Edge(apart, likeness(one.party, other.party), agreed, (other.on - one.on).days)

    def _may_differ(self, apart: int | None, one: Item, other: Item) -> bool:
        """Whether a key alone makes them a candidate, though the amounts do not agree; both must go the same way."""
        if apart is None or (one.amount_minor < 0) != (other.amount_minor < 0):
            return False
        return apart == 0 or not self._is_dense

    def _by_amount(self, ours: Sequence[Item], theirs: Sequence[Item]) -> Iterator[tuple[int, int]]:
        """Pairs whose amounts agree and whose days fit, where there are few enough to tell them apart."""
        booked: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i, item in enumerate(ours):
            days, places = booked[item.currency, item.amount_minor]
            days.append(day_of(item))
            places.append(i)
        for j, item in enumerate(theirs):
            first, last = day_of(item) - self._rules.days_after, day_of(item) + self._rules.days_before
            wanted = wanted_sums(item.amount_minor, self._rules, item.channel)
            agreeing = [booked[item.currency, amount] for amount in wanted if (item.currency, amount) in booked]
            near = [(places, span(days, first, last)) for days, places in agreeing]
            if sum(len(there) for _, there in near) <= _MOST_CANDIDATES:
                yield from ((places[k], j) for places, there in near for k in there)


def _said(one: Item, other: Item) -> tuple[object, ...]:
    """All that tells one pair without keys from another."""
    amounts = one.amount_minor, other.amount_minor, one.currency, other.currency
    return one.party, other.party, other.channel, (other.on - one.on).days, *amounts


def _by_key(
    ours: Sequence[Sequence[tuple[int, str]]], theirs: Sequence[Sequence[tuple[int, str]]]
) -> Iterator[tuple[int, int]]:
    """Pairs with a key one slip apart."""
    slips: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i, keys in enumerate(ours):
        for space, key in keys:
            for slip in _slips(key):
                slips[space, slip].append(i)
    for j, keys in enumerate(theirs):
        for space, key in keys:
            for slip in _slips(key):
                yield from ((i, j) for i in slips.get((space, slip), ())[:_MOST_CANDIDATES])


def _slips(key: str) -> set[str]:
    """What keys a slip away have in common; a short key is near to itself alone."""
    return set(deletions(key)) if len(key) >= LEAST_CHARACTERS else {key}
