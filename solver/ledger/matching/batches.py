"""The fourth stage: one record of a side for several of the other, found by their sum alone (payouts, instalments).

A block is what one party has open within reach of each other. Within it, all that can be explained at once is
explained at once, and a set of records stands only where it is proved that no other set would do, and where chance
would hardly have made it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from solver.ledger.matching.amounts import agreement, wanted_sums
from solver.ledger.matching.blocks import Block, blocks_of
from solver.ledger.matching.enumeration import MOST_AMOUNTS, subsets_of
from solver.ledger.matching.findings import Findings, matched
from solver.ledger.matching.keys import KeySpaces, normalised
from solver.ledger.matching.model import Item, Match, Side, Stage
from solver.ledger.matching.program import NotProved, choose
from solver.ledger.matching.rules import MatchRules

_MOST_CHANCE = 0.002  # that records which do not belong together sum up all the same
_MOST_TARGETS = 12
_MOST_DOUBLINGS = 1_000  # beyond that no float goes
_MOST_OFFERED = 10  # sets that a person is shown


@dataclass(frozen=True, slots=True)
class _Case:
    """A block's numbers: what is wanted for each target, of which atoms (records, or whole days of them)."""

    targets: list[Item]
    atoms: list[list[Item]]
    wanted: list[dict[int, str]]
    may: list[frozenset[int]]

    @property
    def amounts(self) -> list[int]:
        return [sum(item.amount_minor for item in atom) for atom in self.atoms]


class BatchSettler:
    """Explains single records of one side by several of the other; `side` is the one of the single records."""

    def __init__(self, rules: MatchRules, findings: Findings, spaces: KeySpaces, side: Side) -> None:
        self._rules, self._findings, self._spaces, self._side = rules, findings, spaces, side

    def settle(self, targets: Sequence[Item], parts: Sequence[Item]) -> None:
        """Match or ask; what cannot be explained stays open. A record of theirs with a key speaks of that alone."""
        if self._side is Side.THEIRS:
            targets = [item for item in targets if not self._spaces.of_theirs(item)]
        else:
            parts = [item for item in parts if not self._spaces.of_theirs(item)]
        of_party: dict[tuple[str, str], tuple[list[Item], list[Item]]] = defaultdict(lambda: ([], []))
        for position, items in enumerate((targets, parts)):
            for item in items:
                if item.party and "*" not in item.party:
                    of_party[normalised(item.party, ()), item.currency][position].append(item)
        for _, (wanted, open_parts) in sorted(of_party.items()):
            if wanted and open_parts:
                self._settle_party(wanted, open_parts)

    def _settle_party(self, targets: Sequence[Item], parts: Sequence[Item]) -> None:
        pairs = [
            (i, j) for i, target in enumerate(targets) for j, part in enumerate(parts) if self._is_within(target, part)
        ]
        for block in blocks_of(pairs):
            self._settle_block(block, targets, parts)

    def _is_within(self, target: Item, part: Item) -> bool:
        """A payout comes after what it gathers; instalments come after what they pay."""
        later = target if self._side is Side.THEIRS else part
        earlier = part if self._side is Side.THEIRS else target
        return -self._rules.days_before <= (later.on - earlier.on).days <= self._rules.batch_days

    def _settle_block(self, block: Block, targets: Sequence[Item], parts: Sequence[Item]) -> None:
        case = self._case(block, targets, parts)
        try:
            answers = self._answers(case)
        except NotProved:
            self._offer_runs(case)
            return
        used = sum(len(found[0]) for found in answers.values())
        is_whole = len(answers) == len(case.targets) and used == len(case.atoms)
        for target, found in sorted(answers.items()):
            self._found(case, target, found, is_whole=is_whole)

    def _answers(self, case: _Case) -> Mapping[int, list[frozenset[int]]]:
        """The sets for each target. Raises NotProved where there is too much to search through."""
        if len(case.atoms) > self._rules.batch_records or len(case.targets) > _MOST_TARGETS:
            raise NotProved
        if len(case.targets) == 1 and len(case.atoms) <= MOST_AMOUNTS:
            return _alone(case)
        return _together(case)

    def _offer_runs(self, case: _Case) -> None:
        """Of more than can be searched through, offer a person what a payout naturally takes: runs of days."""
        for target in range(len(case.targets)):
            if runs := _runs(case, target):
                self._found(case, target, [*runs, frozenset()], is_whole=False)

    def _found(self, case: _Case, target: int, found: Sequence[frozenset[int]], *, is_whole: bool) -> None:
        chance = _chance(case, target, found[0], is_whole=is_whole)
        is_sure = len(found) == 1 and len(found[0]) > 1 and chance <= _MOST_CHANCE
        is_sure = is_sure and not self._is_rivalled(case, target, found[0])
        candidates = [self._match(case, target, atoms, chance, is_sure=is_sure) for atoms in found if atoms]
        ours, theirs = self._sides(case, target, found[0])
        taken = self._findings.done_ours, self._findings.done_theirs
        if any(item.item_id in taken[0] for item in ours) or any(item.item_id in taken[1] for item in theirs):
            return
        if is_sure:
            self._findings.match(candidates[0], ours, theirs)
        else:
            why = (
                "several sets of records have this sum"
                if len(found) > 1
                else "records that do not belong together might have this sum"
            )
            self._findings.ask(ours, theirs, candidates, why)

    def _is_rivalled(self, case: _Case, target: int, atoms: frozenset[int]) -> bool:
        """Whether a record that a person is asked about could stand in the place of one of these."""
        ours, theirs = self._sides(case, target, atoms)
        asked = self._findings.asked
        return any((item.party, item.currency, item.amount_minor) in asked for item in (*ours, *theirs))

    def _match(self, case: _Case, target: int, atoms: frozenset[int], chance: float, *, is_sure: bool) -> Match:
        ours, theirs = self._sides(case, target, atoms)
        records = max(len(ours), len(theirs))
        told = "no other set does" if is_sure else "others may"
        return matched(
            ours,
            theirs,
            stage=Stage.SUBSET,
            reason=f"{records} records of {case.targets[target].party} have its sum, {told}; by chance {chance:.1g}",
            confidence_permille=900 if is_sure else 400,
            is_sure=is_sure,
            agreed=agreement(ours, theirs, self._rules),
            rules=self._rules,
        )

    def _sides(self, case: _Case, target: int, atoms: frozenset[int]) -> tuple[list[Item], list[Item]]:
        several = [item for atom in sorted(atoms) for item in case.atoms[atom]]
        single = [case.targets[target]]
        return (several, single) if self._side is Side.THEIRS else (single, several)

    def _case(self, block: Block, targets: Sequence[Item], parts: Sequence[Item]) -> _Case:
        records = sorted((parts[j] for j in block.theirs), key=lambda item: (item.on, item.item_id))
        atoms = [[item] for item in records]
        if self._rules.whole_days and self._side is Side.THEIRS:
            atoms = [list(of_day) for _, of_day in groupby(records, key=lambda item: item.on)]
        wanted_by = [targets[i] for i in block.ours]
        return _Case(
            targets=wanted_by,
            atoms=atoms,
            wanted=[self._wanted(target) for target in wanted_by],
            may=[
                frozenset(k for k, atom in enumerate(atoms) if all(self._is_within(target, item) for item in atom))
                for target in wanted_by
            ],
        )

    def _wanted(self, target: Item) -> dict[int, str]:
        amount = target.amount_minor
        if self._side is Side.THEIRS:
            return wanted_sums(amount, self._rules, target.channel)
        found = {amount: "equal"}
        for fee in self._rules.fees:
            found.setdefault(amount - fee.fee_minor(amount), f"fee:{fee.name}")
        return found


