"""Plans with their explanation in brief from snapshots: the plan that `solve` makes, without the lanes of all sources.

A second snapshot, under the policy without its rules, tells whether any rule binds.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import prod
from typing import TypeAlias, TypeVar, TypeVarTuple

from solver.catalog.catalog import Catalog
from solver.errors import BrokenInvariant
from solver.frozen import changed
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.check import refusals
from solver.sourcing.dimensions import all_rules
from solver.sourcing.explanation import chinese, english
from solver.sourcing.plan import Plan, RunnerUp
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.asked import Asked, seeing_the_same
from solver.sourcing.snapshot.batch import Encoded
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.planned import priced
from solver.sourcing.snapshot.restated import plan_of
from solver.sourcing.snapshot.several import Several
from solver.sourcing.snapshot.shelves import MinorBySource, UnitsBySource
from solver.sourcing.snapshot.snapshot import NOTHING, Snapshot
from solver.sourcing.snapshot.straightly import Straightly
from solver.sourcing.snapshot.unbound import Unbound
from solver.sourcing.snapshot.view import Ask, Unknown
from solver.sourcing.straight import Straight
from solver.watching.call_notes import Phase, lap

Bug: TypeAlias = AssertionError | BrokenInvariant
_Given = TypeVarTuple("_Given")
_Made = TypeVar("_Made")
ProblemOf = Callable[[Collection[str], Collection[str]], Problem]
"""The order's Problem of these sources and these services alone."""

