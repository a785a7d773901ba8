"""The third stage: open records with similar keys, or with the same amount, days and party, assigned all at once.

Records that might belong together form blocks; within each the cheapest assignment is taken, and a pair of it stands
only where every assignment without the pair is dearer by a margin.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solver.ledger.matching.amounts import Agreement, agreement, wanted_sums
from solver.ledger.matching.assignment import assign
from solver.ledger.matching.blocks import Block, blocks_of
from solver.ledger.matching.enumeration import subsets_of
from solver.ledger.matching.findings import Findings, matched
from solver.ledger.matching.keys import LEAST_CHARACTERS, KeySpaces, deletions, key_distance
from solver.ledger.matching.model import Item, Match, Stage
from solver.ledger.matching.parties import Likeness, likeness
from solver.ledger.matching.rules import MatchRules

_FIRM_MARGIN = 25
_MOST_BLOCK = 200
_DEAREST, _STEP = 100, 20
_MOST_NEAR = 10  # records of a party that might together be a payout
_MOST_CANDIDATES = 100  # that one record is compared with for its amount
_KEY_COST = {0: 0, 1: 10, 2: 20, None: 60}
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


class SimilarSettler:
    """Pairs what is open. `everything` is all of both sides: by it an amount is known as special to a party."""

    def __init__(
        self,
        rules: MatchRules,
        findings: Findings,
        spaces: KeySpaces,
        everything: tuple[Sequence[Item], Sequence[Item]],
        *,
        is_dense: bool,
    ) -> None:
        self._rules, self._findings, self._spaces, self._is_dense = rules, findings, spaces, is_dense
        self._days = tuple(_days_of(side) for side in everything)
        self._shown = {key for item in everything[1] for key in spaces.of_theirs(item)}
        self._open_of_party: dict[tuple[str, str], list[Item]] = {}

    def settle(self, ours: Sequence[Item], theirs: Sequence[Item]) -> None:
        """Match or ask about what has a candidate; what has none stays open."""
        self._open_of_party = defaultdict(list)
        for item in ours:
            self._open_of_party[item.party, item.currency].append(item)
        waiting = [(self._edges(ours, theirs), _DEAREST)]
        while waiting:
            edges, dearest = waiting.pop()
            for block in blocks_of(edges):
                if max(len(block.ours), len(block.theirs)) <= _MOST_BLOCK:
                    self._settle_block(block, ours, theirs, edges)
                elif dearest > 0:  # too large to be assigned at once: without its vaguest pairs it falls apart
                    firmer = {pair: edges[pair] for pair in block.pairs if edges[pair].cost < dearest}
                    waiting.append((firmer, dearest - _STEP))

    def _settle_block(
        self, block: Block, ours: Sequence[Item], theirs: Sequence[Item], edges: dict[tuple[int, int], Edge]
    ) -> None:
        rows, columns = {one: k for k, one in enumerate(block.ours)}, {one: k for k, one in enumerate(block.theirs)}
        costs = {(rows[i], columns[j]): edges[i, j].cost for i, j in block.pairs}
        asked: list[tuple[int, int]] = []
        for row, column, margin in assign(len(rows), len(columns), costs):
            i, j = block.ours[row], block.theirs[column]
            match = self._match(ours[i], theirs[j], edges[i, j], margin)
            if match.is_sure:
                self._findings.match(match, [ours[i]], [theirs[j]])
            else:
                asked.append((i, j))
        self._ask(asked, block, ours, theirs, edges)

    def _match(self, one: Item, other: Item, edge: Edge, margin: int) -> Match:
        by_key = edge.key_distance is not None
        return matched(
            [one],
            [other],
            stage=Stage.NEAR_KEY if by_key else Stage.AMOUNT_DATE_PARTY,
            reason=_reason(edge, margin),
            confidence_permille=max(400, 960 - 4 * edge.cost - (0 if margin >= _FIRM_MARGIN else 200)),
            is_sure=margin >= _FIRM_MARGIN and self._is_firm(one, other, edge),
            agreed=edge.agreed,
            rules=self._rules,
        )

    def _is_firm(self, one: Item, other: Item, edge: Edge) -> bool:
        """Whether what speaks for the pair would hardly do so by chance, were its true partners missing.

        Amounts that no rule explains never are, nor are days far apart: another payment may be what is missing.
        """
        crowded = self._findings.crowded
        if not self._rules.is_plausible(edge.days) or self._findings.torn & {one.item_id, other.item_id}:
            return False
        if edge.agreed is None or (edge.agreed.kind is not None and crowded & {one.item_id, other.item_id}):
            return False
        if edge.key_distance is None:
            is_same = edge.agreed.kind is None and edge.party is Likeness.SAME
            is_shown = any(key in self._shown for key in self._spaces.of_ours(one))  # then why not this one by its key?
            return (
                is_same
                and not is_shown
                and self._is_special(one)
                and self._is_special(other)
                and not self._may_be_payout(one, other)
            )
        if self._is_dense and edge.key_distance > 0:
            return edge.party is Likeness.SAME and self._is_special(one)
        return edge.party is not Likeness.OTHER or not self._is_dense

    def _may_be_payout(self, one: Item, other: Item) -> bool:
        """Whether several other open records of the party have the same sum: then it may be a payout of those."""
        near = [
            item
            for item in self._open_of_party.get((other.party, other.currency), ())
            if item is not one and -self._rules.days_before <= (other.on - item.on).days <= self._rules.batch_days
        ]
        near.sort(key=lambda item: (abs((other.on - item.on).days), item.item_id))
        amounts = [item.amount_minor for item in near[:_MOST_NEAR]]
        return bool(subsets_of(amounts, list(self._wanted(other)), most=1))

    def _is_special(self, item: Item) -> bool:
        """Whether the party has this amount but once on each side within the days in which partners are sought."""
        reach = self._rules.days_before + self._rules.days_after
        day = item.on.toordinal()
        for days in self._days:
            there = days.get((item.party, item.currency, item.amount_minor), ())
            if bisect_right(there, day + reach) - bisect_left(there, day - reach) > 1:
                return False
        return True

    def _ask(
        self,
        asked: Sequence[tuple[int, int]],
        block: Block,
        ours: Sequence[Item],
        theirs: Sequence[Item],
        edges: dict[tuple[int, int], Edge],
    ) -> None:
        """One question for each pair that does not stand, with every other candidate of its records.

        Where nothing but the amount speaks for a pair, nobody is asked: its records stay open.
        """
        for i, j in asked:
            if edges[i, j].key_distance is None and edges[i, j].party not in (Likeness.SAME, Likeness.MASKED):
                continue
            if ours[i].item_id in self._findings.done_ours or theirs[j].item_id in self._findings.done_theirs:
                continue
            rivals = sorted(
                ((a, b) for a, b in block.pairs if (a == i) != (b == j)), key=lambda pair: (edges[pair].cost, pair)
            )
            candidates = [self._match(ours[a], theirs[b], edges[a, b], 0) for a, b in [(i, j), *rivals[:9]]]
            why = "others fit nearly as well" if rivals else "too little speaks for it to post it without a person"
            self._findings.ask([ours[i]], [theirs[j]], candidates, why)

    def _edges(self, ours: Sequence[Item], theirs: Sequence[Item]) -> dict[tuple[int, int], Edge]:
        keys_of_ours = [self._spaces.of_ours(item) for item in ours]
        keys_of_theirs = [self._spaces.of_theirs(item) for item in theirs]
        edges: dict[tuple[int, int], Edge] = {}
        pairs = [*self._by_amount(ours, theirs), *_by_key(keys_of_ours, keys_of_theirs)]
        for i, j in dict.fromkeys(pairs):
            apart = key_distance(keys_of_ours[i], keys_of_theirs[j])
            if apart is not None and apart > max(key for key in _KEY_COST if key is not None):
                continue
            agreed = agreement([ours[i]], [theirs[j]], self._rules)
            if agreed is None and not self._may_differ(apart, ours[i], theirs[j]):
                continue
            party = likeness(ours[i].party, theirs[j].party)
            edges[i, j] = Edge(apart, party, agreed, (theirs[j].on - ours[i].on).days)
        return edges

    def _may_differ(self, apart: int | None, one: Item, other: Item) -> bool:
        """Whether a key alone makes them a candidate, though the amounts do not agree; both must go the same way."""
        if apart is None or (one.amount_minor < 0) != (other.amount_minor < 0):
            return False
        return apart == 0 or not self._is_dense

    def _by_amount(self, ours: Sequence[Item], theirs: Sequence[Item]) -> Iterable[tuple[int, int]]:
        booked: dict[tuple[str, int], list[int]] = defaultdict(list)
        for i, item in enumerate(ours):
            booked[item.currency, item.amount_minor].append(i)
        for j, item in enumerate(theirs):
            near = [
                i
                for amount in self._wanted(item)
                for i in booked.get((item.currency, amount), ())
                if -self._rules.days_before <= (item.on - ours[i].on).days <= self._rules.days_after
            ]
            if len(near) <= _MOST_CANDIDATES:
                yield from ((i, j) for i in near)

    def _wanted(self, item: Item) -> Iterable[int]:
        yield from wanted_sums(item.amount_minor, self._rules, item.channel)


def _by_key(
    ours: Sequence[Sequence[tuple[int, str]]], theirs: Sequence[Sequence[tuple[int, str]]]
) -> Iterable[tuple[int, int]]:
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


def _days_of(items: Sequence[Item]) -> dict[tuple[str, str, int], list[int]]:
    days: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for item in items:
        days[item.party, item.currency, item.amount_minor].append(item.on.toordinal())
    for found in days.values():
        found.sort()
    return days


def _reason(edge: Edge, margin: int) -> str:
    key = {0: "the same key", None: "no key to compare"}.get(edge.key_distance, f"a key {edge.key_distance} slips off")
    amount = "amounts differ" if edge.agreed is None else edge.agreed.cause
    party = {Likeness.SAME: "the same party", Likeness.MASKED: "the same party as far as it is shown"}.get(
        edge.party, "party unknown"
    )
    if edge.party is Likeness.OTHER:
        party = "another party"
    return f"{key}; {amount}; {party}; {edge.days} days later; any other assignment is {min(margin, 999)} dearer"
