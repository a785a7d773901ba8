"""A stated problem with tariffs in place of lanes: later stock, transfers, and what services still take."""

from datetime import datetime, timedelta
from typing import Any

from solver.sourcing.plan import Plan
from solver.sourcing.problem import Stage
from tests.fulfilment.stated import NOW, order, plans, shipped, tea

PLACE = {"region_id": "R", "latitude": 30, "longitude": 120}


def ground(first_minor: int = 300, **changes: Any) -> dict[str, Any]:
    card = {"bands": [{"base_minor": first_minor}]}
    return {
        "service_id": "ground",
        "carrier_id": "truck-co",
        "currency": "CNY",
        "rates": [{"zone": "all", "card": card, "transit_minutes": 600}],
        "region_zones": [{"zone": "all"}],
        **changes,
    }


def by_tariff(**changes: Any) -> list[Plan]:
    return plans(
        **{
            "orders": [order(destination=PLACE)],
            "regions": [{**PLACE, "name": "Region"}],
            "sources": [{"source_id": source_id, "kind": "store", **PLACE} for source_id in ("near", "far")],
            "services": [ground()],
            "lanes": None,
            **changes,
        }
    )


def arrival(plan: Plan) -> datetime:
    [package] = plan.packages
    return package.arrives_at


def test_later_stock_has_lanes_of_its_own_made_from_the_tariff() -> None:
    stock = [tea("near", 5, stage="pre_sale", available_at="2026-03-10T00:00:30Z")]
    [plan] = by_tariff(stock=stock)
    assert shipped(plan) == [("near", "pre_sale@2026-03-10T00:00:30Z", 2)]
    assert plan.packages[0].stage is Stage.PRE_SALE
    assert arrival(plan) == datetime.fromisoformat("2026-03-10T10:00:30+00:00")


def test_stock_may_be_taken_to_another_source_where_a_transfer_leads() -> None:
    """Only dealers may hand over to ground, and only the store has tea."""
    sources = [
        {"source_id": "near", "kind": "store", **PLACE},
        {"source_id": "far", "kind": "dealer", **PLACE, "lead_minutes": 15},
    ]
    parts: dict[str, Any] = {
        "sources": sources,
        "stock": [tea("near", 5)],
        "services": [ground(kinds=["dealer"])],
    }
    [plan] = by_tariff(**parts)
    assert plan.unfilled_units == 2
    transfer = {"from_source_id": "near", "to_source_id": "far", "transit_minutes": 120, "per_package_minor": 50}
    [plan] = by_tariff(**parts, transfers=[transfer])
    assert (plan.packages[0].source_id, plan.packages[0].via_source_id, plan.total_minor) == ("near", "far", 350)
    assert arrival(plan) == NOW + timedelta(minutes=120 + 15 + 600)


def test_a_service_takes_so_many_packages_a_day_from_all_sources_and_all_orders() -> None:
    """Ground takes 3 packages a day and has accepted 2: one order more, the next goes by the dearer air."""
    air = ground(900, service_id="air", carrier_id="plane-co")
    orders = [order(str(number), destination=PLACE) for number in range(2)]
    services = [ground(daily_packages=3), air]
    states = [{"service_id": "ground", "packages": 2}]
    first, second = by_tariff(orders=orders, services=services, service_states=states)
    assert [plan.packages[0].service_id for plan in (first, second)] == ["ground", "air"]
    off = {"off": ["services_stay_within_their_capacity"]}
    first, second = by_tariff(orders=orders, services=services, service_states=states, policy=off)
    assert [plan.packages[0].service_id for plan in (first, second)] == ["ground", "ground"]
    assert arrival(second) - arrival(first) == timedelta(days=1)


def test_a_service_takes_so_much_weight_a_day() -> None:
    """Each order weighs 1 kg; of 5 kg a day 4.5 are accepted, so that only half a kilogram of it can go."""
    [plan] = by_tariff(services=[ground(daily_grams=5_000)], service_states=[{"service_id": "ground", "grams": 4_500}])
    assert (plan.lines[0].planned_units, plan.unfilled_units) == (1, 1)


def test_a_source_that_is_behind_makes_its_lanes_later() -> None:
    [plan] = by_tariff(stock=[tea("near", 5)], source_states=[{"source_id": "near", "backlog_days": 3}])
    assert arrival(plan) == NOW + timedelta(days=3, minutes=600)
