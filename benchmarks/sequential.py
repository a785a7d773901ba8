"""Whether a sequential pass decides what the ordinary path decides, order by order on what the earlier ones left."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.snapshots import World
from solver.orders.model import Order
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.restated import chosen_of
from solver.sourcing.solve import decide

SAMPLE, TIMES_EACH = 10, 3  # orders drawn from the pass; each comes so many times, so that they take from one another
SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """So many decisions of a pass were compared; `changed` of them are other than on untouched stock."""

    orders: int
    changed: int


def compare_pass(made: World, snapshot: Snapshot, asked: Sequence[Order], rng: random.Random) -> Compared:
    """A sample of the orders, one after the other, by both ways, from objects to objects.

    Raises AssertionError where packages, unfilled units or costs differ.
    """
    drawn = rng.sample(list(asked), min(SAMPLE, len(asked)))
    sample = [one for one in drawn for _ in range(TIMES_EACH)]
    left: dict[str, dict[str, int]] = {line.sku: dict(made.available[line.sku]) for one in sample for line in one.lines}
    changed = 0
    for one, decision in zip(sample, snapshot.decide_all(sample), strict=True):
        problem = made.ask(one, made.network, {line.sku: left[line.sku] for line in one.lines})
        plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=SECONDS)
        assert _of_decision(decision) == _of_plan(plan), (one, decision, plan)
        changed += decision != snapshot.decide(one)
        for package in decision.packages:
            for sku, units in package.units.items():
                left[sku][package.source_id] -= units
    return Compared(orders=len(sample), changed=changed)


def _of_decision(decision: Decision) -> object:
    packages = [(one.source_id, one.service_id, sorted(one.units.items())) for one in decision.packages]
    return sorted(packages), decision.unfilled, decision.total_minor, decision.bound_minor


def _of_plan(plan: Plan) -> object:
    packages = [(one.source_id, one.service_id, sorted(one.units.items())) for one in map(chosen_of, plan.packages)]
    unfilled = tuple(line.unfilled_units for line in plan.lines)
    return sorted(packages), unfilled, plan.total_minor, plan.bound_minor
