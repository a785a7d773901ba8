"""Plans with their explanation in brief from snapshots: the plan that `solve` makes, without the lanes of all sources.

A second snapshot, under the policy without its rules, tells whether any rule binds.
"""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from math import prod
from typing import NoReturn

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.dimensions import all_rules
from solver.sourcing.exact.search import Limits
from solver.sourcing.explanation import chinese, english
from solver.sourcing.explanation.asking import main_source_id
from solver.sourcing.plan import Plan, RunnerUp
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.planned import planned
from solver.sourcing.snapshot.restated import plan_of
from solver.sourcing.snapshot.shelves import MinorBySource, Shelves, UnitsBySource
from solver.sourcing.snapshot.snapshot import NOTHING, Snapshot
from solver.sourcing.snapshot.view import Ask, Unknown

ProblemOf = Callable[[Collection[str]], Problem]
"""The order's Problem of these sources alone."""

MOST_CONTENTS = 1 << 14  # with more, the best plan that is named may be another than the ordinary path's
MOST_SPLITS = 1 << 20  # of the contents in two; with more, a search takes long, and there are three
# Where packages get in each other's way; the time is better spent on the ordinary path.
_QUICK = Limits(nodes=20_000, loads=0)


class _Declined(Exception):
    """The order is left to the ordinary path."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Briefly:
    """A network, a catalog and a policy, ready for orders; `freed` is under the policy without rules."""

    network: Network
    catalog: Catalog
    strict: Snapshot
    freed: Snapshot
    itemiser: Itemiser

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
            else cls(network=network, catalog=catalog, strict=strict, freed=freed, itemiser=strict.itemiser)
        )

    def see(self, order: Order) -> None:
        """Make ready for orders like this one. KeyError for an unknown region."""
        for snapshot in (self.strict, self.freed):
            snapshot.see(order)

    def try_on(self, order: Order) -> None:
        """Make ready for orders that are placed, and promised or not, about when this one is."""
        for snapshot in (self.strict, self.freed):
            for one in (order, replace(order, promised_at=None)):
                with suppress(_Declined):
                    _best(snapshot, one, snapshot.shelves_of({}))

    def plan(
        self, order: Order, available: UnitsBySource, problem_of: ProblemOf, values: MinorBySource = NOTHING
    ) -> Plan | None:
        """The order's checked and explained plan on this stock; None where it is left to the ordinary path.

        That is so where the arrays cannot say the order, nothing like it was seen to, its search would take long, units
        stay unfilled, rules close lanes, or some rule binds. `values` is what units left behind are worth; `problem_of`
        states it too.
        """
        if not (self.strict.has_seen(order) and self.freed.has_seen(order) and self._is_light(order)):
            return None
        try:
            return self._plan(order, self.strict.shelves_of(available, values), problem_of)
        except (_Declined, Unknown):
            return None

    def _plan(self, order: Order, shelves: Shelves, problem_of: ProblemOf) -> Plan:
        if self.strict.may_close_lanes(order):
            raise _Declined
        best = _best(self.strict, order, shelves)
        if any(best.unfilled):
            raise _Declined
        freed = _best(self.freed, order, shelves)
        if freed.total_minor < best.total_minor:
            raise _Declined
        plan = self._planned(order, shelves, problem_of({one.source_id for one in best.packages}), best)
        plan = replace(plan, runner_up=self._runner_up(order, shelves, plan))
        return replace(plan, why=english.why(plan), why_zh=chinese.why(plan))

    def _planned(self, order: Order, shelves: Shelves, problem: Problem, best: Decision) -> Plan:
        """What a unit is worth, or costs by contract, only the terms themselves can say."""
        return plan_of(problem, best) if shelves.most_value else planned(self.itemiser, order, problem, best)

    def _is_light(self, order: Order) -> bool:
        demand: Counter[str] = Counter()
        for line in order.lines:
            for part in parts_of(line, self.catalog):
                demand[part.sku] += part.units * line.quantity
        contents = prod(units + 1 for units in demand.values())
        splits = prod((units + 1) * (units + 2) // 2 for units in demand.values())
        return contents <= MOST_CONTENTS and splits <= MOST_SPLITS

    def _runner_up(self, order: Order, shelves: Shelves, plan: Plan) -> RunnerUp:
        main = main_source_id(plan)
        if main is None:
            raise _Declined
        other = _best(self.strict, order, shelves.without_source(self.network.source_positions[main]))
        return RunnerUp(
            without_source_id=main,
            source_ids=tuple(sorted({one.source_id for one in other.packages})),
            total_minor=other.total_minor,
            extra_minor=other.total_minor - plan.total_minor,
            unfilled_units=sum(other.unfilled),
            proven=True,
        )


def _best(snapshot: Snapshot, order: Order, shelves: Shelves) -> Decision:
    """The best decision, proven. Raises _Declined."""
    decision = snapshot.restocked(shelves, ask=_decline, limits=_QUICK).decide(order)
    if not decision.is_proven:
        raise _Declined
    return decision


def _decline(*_: object) -> NoReturn:
    raise _Declined