def _alone(case: _Case) -> Mapping[int, list[frozenset[int]]]:
    """Every set for the only target, of so few records that all sets are looked at."""
    may = sorted(case.may[0])
    amounts = case.amounts
    found = subsets_of([amounts[k] for k in may], case.wanted[0], most=1_000)
    sets = [frozenset(may[k] for k in one) for one in found]
    sets.sort(key=lambda one: (not _is_run(case, may, one), -len(one), sorted(one, reverse=True)))
    return {0: sets[:_MOST_OFFERED]} if sets else {}


def _together(case: _Case) -> Mapping[int, list[frozenset[int]]]:
    """A set for as many targets as possible, and for each another one, where there is any. Raises NotProved."""
    amounts = case.amounts
    apart = [
        {k: min(99, abs((target.on - case.atoms[k][-1].on).days)) for k in may}
        for target, may in zip(case.targets, case.may, strict=True)
    ]
    best = choose(amounts, [set(one) for one in case.wanted], case.may, apart=apart)
    if best is None:
        return {}
    answers: dict[int, list[frozenset[int]]] = {}
    for target, atoms in best.items():
        other = choose(
            amounts,
            [set(one) for one in case.wanted],
            case.may,
            apart=apart,
            least_explained=len(best),
            other_than=(target, atoms),
        )
        answers[target] = [atoms]
        if other is not None:
            answers[target] += [other[target]] if target in other else [atoms]
    return answers


def _runs(case: _Case, target: int) -> list[frozenset[int]]:
    """Every run of records, in the order of their days, that sums to what is wanted; the nearest in time first."""
    may = sorted(case.may[target])
    wanted, amounts = case.wanted[target], case.amounts
    found = []
    for first in range(len(may)):
        total = 0
        for last in range(first, len(may)):
            total += amounts[may[last]]
            if total in wanted and last > first:
                found.append(frozenset(may[first : last + 1]))
    return sorted(found, key=lambda run: -max(run))[:_MOST_OFFERED]


def _chance(case: _Case, target: int, atoms: frozenset[int], *, is_whole: bool) -> float:
    """How many sets of records that do not belong together would be expected to have such a sum.

    Sums of subsets are spread about as a normal distribution is, so the sets tried, times the sums that would do, over
    two and a half standard deviations is at least that number. Tried first, and therefore fewer, are the sets that a
    payout naturally takes: all that is open, or all of a run of days.
    """
    may = sorted(case.may[target])
    amounts = case.amounts
    deviation = math.sqrt(sum(amounts[k] ** 2 for k in may)) / 2
    tried = 2.0 ** min(len(may), _MOST_DOUBLINGS)
    if is_whole or len(atoms) == len(may):
        tried = 1.0
    elif _is_run(case, may, atoms):
        tried = len(may) * (len(may) + 1) / 2
    return tried * len(case.wanted[target]) / max(1.0, 2.5 * deviation)


def _is_run(case: _Case, may: Iterable[int], atoms: frozenset[int]) -> bool:
    """Whether the atoms are all of a run of days."""
    days: dict[int, date] = {k: case.atoms[k][0].on for k in may}
    first, last = min(days[k] for k in atoms), max(days[k] for k in atoms)
    return all(k in atoms for k, on in days.items() if first <= on <= last)
