"""The fourth stage: one record of a side for several of the other, found by their sum alone (payouts, instalments).

A block is what one party has open within reach of each other. Within it, all that can be explained at once is
explained at once, and a set of records stands only where it is proved that no other set would do, and where chance
would hardly have made it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, islice

from solver.ledger.matching.amounts import agreement, wanted_sums
from solver.ledger.matching.days import day_of, reach_of_sums, span
from solver.ledger.matching.enumeration import MOST_AMOUNTS, subsets_of
from solver.ledger.matching.findings import Findings, matched
from solver.ledger.matching.keys import KeySpaces, normalised
from solver.ledger.matching.model import Item, Match, Side, Stage
from solver.ledger.matching.program import NotProved, choose
from solver.ledger.matching.rules import MatchRules
from solver.ledger.matching.sums import Case, case_of

_MOST_CHANCE = 0.002  # that records which do not belong together sum up all the same
_MOST_TARGETS = 12
_MOST_OFFERED = 10  # sets that a person is shown


class BatchSettler:
    """Explains single records of one side by several of the other; `side` is the one of the single records."""

    def __init__(self, rules: MatchRules, findings: Findings, spaces: KeySpaces, side: Side) -> None:
        self._rules, self._findings, self._spaces, self._side = rules, findings, spaces, side
        self._reach = reach_of_sums(rules, side)

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
        """Both in the order of their days."""
        for some, within in self._blocks(targets, parts):
            self._settle_block(self._case(some, within))

    def _blocks(self, targets: Sequence[Item], parts: Sequence[Item]) -> Iterator[tuple[list[Item], Sequence[Item]]]:
        """Targets that are in reach of the same parts, directly or by way of others, and the parts in their reach."""
        days = [day_of(part) for part in parts]
        first, last = self._reach
        some: list[Item] = []
        low = high = 0
        for target in targets:
            reached = span(days, day_of(target) + first, day_of(target) + last)
            if not reached:
                continue
            if some and reached.start >= high:
                yield some, parts[low:high]
                some = []
            low, high = low if some else reached.start, reached.stop
            some.append(target)
        if some:
            yield some, parts[low:high]

    def _settle_block(self, case: Case) -> None:
        try:
            answers = self._answers(case)
        except NotProved:
            self._offer_runs(case)
            return
        used = sum(len(found[0]) for found in answers.values())
        is_whole = len(answers) == len(case.targets) and used == len(case.atoms)
        for target, found in sorted(answers.items()):
            self._found(case, target, found, is_whole=is_whole)

    def _answers(self, case: Case) -> Mapping[int, list[frozenset[int]]]:
        """The sets for each target. Raises NotProved where there is too much to search through."""
        if len(case.atoms) > self._rules.batch_records or len(case.targets) > _MOST_TARGETS:
            raise NotProved
        if len(case.targets) == 1 and len(case.atoms) <= MOST_AMOUNTS:
            return _alone(case)
        return _together(case)

    def _offer_runs(self, case: Case) -> None:
        """Of more than can be searched through, offer a person what a payout naturally takes: runs of days."""
        known: dict[tuple[tuple[int, ...], range], list[range]] = {}
        for target, wanted in enumerate(case.wanted):
            alike = (tuple(wanted), case.may[target])
            if (runs := known.get(alike)) is None:
                runs = known[alike] = list(islice(case.runs(target), _MOST_OFFERED))
            if runs:
                self._found(case, target, [*runs, range(0)], is_whole=False)

    def _found(self, case: Case, target: int, found: Sequence[Collection[int]], *, is_whole: bool) -> None:
        ours, theirs = self._sides(case, target, found[0])
        taken = self._findings.done_ours, self._findings.done_theirs
        if any(item.item_id in taken[0] for item in ours) or any(item.item_id in taken[1] for item in theirs):
            return
        chance = case.chance(target, found[0], is_whole=is_whole)
        is_sure = len(found) == 1 and len(found[0]) > 1 and chance <= _MOST_CHANCE
        is_sure = is_sure and not self._is_rivalled(case, target, found[0])
        candidates = [self._match(case, target, atoms, chance, is_sure=is_sure) for atoms in found if atoms]
        if is_sure:
            self._findings.match(candidates[0], ours, theirs)
        else:
            why = (
                "several sets of records have this sum"
                if len(found) > 1
                else "records that do not belong together might have this sum"
            )
            self._findings.ask(ours, theirs, candidates, why)

    def _is_rivalled(self, case: Case, target: int, atoms: Collection[int]) -> bool:
        """Whether a record that a person is asked about could stand in the place of one of these."""
        ours, theirs = self._sides(case, target, atoms)
        asked = self._findings.asked
        return any((item.party, item.currency, item.amount_minor) in asked for item in (*ours, *theirs))

    def _match(self, case: Case, target: int, atoms: Collection[int], chance: float, *, is_sure: bool) -> Match:
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

    def _sides(self, case: Case, target: int, atoms: Collection[int]) -> tuple[list[Item], list[Item]]:
        several = [item for atom in sorted(atoms) for item in case.atoms[atom]]
        single = [case.targets[target]]
        return (several, single) if self._side is Side.THEIRS else (single, several)

    def _case(self, targets: Sequence[Item], parts: Sequence[Item]) -> Case:
        records = sorted(parts, key=lambda item: (item.on, item.item_id))
        atoms = [[item] for item in records]
        if self._rules.whole_days and self._side is Side.THEIRS:
            atoms = [list(of_day) for _, of_day in groupby(records, key=lambda item: item.on)]
        return case_of(targets, atoms, [self._wanted(target) for target in targets], self._reach)

    def _wanted(self, target: Item) -> dict[int, str]:
        amount = target.amount_minor
        if self._side is Side.THEIRS:
            return wanted_sums(amount, self._rules, target.channel)
        found = {amount: "equal"}
        for fee in self._rules.fees:
            found.setdefault(amount - fee.fee_minor(amount), f"fee:{fee.name}")
        return found


def _alone(case: Case) -> Mapping[int, list[frozenset[int]]]:
    """Every set for the only target, of so few records that all sets are looked at."""
    may = case.may[0]
    found = subsets_of([case.amounts[k] for k in may], case.wanted[0], most=1_000)
    sets = [frozenset(may[k] for k in one) for one in found]
    sets.sort(key=lambda one: (not case.is_run(0, one), -len(one), sorted(one, reverse=True)))
    return {0: sets[:_MOST_OFFERED]} if sets else {}


def _together(case: Case) -> Mapping[int, list[frozenset[int]]]:
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
