"""A stated problem decided as one wave: what can be said, and what becomes of it."""

import math
from typing import Any

import pytest

from solver.errors import DeadlineTooShort, InvalidRequest
from solver.fulfilment.together import DecidedWave, decided_together
from solver.sourcing.plan import Engine, Stop
from solver.waves.plan import WaveTerm
from tests.fulfilment.stated import command, lane, order, shipped, tea

WHOLE = {"lines": [{"sku": "TEA", "quantity": 1, "ships_together": True}], "ships_complete": True}


def together(**changes: Any) -> DecidedWave:
    return decided_together(command(engine="batch", **changes), seconds_left=lambda: 60.0)


def sources_of(decided: DecidedWave) -> list[tuple[str, ...]]:
    return [one.plan.source_ids for one in decided.orders]


def test_a_job_may_take_more_of_one_sources_time_than_of_anothers() -> None:
    """Generalised assignment: both jobs are cheaper at near, whose 10 minutes are enough for one of them only."""
    work = [
        {"order_id": "1", "source_id": "near", "minutes": 6},
        {"order_id": "2", "source_id": "near", "minutes": 5},
        {"order_id": "1", "source_id": "far", "minutes": 11},
        {"order_id": "2", "source_id": "far", "minutes": 9},
    ]
    agents = [{"source_id": "near", "most_minutes": 10}, {"source_id": "far", "most_minutes": 10}]
    jobs = [order("1", 1, **WHOLE), order("2", 1, **WHOLE)]
    assert sources_of(together(orders=jobs, wave={"sources": agents, "work": work})) == [("near",), ("far",)]


@pytest.mark.parametrize(
    ("wave", "fields"),
    [
        ({"sources": [{"source_id": "moon"}]}, ["wave.sources[0].source_id"]),
        ({"sources": [{"source_id": "near"}, {"source_id": "near"}]}, ["wave.sources[1]"]),
        ({"sources": [{"source_id": "near", "opening_cost_minor": -1}]}, ["wave.sources[0].opening_cost_minor"]),
        ({"sources": [{"source_id": "near", "over_unit_minor": 5}]}, ["wave.sources[0].over_unit_minor"]),
        ({"carriers": [{"service_id": "ship", "most_packages": 1}]}, ["wave.carriers[0].service_id"]),
        ({"carriers": [{"service_id": "van"}, {"service_id": "van", "day": "2026-03-02"}]}, ["wave.carriers[1]"]),
        ({"quotas": [{"source_id": "near", "least_basis_points": 10_001}]},
         ["wave.quotas[0].least_basis_points", "wave.quotas[0].most_basis_points"]),
        ({"orders": [{"order_id": "9"}]}, ["wave.orders[0].order_id"]),
        ({"work": [{"order_id": "1", "source_id": "near", "minutes": -1}]}, ["wave.work[0].minutes"]),
        ({"sources": [{"source_id": "near", "most_orders": 1, "over_order_minor": 3}],
          "quotas": [{"source_id": "near", "most_basis_points": 5_000, "over_minor": 4}]}, ["wave"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_path(wave: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        together(wave=wave)
    assert [violation.field for violation in refused.value.violations] == fields


@pytest.mark.parametrize("stated", [{"wave": {"sources": [{"source_id": "near"}]}}, {"skip_unsound_orders": True}])
def test_terms_of_a_wave_are_for_the_engine_that_decides_one(stated: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        decided_together(command(engine="exact", **stated), seconds_left=lambda: 60.0)
    assert [violation.field for violation in refused.value.violations] == list(stated)


UNSOUND = {"orders": [order("1", 1), order("2", 0), order("3", 1)], "lanes": [lane("near", 300, order_id="2"),
           lane("near", 300)], "wave": {"orders": [{"order_id": "2", "priority_minor": 5}]}}  # fmt: skip


def test_one_unsound_order_refuses_the_wave_by_name() -> None:
    with pytest.raises(InvalidRequest) as refused:
        together(**UNSOUND)
    assert [violation.field for violation in refused.value.violations] == ["orders[1].lines[0].quantity"]


def test_or_the_rest_is_planned_and_the_unsound_one_named() -> None:
    decided = together(**UNSOUND, skip_unsound_orders=True)
    assert [one.plan.order_id for one in decided.orders] == ["1", "3"]
    [refused] = decided.plan.refused
    assert (refused.order_id, refused.field) == ("2", "orders[1].lines[0].quantity")
    assert "must lie between" in refused.reason


def test_what_is_wrong_beside_the_orders_refuses_all() -> None:
    with pytest.raises(InvalidRequest) as refused:
        together(**UNSOUND | {"materials": [{"sku": "TEA", "weight_grams": -1}]}, skip_unsound_orders=True)
    assert "materials[0].weight_grams" in [violation.field for violation in refused.value.violations]


def test_without_capacity_units_stay_unfilled() -> None:
    full = [{"source_id": source_id, "most_orders": 0} for source_id in ("near", "far")]
    decided = together(orders=[order("1", 1), order("2", 2)], wave={"sources": full})
    assert [one.plan.unfilled_units for one in decided.orders] == [1, 2]
    assert decided.plan.total_minor == 300_000


def test_without_time_there_is_no_wave() -> None:
    with pytest.raises(DeadlineTooShort):
        decided_together(command(engine="batch"), seconds_left=lambda: 0.0)


def test_a_wave_without_a_deadline_is_limited_by_its_work() -> None:
    decided = decided_together(command(engine="batch"), seconds_left=lambda: math.inf)
    assert (decided.plan.stop, decided.plan.gap_minor) == (Stop.OPTIMAL, 0)


def test_undated_backorders_of_orders_on_other_days_come_from_the_same_pile() -> None:
    """Each order by itself could have all three units, under an offer of its own day."""
    later = order("2", 2, placed_at="2026-03-05T08:00:00Z")
    decided = together(orders=[order("1", 2), later], stock=[tea("near", 3, stage="backorder")])
    assert sum(units for one in decided.orders for _, _, units in shipped(one.plan)) <= 3


def test_orders_are_decided_together_where_the_engine_is_batch() -> None:
    """The first order could take the last unit near, which saves the second far more."""
    lanes = [lane("near", 300), lane("far", 900), lane("far", 400, order_id="1")]
    decided = together(orders=[order("1", 1), order("2", 1)], stock=[tea("near", 1), tea("far", 9)], lanes=lanes)
    assert sources_of(decided) == [("far",), ("near",)]
    assert (decided.plan.total_minor, decided.plan.engine, decided.plan.currency) == (700, Engine.BATCH, "CNY")
    assert decided.plan.cost_minor[WaveTerm.ORDERS] == sum(one.plan.total_minor for one in decided.orders)


def test_a_fixed_cost_is_shared_by_the_orders_of_a_source() -> None:
    """Facilities with a fixed cost and a capacity, customers that are each served by one of them."""
    customers = [order("1", 3), order("2", 4), order("3", 5)]
    sites = {"sources": [{"source_id": "near", "opening_cost_minor": 2_000, "most_units": 8},
                         {"source_id": "far", "opening_cost_minor": 100, "most_units": 8}]}  # fmt: skip
    decided = together(orders=customers, stock=[tea("near", 99), tea("far", 99)], wave=sites)
    assert sources_of(decided).count(("near",)) == 2
    assert decided.plan.opened == ("near", "far")
    assert decided.plan.cost_minor[WaveTerm.OPENING] == 2_100
    assert decided.plan.total_minor == 300 + 300 + 900 + 2_100
