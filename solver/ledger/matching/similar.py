"""The third stage: open records with similar keys, or with the same amount, days and party, assigned all at once.

Records that might belong together form blocks; within each the cheapest assignment is taken, and a pair of it stands
only where every assignment without the pair is dearer by a margin.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from solver.ledger.matching.amounts import wanted_sums
from solver.ledger.matching.assignment import assign
from solver.ledger.matching.blocks import Block, blocks_of
from solver.ledger.matching.candidates import Candidates, Edge, Edges
from solver.ledger.matching.days import ByDay, day_of
from solver.ledger.matching.enumeration import subsets_of
from solver.ledger.matching.findings import Findings, matched
from solver.ledger.matching.keys import KeySpaces
from solver.ledger.matching.model import Item, Match, Stage
from solver.ledger.matching.parties import Likeness
from solver.ledger.matching.rules import MatchRules

_FIRM_MARGIN = 25
_MOST_BLOCK = 200
_DEAREST, _STEP = 100, 20
_MOST_NEAR = 10  # records of a party that might together be a payout


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
        self._candidates = Candidates(rules, spaces, is_dense=is_dense)
        self._days = tuple(_days_of(side) for side in everything)
        self._shown = {key for item in everything[1] for key in spaces.of_theirs(item)}
        self._open_of_party: dict[tuple[str, str], ByDay] = {}

    def settle(self, ours: Sequence[Item], theirs: Sequence[Item]) -> None:
        """Match or ask about what has a candidate; what has none stays open."""
        of_party: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in ours:
            of_party[item.party, item.currency].append(item)
        self._open_of_party = {party: ByDay(items) for party, items in of_party.items()}
        waiting = [(self._candidates.edges(ours, theirs), _DEAREST)]
        while waiting:
            edges, dearest = waiting.pop()
            for block in blocks_of(edges):
                if max(len(block.ours), len(block.theirs)) <= _MOST_BLOCK:
                    self._settle_block(block, ours, theirs, edges)
                elif dearest > 0:  # too large to be assigned at once: without its vaguest pairs it falls apart
                    waiting.append((_firmer(edges, block, dearest), dearest - _STEP))

    def _settle_block(self, block: Block, ours: Sequence[Item], theirs: Sequence[Item], edges: Edges) -> None:
        rows, columns = {one: k for k, one in enumerate(block.ours)}, {one: k for k, one in enumerate(block.theirs)}
        costs = {(rows[i], columns[j]): edge.cost for i in block.ours for j, edge in edges[i].items()}
        asked: list[tuple[int, int]] = []
        for row, column, margin in assign(len(rows), len(columns), costs):
            i, j = block.ours[row], block.theirs[column]
            match = self._match(ours[i], theirs[j], edges[i][j], margin)
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
        if self._is_dense and edge.key_distance > 0:  # of two slips and a late day each is one fault too many
            is_near = edge.key_distance == 1 or self._rules.is_due(edge.days)
            return is_near and edge.party is Likeness.SAME and self._is_special(one)
        return edge.party is not Likeness.OTHER or not self._is_dense

    def _may_be_payout(self, one: Item, other: Item) -> bool:
        """Whether several other open records of the party have the same sum: then it may be a payout of those."""
        open_ones = self._open_of_party.get((other.party, other.currency))
        if open_ones is None:
            return False
        before, after = self._rules.batch_days, self._rules.days_before
        near = open_ones.nearest(day_of(other), before, after, _MOST_NEAR + 1)
        amounts = [item.amount_minor for item in near if item is not one][:_MOST_NEAR]
        wanted = wanted_sums(other.amount_minor, self._rules, other.channel)
        return bool(subsets_of(amounts, wanted, most=1))

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
        edges: Edges,
    ) -> None:
        """One question for each pair that does not stand, with every other candidate of its records.

        Where nothing but the amount speaks for a pair, nobody is asked: its records stay open.
        """
        of_theirs: dict[int, list[int]] = defaultdict(list)
        for i in block.ours:
            for j in edges[i]:
                of_theirs[j].append(i)
        for i, j in asked:
            if edges[i][j].key_distance is None and edges[i][j].party not in (Likeness.SAME, Likeness.MASKED):
                continue
            if ours[i].item_id in self._findings.done_ours or theirs[j].item_id in self._findings.done_theirs:
                continue
            rivals = [(i, b) for b in edges[i] if b != j] + [(a, j) for a in of_theirs[j] if a != i]
            rivals.sort(key=lambda pair: (edges[pair[0]][pair[1]].cost, pair))
            candidates = [self._match(ours[a], theirs[b], edges[a][b], 0) for a, b in [(i, j), *rivals[:9]]]
            why = "others fit nearly as well" if rivals else "too little speaks for it to post it without a person"
            self._findings.ask([ours[i]], [theirs[j]], candidates, why)


def _firmer(edges: Edges, block: Block, dearest: int) -> Edges:
    """The pairs of a block that cost less."""
    firmer = {i: {j: edge for j, edge in edges[i].items() if edge.cost < dearest} for i in block.ours}
    return {i: some for i, some in firmer.items() if some}


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
