"""Waves made by hand: small orders with prices of their own for every source."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Problem
from solver.waves.case import WaveCase, WaveFinding
from solver.waves.limits import Watch, WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.solve import solve_wave
from solver.waves.wave import NO_TERMS, Wave, WaveTerms
from tests.sourcing.made import PLACED_AT, flat, lane, line, offer
from tests.waves.by_hand import best_finding

FREE_SPLITS = Policy(split_minor=0, lateness_minor_per_hour=0, unfilled_minor_per_unit=10_000, time_limit_ms=60_000)


def order(
    order_id: str,
    prices: Mapping[str, int],
    *,
    units: Mapping[str, int] | None = None,
    stock: Mapping[str, int] | None = None,
    policy: Policy = FREE_SPLITS,
    **changes: Any,
) -> Problem:
    """One line a SKU (one unit of TEA), and for each source what a package costs; it has `stock` units of every SKU."""
    units = units or {"TEA": 1}
    available = {source: (stock or {}).get(source, 10) for source in prices}
    fields: dict[str, Any] = {
        "order_id": order_id,
        "currency": "CNY",
        "lines": tuple(line(f"L-{sku}", quantity, {sku: 1}) for sku, quantity in units.items()),
        "items": {sku: Item(sku=sku, weight_grams=100, value_minor=1000) for sku in units},
        "offers": tuple(offer(source, dict.fromkeys(units, available[source])) for source in prices),
        "lanes": tuple(lane(source, flat(price)) for source, price in prices.items()),
        "policy": policy,
        "placed_at": PLACED_AT,
    }
    return Problem(**fields | changes)


def with_offers(problem: Problem, **facts: Any) -> Problem:
    """The order when its offers state these facts as well."""
    return replace(problem, offers=tuple(replace(one, **facts) for one in problem.offers))


def with_lanes(problem: Problem, **facts: Any) -> Problem:
    """The order when its lanes state these facts as well."""
    return replace(problem, lanes=tuple(replace(one, **facts) for one in problem.lanes))


def best_by_hand(case: WaveCase, _limits: WaveLimits, _watch: Watch) -> WaveFinding:
    """The engine that tries everything."""
    return best_finding(case)


def best(*orders: Problem, terms: WaveTerms = NO_TERMS) -> WavePlan:
    """The wave at its very best."""
    return solve_wave(Wave(orders=orders, terms=terms), engine=best_by_hand)


def sources_of(plan: WavePlan) -> dict[str, tuple[str, ...]]:
    """Who ships for whom."""
    return {one.order_id: one.source_ids for one in plan.plans}