MOST_CONTENTS = 1 << 14  # with more, the best plan that is named may be another than the ordinary path's
MOST_SPLITS = 1 << 20  # of the contents in two; with more, a search takes long, and there are three


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The best decision on an order, and the best without the source that ships most of it; no rule binds."""

    asked: Asked
    best: Decision
    main_source_id: str
    other: Decision


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Briefly:
    """A network, a catalog and a policy, ready for orders; `freed` is under the policy without rules."""

    network: Network
    catalog: Catalog
    strict: Snapshot
    freed: Snapshot
    itemiser: Itemiser
    straightly: Straightly
    unbound: Unbound

    @classmethod
    def of(
        cls, *, network: Network, catalog: Catalog, policy: Policy, asks_under: Callable[[Policy], Ask]
    ) -> "Briefly | None":
        """None where no order can be decided from arrays. `asks_under` gives what states Problems under a policy."""
        names = {rule.name for rule in all_rules()} - {*policy.soft}
        policies = policy, replace(policy, off=tuple(sorted({*policy.off, *names})))
        strict, freed = (
            Snapshot.of(network=network, catalog=catalog, available={}, policy=one, ask=asks_under(one))
            for one in policies
        )
        return (
            None
            if strict.refusals or freed.refusals
            else cls(
                network=network,
                catalog=catalog,
                strict=strict,
                freed=freed,
                itemiser=strict.itemiser,
                straightly=Straightly(network, catalog, strict.itemiser),
                unbound=Unbound(strict, freed),
            )
        )

    def see(self, order: Order) -> None:
        """Make ready for orders like this one. KeyError for an unknown region."""
        for snapshot in (self.strict, self.freed):
            snapshot.see(order)

    def try_on(self, order: Order) -> None:
        """Make ready for orders that are placed, and promised or not, about when this one is."""
        for snapshot in (self.strict, self.freed):
            for one in (order, replace(order, promised_at=None)):
                with suppress(Unknown):
                    several = Several.of(snapshot, snapshot.shelves_of({}), [one], [snapshot.encoded(one)])
                    several.both()
                    several.best()

    def plan(
        self, order: Order, available: UnitsBySource, problem_of: ProblemOf, values: MinorBySource = NOTHING
    ) -> Plan | None:
        """The order's checked and explained plan on this stock; None where it is left to the ordinary path.

        `values` is what units left behind are worth; `problem_of` states it too.
        """
        [decided] = self.decide_each([Asked(order=order, available=available, values=values)])
        return None if decided is None else self.planned(decided, problem_of)

    def decide_each(self, asked: Sequence[Asked]) -> list[Decided | None]:
        """What is decided on each order, as if it were alone; None where it is left to the ordinary path.

        That is so where the arrays cannot say the order, nothing like it was seen to, its search would take long, units
        stay unfilled, rules close lanes, or some rule binds.
        """
        found: list[Decided | None] = [None] * len(asked)
        encoded = {number: said for number, of in enumerate(asked) if (said := self._encoded(of.order)) is not None}
        for alike in seeing_the_same(asked, encoded):
            shelves = self.strict.shelves_of(alike.available, {sku: of for sku, of in alike.values.items() if of})
            for numbers in by_block([(number, encoded[number]) for number in alike.numbers]):
                orders, words = [asked[one].order for one in numbers], [encoded[one] for one in numbers]
                try:
                    several = Several.of(self.strict, shelves, orders, words)
                    of_block = self._decided([asked[one] for one in numbers], several)
                except Unknown:  # of some of them: the others need not suffer
                    alone = len(numbers) > 1
                    of_block = [self.decide_each([asked[one]])[0] if alone else None for one in numbers]
                for number, one in zip(numbers, of_block, strict=True):
                    found[number] = one
        return found

    def _decided(self, asked: Sequence[Asked], several: Several) -> list[Decided | None]:
        """Of each the best, its main source, and the best without that. Raises Unknown."""
        firsts, others = several.both()
        best = [one if one is not None and not any(one.unfilled) else None for one in firsts]
        for i in list(self._bound(several, best)):
            best[i] = None
        mains = [None if one is None else main_source_id(one) for one in best]
        unknown = [main if other is None else None for main, other in zip(mains, others, strict=True)]
        if any(unknown):
            found = several.without(unknown)
            others = [known or other for known, other in zip(others, found, strict=True)]
        return [
            None
            if one is None or main is None or other is None
            else Decided(asked=of, best=one, main_source_id=main, other=other)
            for of, one, main, other in zip(asked, best, mains, others, strict=True)
        ]

    def planned(self, decided: Decided, problem_of: ProblemOf) -> Plan:
        """What was decided as a plan: checked and explained.

        Raises AssertionError where it does not cost what was decided, and BrokenInvariant where the judge finds fault.
        """
        [plan] = self.planned_each([(decided, problem_of)])
        if isinstance(plan, Exception):
            raise plan
        return plan

    def planned_each(self, decided: Sequence[tuple[Decided, ProblemOf]]) -> list[Plan | Bug]:
        """The same of many, or what is raised for one: step by step for all, as a step that has just run is quick."""
        straight = [self.straightly.stated(one.asked, one.best) for one, _ in decided]
        made = [
            _tried(self._priced, one, problem_of, stated)
            for (one, problem_of), stated in zip(decided, straight, strict=True)
        ]
        lap(Phase.SOLVE)
        refused = self._refused(decided, straight, made)
        lap(Phase.CHECK)
        return [
            refused.get(number) or changed(plan, why=english.why(plan), why_zh=chinese.why(plan))
            if isinstance(plan, Plan)
            else plan
            for number, plan in enumerate(made)
        ]

    def _priced(self, decided: Decided, problem_of: ProblemOf, straight: Straight | None) -> Plan:
        best, runner_up = decided.best, _runner_up(decided)
        plan = None if straight is None else priced(self.itemiser, straight, best, runner_up)
        return plan or replace(plan_of(_problem(decided, problem_of), best), runner_up=runner_up)

    def _refused(
        self,
        decided: Sequence[tuple[Decided, ProblemOf]],
        straight: Sequence[Straight | None],
        made: Sequence[Plan | Bug],
    ) -> dict[int, Bug]:
        """What is wrong with plans, by their numbers."""
        is_sound = self.straightly.judge.is_sound
        unsure = [
            (number, plan)
            for number, (stated, plan) in enumerate(zip(straight, made, strict=True))
            if isinstance(plan, Plan) and not (stated is not None and is_sound(stated, plan))
        ]
        problems = [(_problem(*decided[number]), plan) for number, plan in unsure]
        refused = zip(unsure, refusals(problems), strict=True)
        return {number: refusal for (number, _), refusal in refused if refusal is not None}

    def _encoded(self, order: Order) -> Encoded | None:
        if not (self.strict.has_seen(order) and self.freed.has_seen(order)):
            return None
        try:
            encoded = None if self.strict.may_close_lanes(order) else self.strict.encoded(order)
        except Unknown:
            return None
        return encoded if encoded is not None and _is_light(encoded) else None

    def _bound(self, several: Several, best: Sequence[Decision | None]) -> Iterator[int]:
        """Those of which some rule binds, or that cannot be decided without the rules."""
        asked: list[tuple[int, Encoded]] = []
        in_words = several.prepared.batch.orders
        is_free = self.unbound.plainly_free(several.orders, in_words)
        for i, (one, encoded) in enumerate(zip(best, in_words, strict=True)):
            if one is None or is_free[i]:
                continue
            if not self.unbound.is_free(encoded, freed := self.freed.encoded(several.orders[i])):
                asked.append((i, freed))
        words = dict(asked)
        for numbers in by_block(asked):
            orders, shelves = [several.orders[i] for i in numbers], several.snapshot.shelves
            best_freed = Several.of(self.freed, shelves, orders, [words[i] for i in numbers]).best()
            for i, one in zip(numbers, best_freed, strict=True):
                bound = best[i]
                if one is None or bound is None or one.total_minor < bound.total_minor:
                    yield i


def _tried(step: Callable[[*_Given], _Made], *given: *_Given) -> _Made | Bug:
    """What a step makes of these, or the bug of ours that it meets."""
    try:
        return step(*given)
    except (AssertionError, BrokenInvariant) as bug:
        return bug


def _problem(decided: Decided, problem_of: ProblemOf) -> Problem:
    chosen = decided.best.packages
    return problem_of({one.source_id for one in chosen}, {one.service_id for one in chosen})


def _runner_up(decided: Decided) -> RunnerUp:
    best, other = decided.best, decided.other
    return RunnerUp(
        without_source_id=decided.main_source_id,
        source_ids=tuple(sorted({one.source_id for one in other.packages})),
        total_minor=other.total_minor,
        extra_minor=other.total_minor - best.total_minor,
        unfilled_units=sum(other.unfilled),
        proven=True,
    )


def by_block(encoded: Sequence[tuple[int, Encoded]]) -> list[list[int]]:
    """The numbers of orders, those of one block of days together."""
    blocks: dict[int, list[int]] = {}
    for number, one in encoded:
        blocks.setdefault(one.block, []).append(number)
    return list(blocks.values())


def _is_light(encoded: Encoded) -> bool:
    words = encoded.words
    units = words[g.HEAD + 1 : g.HEAD + g.PART_WORDS * words[g.PARTS] : g.PART_WORDS]
    if prod(one + 1 for one in units) > MOST_CONTENTS:
        return False
    return prod((one + 1) * (one + 2) // 2 for one in units) <= MOST_SPLITS


def main_source_id(decision: Decision) -> str | None:
    """The source that ships the most units, as `explanation.asking` tells it of a plan."""
    units: dict[str, int] = {}
    for package in decision.packages:
        units[package.source_id] = units.get(package.source_id, 0) + sum(package.units.values())
    return min(units, key=lambda source_id: (-units[source_id], source_id), default=None)
