"""A wave from a snapshot is the wave from its orders' Problems, up to how rows, parts and resources are numbered."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from benchmarks.wave_worlds import Severity, WaveWorld, wave_world
from solver.waves.case import NEVER, NONE, WaveCase
from solver.waves.decisions import decisions_of
from solver.waves.from_snapshot import LaidOrders, NotFromSnapshot, lay_out_orders
from solver.waves.layout.laid_out import LaidOut
from solver.waves.layout.lay_out import lay_out
from solver.waves.limits import Watch, WaveLimits
from solver.waves.plan import Resource
from solver.waves.wave import NO_TERMS, OrderTerms, Quota, SourceTerms, Wave, WaveTerms, WorkMinutes
from tests.sourcing.snapshot.any_world import any_world
from tests.waves.by_turn import alone, by_turn

LOOSE = Severity(stock_ratio=1.5, source_slack=0.5, carrier_slack=None)


def numbered(case: WaveCase, order: int, names: list[str]) -> dict[str, tuple[int, int]]:
    """By SKU, the stride and the units of an order's parts."""
    parts = range(int(case.part_start[order]), int(case.part_start[order + 1]))
    return {name: (int(case.part_stride[at]), int(case.part_units[at])) for name, at in zip(names, parts, strict=True)}


def described(case: WaveCase, order: int, skus: list[str], lanes: Any, source_ids: Any, resources: Any) -> Any:
    """An order's rows in words: by source, what stock each takes of, its minutes, and its entries."""
    parts = numbered(case, order, skus)

    def contents(state: int) -> frozenset[tuple[str, int]]:
        units = {sku: state // stride % (asked + 1) for sku, (stride, asked) in parts.items()}
        return frozenset((sku, count) for sku, count in units.items() if count)

    def resource(number: int) -> Resource | None:
        return None if number == NONE else resources(number)

    rows = {}
    for row in range(int(case.row_start[order]), int(case.row_start[order + 1])):
        source_id = source_ids[int(case.row_source[row])]
        entries = set()
        for at in range(int(case.entry_start[row]), int(case.entry_start[row + 1])):
            lane = int(case.entry_lane[at])
            packages = frozenset(
                {(lanes(order, lane), contents(int(case.entry_state[at])), resource(int(case.entry_service[at])))}
            )
            if lane < 0:
                ways = range(int(case.way_start[-1 - lane]), int(case.way_start[-lane]))
                packages = frozenset(
                    (
                        lanes(order, int(case.way_lane[way])),
                        contents(int(case.way_state[way])),
                        resource(int(case.way_service[way])),
                    )
                    for way in ways
                )
            entries.add((int(case.entry_cost[at]), packages))
        stock = case.row_stock[int(case.stock_start[row]) : int(case.stock_start[row + 1])].tolist()
        rows[source_id] = (
            {sku: resource(one) for sku, one in zip(skus, stock, strict=True)},
            (int(case.row_minutes[row]), int(case.row_unit_minutes[row])),
            entries,
        )
    leave = case.leave_cost[int(case.leave_start[order]) : int(case.leave_start[order + 1])]
    left = {contents(state): int(cost) for state, cost in enumerate(leave)}
    return rows, left, int(case.share_cost[order]), int(case.most_shares[order])


def of_snapshot(laid: LaidOrders, order: int) -> Any:
    case, network = laid.case, laid.snapshot.network
    parts = slice(int(case.part_start[order]), int(case.part_start[order + 1]))
    skus = [laid.snapshot.skus[sku] for sku in laid.part_sku[parts].tolist()]
    services = tuple(network.services)
    return described(
        case, order, skus, lambda _, lane: services[lane] if lane >= 0 else "", network.source_ids, laid.resource
    )


def of_problems(laid: LaidOut, order: int) -> Any:
    facts = laid.briefs[order].facts
    return described(
        laid.case,
        order,
        list(facts.skus),
        lambda _, lane: facts.lanes[lane].service_id if lane >= 0 else "",
        laid.source_ids,
        lambda number: laid.resources[number],
    )


def limits(case: WaveCase, resources: Any) -> Mapping[Resource, tuple[int, int, int, int]]:
    return {
        resources(number): (
            int(case.capacity[number]), int(case.least[number]),
            int(case.over_cost[number]), int(case.under_cost[number]),
        )
        for number in range(case.resources)
    }  # fmt: skip


def assert_same(laid: LaidOrders, other: LaidOut) -> int:
    """Every order within both; how many there are."""
    within = [
        number for number in range(laid.case.orders) if number not in laid.outside and number not in other.outside
    ]
    for number in within:
        assert of_snapshot(laid, number) == of_problems(other, number), number
    mine, theirs = limits(laid.case, laid.resource), limits(other.case, lambda number: other.resources[number])
    for resource in mine.keys() & theirs.keys():
        assert mine[resource] == theirs[resource], resource
    return len(within)


def strict_terms(made: WaveWorld) -> WaveTerms:
    """The wave's terms with limits that nothing may exceed, and some more."""
    terms, one = made.terms(), made.orders[0].order_id
    sources = tuple(
        SourceTerms(source_id=source.source_id, most_orders=source.most_orders, opening_cost_minor=7 * number)
        for number, source in enumerate(terms.sources)
    )
    return WaveTerms(
        sources=sources,
        orders=(OrderTerms(order_id=one, priority_minor=300),),
        work=(WorkMinutes(order_id=one, source_id="S0000", minutes=11),),
    )


@pytest.mark.parametrize("severity", [Severity(), LOOSE], ids=["tight", "loose"])
def test_a_tight_wave_is_the_same_from_problems(seed: int, severity: Severity) -> None:
    made = wave_world(seed, orders=40, sources=8, skus=12, severity=severity)
    problems = tuple(made.world.problem(order) for order in made.orders)
    terms = strict_terms(made)
    laid = lay_out_orders(made.world.snapshot(), made.orders, terms)
    assert not laid.outside
    assert assert_same(laid, lay_out(Wave(orders=problems, terms=terms))) == 40


@pytest.mark.parametrize("number", range(25))
def test_orders_of_any_world_are_the_same_from_problems(seed: int, number: int) -> None:
    world = any_world(seed + number, orders=8)
    try:
        laid = lay_out_orders(world.snapshot(), world.orders)
    except NotFromSnapshot:
        assert world.policy.relax
        return
    problems = tuple(world.problem(order) for order in world.orders)
    assert_same(laid, lay_out(Wave(orders=problems)))


def test_decisions_read_back_are_plans_that_cost_what_the_arrays_say(seed: int) -> None:
    made = wave_world(seed, orders=60, sources=8, skus=12)
    snapshot = made.world.snapshot()
    laid = lay_out_orders(snapshot, made.orders, made.terms())
    found = by_turn(laid.case, WaveLimits(), Watch())
    decisions = decisions_of(laid, found, alone(laid.case))
    plans = {number: snapshot.plan_as(made.orders[number], one) for number, one in decisions.items()}  # checks them
    assert [plan.total_minor for plan in plans.values()] == [one.total_minor for one in decisions.values()]
    taken: dict[tuple[str, str], int] = {}
    for decision in decisions.values():
        for chosen in decision.packages:
            for sku, units in chosen.units.items():
                taken[chosen.source_id, sku] = taken.get((chosen.source_id, sku), 0) + units
    for (source_id, sku), units in taken.items():
        assert units <= made.world.available[sku][source_id]


def test_what_only_problems_say_is_refused() -> None:
    made = wave_world(1, orders=2, sources=4, skus=3)
    snapshot = made.world.snapshot()
    with pytest.raises(NotFromSnapshot, match="quotas"):
        lay_out_orders(snapshot, made.orders, WaveTerms(quotas=(Quota(source_id="S0000"),)))
    with pytest.raises(NotFromSnapshot, match="merge_key"):
        lay_out_orders(snapshot, made.orders, WaveTerms(orders=(OrderTerms(order_id="O00000", merge_key="one"),)))


def test_prices_of_limits_spare_entries_that_no_price_makes_worth_having() -> None:
    made = wave_world(3, orders=20, sources=8, skus=12)
    cheap = lay_out_orders(made.world.snapshot(), made.orders, made.terms())
    strict = lay_out_orders(
        made.world.snapshot(), made.orders, WaveTerms(carriers=tuple(
            type(one)(service_id=one.service_id, most_packages=one.most_packages) for one in made.terms().carriers))
    )  # fmt: skip
    assert 0 < len(cheap.case.entry_cost) < len(strict.case.entry_cost)
    assert len(cheap.case.row_source) == len(strict.case.row_source)
    assert strict.case.over_cost[0] == NEVER


def test_no_orders_are_a_case_without_orders() -> None:
    made = wave_world(1, orders=1, sources=4, skus=3)
    laid = lay_out_orders(made.world.snapshot(), (), NO_TERMS)
    assert (laid.case.orders, laid.case.resources, len(laid.case.entry_cost)) == (0, 0, 0)
    assert np.array_equal(laid.case.row_start, [0])
