"""Parcels across provinces: what an assigned-region rule crosses and costs, and the trade-off that policies have.

The week of `scenarios/cross_province`, its stock laid out anew: the warehouses together hold a little more than a
week's demand, split as their assigned cities ask, and stores and dealers as much again, in one of three placements.
Demand is that of another week, drawn with another seed, so placements know nothing of the orders that are replayed.
`least_crossing` says what any policy pays at least that lets few parcels cross.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from statistics import fmean

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.least_crossing import HEADINGS as OF_BOUNDS
from benchmarks.experiments.least_crossing import Bounded, bounded
from benchmarks.experiments.least_crossing import row as bound_row
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.replayed import Told, replayed
from benchmarks.experiments.svg import lines
from solver.catalog.catalog import Catalog
from solver.network.distance import distance_meters
from solver.network.model import Region, Source, SourceKind
from solver.orders.model import Order
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "cross_province"
OTHER_WEEK, DICE = 2, 5
FIRST_OF_WEEKS = 100  # seeds of further weeks' orders lie above it
ASSIGNED = "assigned warehouse"
SAFETY = 1.3  # stock by a week's demand, in the warehouses and once more in the shops
CROSSING_MINOR = (0, 100, 200, 300, 500, 1000, 1100, 1150, 1200, 1300, 1500, 2000)
PLACEMENTS = {
    "everywhere alike": "every shop holds the same share",
    "by population": "shops share by the drawn demand of their province, all SKUs alike",
    "where it sold": "each province's shops hold of every SKU what the other week sold there",
}
_WAREHOUSES_ALONE = {"only_kinds": (SourceKind.WAREHOUSE.value,)}
Demand = Mapping[tuple[str, str], int]  # province and material


def run(extent: Extent) -> Found:
    """Three placements x (the assigned warehouse, then every price of a crossing) x weeks."""
    placements = list(PLACEMENTS)[-1:] if extent.is_quick else list(PLACEMENTS)
    rules = list(_rules((CROSSING_MINOR[0], CROSSING_MINOR[-1]) if extent.is_quick else CROSSING_MINOR))
    weeks = range(extent.pick(1, 3, 20))
    cases = [(placement, rule, week) for placement in placements for rule in rules for week in weeks]
    ran = extent.over(partial(told_of, is_quick=extent.is_quick), cases)
    told: dict[tuple[str, str], list[Told]] = {}
    for (placement, rule, _), one in zip(cases, ran, strict=True):
        told.setdefault((placement, rule), []).append(one)
    headings = ("placement", "policy", "crossing", "±", "yuan an order", "±", "days", "packages an order", "filled")
    curves: dict[str, list[tuple[float, float]]] = {}
    for (placement, rule), runs in told.items():
        curves.setdefault(f"{placement}, assigned" if rule == ASSIGNED else placement, []).append(_point(runs))
    plot = lines("Cost by share of parcels across provinces", "crossing, %", "yuan paid an order", curves)
    figures: dict[str, float] = {}
    bound_rows = []
    at = [(placement, week) for placement in placements for week in weeks]
    bounds = dict(zip(at, extent.over(partial(bounded_week, is_quick=extent.is_quick), at), strict=True))
    for placement in placements:
        of = [bounds[placement, week] for week in weeks]
        rule_minor = [one.figure("paid_minor") for one in told[placement, ASSIGNED]]
        priced = [runs for (own, rule), runs in told.items() if own == placement and rule != ASSIGNED]
        bound_rows.append(bound_row(placement, of, rule_minor, _least_at(sum(rule_minor), priced)))
        figures[f"{placement}: few crossings cost at least"] = sum(one.least_paid_minor for one in of)
        for name, rule in (("assigned", rules[0]), ("dearest crossing's", rules[-1])):
            runs = told[placement, rule]
            figures[f"{placement}: {name} share"] = fmean(one.figure("cross_province_share") for one in runs)
            figures[f"{placement}: {name} paid"] = fmean(one.figure("paid_minor") for one in runs)
    rows = [_row(placement, rule, runs) for (placement, rule), runs in told.items()]
    text = (
        f"{len(weeks)} weeks of orders, the same for all; ± are 95 % intervals.\n\n{table(headings, rows)}\n\n"
        f"What any policy that ships all of it pays and crosses at least:\n\n{table(OF_BOUNDS, bound_rows)}"
    )
    return Found(text=text, plots={"cross_province.svg": plot}, figures=figures)


def _rules(crossings_minor: Sequence[int]) -> dict[str, tuple[Policy, Engine]]:
    """Policies by name: first the assigned warehouse."""
    rules = {ASSIGNED: (Policy(words=_WAREHOUSES_ALONE, split_minor=0), Engine.NEAREST)}
    for minor in crossings_minor:
        rules[f"{minor / 100:g} yuan a crossing"] = (policy_of(minor), Engine.EXACT)
    return rules


def told_of(case: tuple[str, str, int], *, is_quick: bool = False) -> Told:
    """The run of a placement under a rule, over the orders of a week."""
    placement, rule, number = case
    week, demand = week_of(number, is_quick=is_quick)
    return replayed(replace(week, stock=stock_of(placement, week, demand)), *_rules(CROSSING_MINOR)[rule])


def bounded_week(case: tuple[str, int], *, is_quick: bool = False) -> Bounded:
    """The bound of a placement over the orders of a week."""
    placement, number = case
    week, demand = week_of(number, is_quick=is_quick)
    return bounded(replace(week, stock=stock_of(placement, week, demand)))


def _least_at(paid_minor: float, priced: Sequence[Sequence[Told]]) -> str:
    """The least share of crossings among the prices whose runs together cost no more."""
    shares = [
        (_mean(runs, "cross_province_share"), sum(one.figure("paid_minor") for one in runs) <= paid_minor)
        for runs in priced
    ]
    at_cost = min((share for share, is_cheap in shares if is_cheap), default=None)
    return "-" if at_cost is None else f"{at_cost:.1%}"


@cache
def week_of(number: int, *, is_quick: bool) -> tuple[Scenario, Demand]:
    """The orders of a week, 0 being the scenario's own, and the demand of another one."""
    base = read_scenario(FOLDER)
    week = with_orders(drawn_with(base, FIRST_OF_WEEKS + number) if number else base)
    week = replace(week, orders=week.orders[:40] if is_quick else week.orders)
    return week, demand_of(with_orders(drawn_with(base, OTHER_WEEK)))


