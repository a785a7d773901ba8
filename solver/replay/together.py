"""The orders of a wave decided together, on the code path that `PlanBatch` takes from a snapshot."""

from collections.abc import Collection, Sequence

from solver.catalog.ordered import parts_of
from solver.orders.model import Order
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.view import Ask
from solver.sourcing.snapshot.worth import with_values
from solver.waves.check import check_wave
from solver.waves.from_snapshot import NotFromSnapshot
from solver.waves.limits import WaveLimits
from solver.waves.solve import solve_wave
from solver.waves.solve_orders import Orders, solve_orders
from solver.waves.wave import Wave

LIMITS = WaveLimits(branches=0)  # no limit of time: the same wave has the same plans on any machine


def planned_together(snapshot: Snapshot, orders: Sequence[Order], ask: Ask) -> Sequence[Plan]:
    """Checked plans, in the sequence of the orders, on the stock of the snapshot.

    Policies that leave the arrays (relaxed rules, strict priorities) are decided from Problems of all sources.
    """
    network, shelves = snapshot.network, snapshot.shelves
    numbers = {sku: number for number, sku in enumerate(snapshot.skus)}

    def problem_of(number: int, source_ids: Collection[str] | None) -> Problem:
        order = orders[number]
        skus = sorted({part.sku for line in order.lines for part in parts_of(line, snapshot.catalog)})
        if not shelves.most_value:
            return ask(order, network, {sku: _units(snapshot, numbers[sku], source_ids) for sku in skus})
        if source_ids is not None:  # values count above the least
            least = (shelves.least_value(numbers[sku], shelves.units)[0] for sku in skus)
            source_ids = {*source_ids, *(network.source_ids[source] for source in least if source >= 0)}
        problem = ask(order, network, {sku: _units(snapshot, numbers[sku], source_ids) for sku in skus})
        return with_values(problem, {sku: shelves.values(numbers[sku], network.source_ids) for sku in skus})

    if not snapshot.refusals:
        try:
            asked = Orders(snapshot=snapshot, orders=orders, problem_of=problem_of)
            wave, plan = solve_orders(asked, limits=LIMITS)
        except NotFromSnapshot:
            pass
        else:
            check_wave(wave, plan)
            return plan.plans
    wave = Wave(orders=tuple(problem_of(number, None) for number in range(len(orders))))
    plan = solve_wave(wave, limits=LIMITS)
    check_wave(wave, plan)
    return plan.plans


def _units(snapshot: Snapshot, sku: int, source_ids: Collection[str] | None) -> dict[str, int]:
    """What the sources, or these alone, have of a SKU."""
    shelves = snapshot.shelves
    units = shelves.counts(sku, snapshot.network.source_ids, shelves.units)
    return units if source_ids is None else {one: count for one, count in units.items() if one in source_ids}
