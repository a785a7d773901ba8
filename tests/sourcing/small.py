"""Cases made by hand: every field with a plain default of the right shape, so that a test names what it is about."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.case import NO_LIMIT, Case, Tariff

Rows = Sequence[Sequence[int]]


def small_case(
    *,
    stock: Rows,
    line_quantity: Sequence[int],
    line_units: Rows | None = None,
    lane_offer: Sequence[int] | None = None,
    offer_source: Sequence[int] | None = None,
    lane_service: Sequence[int] | None = None,
    cards: Sequence[RateCard | None] = (None,),
    **changes: Any,
) -> Case:
    """One line a part, one lane an offer, one offer a source, one tariff, a level for each of its `cards`.

    A unit weighs 100 g and takes 1,000 mm3; leaving one costs 1,000 at every level, nothing else costs anything, and
    there are no limits but 5 packages. `changes` may be lists.
    """
    units = np.array(line_units if line_units is not None else np.eye(len(line_quantity)), dtype=np.int64)
    offers, lines, parts, levels = len(stock), len(line_quantity), units.shape[1], len(cards)
    sources = np.array(range(offers) if offer_source is None else offer_source, dtype=np.int64)
    lane_offers = np.array(range(offers) if lane_offer is None else lane_offer, dtype=np.int64)
    lanes = len(lane_offers)
    services = np.array([0] * lanes if lane_service is None else lane_service, dtype=np.int64)
    source_count, service_count = int(sources.max()) + 1, int(services.max()) + 1
    stairs = len(changes.get("stair_offer", ()))
    none, whole = np.int64(0), np.int64(NO_LIMIT)
    fields: dict[str, Any] = {
        "unit_grams": np.full(parts, 100),
        "unit_mm3": np.full(parts, 1000),
        "lane_tariff": np.full(lanes, none),
        "carries": np.full((lanes, parts), fill_value=True),
        "package_most_grams": np.full(lanes, whole),
        "package_most_mm3": np.full(lanes, whole),
        "package_most_units": np.full(lanes, whole),
        "tariffs": (Tariff(cards=tuple(cards)),),
        "package_cost": np.full((levels, lanes), none),
        "kind_cost": np.full((levels, lanes), none),
        "unit_cost": np.full((levels, lanes, parts), none),
        "source_cost": np.full((levels, source_count), none),
        "stair_offer": np.full(stairs, none),
        "stair_part": np.full(stairs, none),
        "stair_after_units": np.full(stairs, none),
        "stair_cost": np.full((levels, stairs), none),
        "unfilled_cost": np.full((levels, lines), 1000),
        "further_package_cost": np.full(levels, none),
        "further_source_cost": np.full(levels, none),
        "most_packages": 5,
        "most_sources": NO_LIMIT,
        "complete": False,
        "complete_lines": np.full(lines, fill_value=False),
        "together": np.full(lines, fill_value=False),
        "apart": np.full((parts, parts), fill_value=False),
        "source_most_units": np.full(source_count, whole),
        "source_most_minutes": np.full(source_count, whole),
        "source_package_minutes": np.full(source_count, none),
        "source_unit_minutes": np.full(source_count, none),
        "service_most_packages": np.full(service_count, whole),
    }
    assert changes.keys() <= fields.keys(), changes.keys() - fields.keys()
    given = {name: np.array(value) if isinstance(value, list) else value for name, value in changes.items()}
    demand = np.array(line_quantity, dtype=np.int64) @ units
    return Case(
        demand=demand,
        line_quantity=np.array(line_quantity, dtype=np.int64),
        line_units=units,
        stock=np.minimum(np.array(stock, dtype=np.int64), demand),
        offer_source=sources,
        lane_offer=lane_offers,
        lane_service=services,
        **{**fields, **given},
    )