def stock_of(placement: str, week: Scenario, demand: Demand) -> tuple[OpeningStock, ...]:
    """The stock of a placement: the warehouses' by assigned cities, the shops' as the placement says."""
    regions = {region.region_id: region for region in week.regions}
    warehouses = [source for source in week.sources if source.kind is SourceKind.WAREHOUSE]
    shops = [source for source in week.sources if source.kind in {SourceKind.STORE, SourceKind.DEALER}]
    units: Counter[tuple[str, str]] = Counter()
    for (province, sku), count in demand.items():
        nearest = min(warehouses, key=lambda one: _meters(one, regions[province]))
        units[nearest.source_id, sku] += math.ceil(SAFETY * count)
    for (source_id, sku), count in _of_shops(placement, shops, demand, regions).items():
        units[source_id, sku] += count
    return tuple(
        OpeningStock(source_id=source_id, sku=sku, units=count) for (source_id, sku), count in sorted(units.items())
    )


def _of_shops(
    placement: str, shops: Sequence[Source], demand: Demand, regions: Mapping[str, Region]
) -> Counter[tuple[str, str]]:
    """Units by source and SKU; what a province without a shop asks for goes to its nearest shop."""
    dice = random.Random(DICE)
    by_province: dict[str, list[Source]] = {}
    for shop in shops:
        by_province.setdefault(province_of(shop.region_id, regions), []).append(shop)
    of_sku: Counter[str] = Counter()
    of_province: Counter[str] = Counter()
    for (province, sku), count in demand.items():
        of_sku[sku] += count
        of_province[province] += count
    units: Counter[tuple[str, str]] = Counter()
    if placement == "where it sold":
        for (province, sku), count in demand.items():
            near = by_province.get(province) or [min(shops, key=lambda one: _meters(one, regions[province]))]
            for _ in range(math.ceil(SAFETY * count)):
                units[dice.choice(near).source_id, sku] += 1
        return units
    for sku, count in of_sku.items():
        for _ in range(math.ceil(SAFETY * count)):
            chosen = dice.choice(shops)
            if placement == "by population":
                province = dice.choices(list(of_province), list(of_province.values()))[0]
                near = by_province.get(province) or [min(shops, key=lambda one: _meters(one, regions[province]))]
                chosen = dice.choice(near)
            units[chosen.source_id, sku] += 1
    return units


def province_of(region_id: str, regions: Mapping[str, Region]) -> str:
    """The region without a parent that this one lies in."""
    while regions[region_id].parent_id:
        region_id = regions[region_id].parent_id
    return region_id


def drawn_with(scenario: Scenario, seed: int) -> Scenario:
    """The same whose orders are drawn with another seed."""
    assert scenario.generator is not None
    return replace(scenario, generator=replace(scenario.generator, seed=seed))


def demand_of(week: Scenario) -> Demand:
    """Units that a week's orders ask for."""
    catalog = Catalog.of(week.materials, week.sales_items)
    regions = {region.region_id: region for region in week.regions}
    demand: Counter[tuple[str, str]] = Counter()
    for order in week.orders:
        for sku, units in materials_of(order, catalog).items():
            demand[province_of(order.destination.region_id, regions), sku] += units
    return dict(sorted(demand.items()))


def materials_of(order: Order, catalog: Catalog) -> Counter[str]:
    """Units by material that an order asks for."""
    units: Counter[str] = Counter()
    for line in order.lines:
        for part in catalog.explode(line.sku):
            units[part.sku] += part.units * line.quantity
    return units


def _meters(source: Source, region: Region) -> int:
    return distance_meters(source.latitude, source.longitude, region.latitude, region.longitude)


def policy_of(crossing_minor: int) -> Policy:
    """Cheapest, with a price on every crossing."""
    return Policy(split_minor=0, lateness_minor_per_hour=0, settings={"cross_province_minor": crossing_minor})


def _point(runs: Sequence[Told]) -> tuple[float, float]:
    return 100 * _mean(runs, "cross_province_share"), _mean(runs, "paid_per_order_minor") / 100


def _mean(runs: Sequence[Told], figure: str) -> float:
    return fmean(one.figure(figure) for one in runs)


def _row(placement: str, policy: str, runs: Sequence[Told]) -> tuple[str, ...]:
    return (
        placement,
        policy,
        f"{_mean(runs, 'cross_province_share'):.1%}",
        f"{margin([one.figure('cross_province_share') for one in runs]):.1%}",
        f"{_mean(runs, 'paid_per_order_minor') / 100:.2f}",
        f"{margin([one.figure('paid_per_order_minor') / 100 for one in runs]):.2f}",
        f"{fmean(one.days for one in runs):.2f}",
        f"{_mean(runs, 'packages_per_order'):.2f}",
        f"{_mean(runs, 'fill_rate'):.1%}",
    )
