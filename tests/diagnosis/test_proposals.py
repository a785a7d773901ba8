"""What else is proposed: goods ordered in time, quicker sources, services opened, prices left out; and full sources."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from solver.diagnosis.changes import (
    HandOverSooner,
    LeaveTerm,
    OpenService,
    Reorder,
    ReorderAll,
    changed,
    told,
)
from solver.diagnosis.diagnose import diagnose, replayed
from solver.diagnosis.findings import Leak, Valued
from solver.diagnosis.supply import full_sources, missing_units
from solver.network.capacity import DailyCapacity
from solver.network.model import Band, RateCard
from solver.replay.outcome import Outcome
from solver.scenario.model import Inbound, Scenario
from solver.sourcing.policy import Policy
from tests.diagnosis.test_diagnose import world
from tests.made_world import AIR, GROUND, MONDAY_AT_8

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def run(scenario: Scenario) -> Sequence[Outcome]:
    return replayed(scenario, scenario.policy)


def found(scenario: Scenario, leak: Leak, lead_days: int = 5) -> list[Valued]:
    valued = diagnose(scenario, run(scenario), run, lead_days=lead_days)
    return [one for one in valued if one.finding.leak is leak]


def ten_days(units: int) -> Scenario:
    """A tea a day from the store."""
    made = world({("S-EAST", "TEA"): units}, ("TEA", 1), orders=10)
    orders = (replace(one, placed_at=MONDAY_AT_8 + number * DAY) for number, one in enumerate(made.orders))
    priced = (replace(one, lines=tuple(replace(line, unit_price_minor=3_000) for line in one.lines)) for one in orders)
    return replace(made, orders=tuple(priced))


def test_what_orders_did_not_get_could_have_been_reordered_in_time() -> None:
    [missing] = found(ten_days(6), Leak.MISSING_UNITS, lead_days=2)
    assert missing.finding.subject == "S-EAST"
    assert missing.finding.evidence == {"units": 4, "skus": 1, "lost_sales_minor": 12_000}
    assert missing.finding.orders == ("O-6", "O-7", "O-8", "O-9")
    # 10 in 9 days are 2.2 in two, and 1.645 times the root of that is 2.5 more; 5 are left when the second order comes
    comes = Inbound(source_id="S-EAST", sku="TEA", units=4, arrives_at=MONDAY_AT_8 + 3 * DAY)
    assert missing.finding.change == ReorderAll(orders=(Reorder(at_units=5, comes=comes),))
    assert (missing.more_filled_units, missing.paid_saved_minor) == (4, -4 * 860)
    assert missing.saved_minor == 4 * (100_000 - 860)  # the price of a unit that does not ship


def test_what_would_come_too_late_is_not_proposed() -> None:
    scenario = ten_days(9)
    [missing] = missing_units(scenario, run(scenario), lead_days=12)
    assert (missing.evidence["units"], missing.change) == (1, None)


def test_a_slow_source_could_hand_over_sooner() -> None:
    scenario = world({("W-EAST", "TEA"): 3}, ("TEA", 1))
    promised = tuple(replace(one, promised_at=one.placed_at + 10 * HOUR + 30 * MINUTE) for one in scenario.orders)
    [slow] = found(replace(scenario, orders=promised), Leak.SLOW_SOURCES)
    assert (slow.finding.subject, slow.finding.evidence) == (
        "W-EAST",
        {"late_packages": 3, "late_minutes": 90, "lead_minutes": 60},
    )
    assert slow.finding.change == HandOverSooner(source_id="W-EAST", lead_minutes=30)
    assert (slow.saved_minor, slow.paid_saved_minor, slow.fewer_late_orders) == (3 * 10, 0, 3)


def test_a_service_that_is_closed_to_stores_could_be_open() -> None:
    scenario = world({("S-EAST", "TEA"): 3}, ("TEA", 1))
    cheap = RateCard(bands=(Band(up_to_grams=5000, base_minor=100),))
    air = replace(AIR, rates=tuple(replace(rate, card=cheap) for rate in AIR.rates))
    [closed] = found(replace(scenario, services=(GROUND, air)), Leak.CLOSED_SERVICES)
    assert (closed.finding.subject, closed.finding.evidence) == (
        "air",
        {"packages_of_others": 3, "freight_of_others_minor": 2_400},
    )
    assert closed.finding.change == OpenService(service_id="air")
    assert (closed.saved_minor, closed.cheaper_orders) == (3 * 700, 3)
    assert found(scenario, Leak.CLOSED_SERVICES) == []  # air for 30.00 would help nobody


def test_a_wish_is_told_with_what_is_paid_for_it() -> None:
    scenario = world({("W-EAST", "TEA"): 1, ("S-EAST", "TEA"): 9}, ("TEA", 1))
    [wish] = found(replace(scenario, policy=Policy(distance_minor_per_km=1)), Leak.COSTLY_WISHES)
    assert (wish.finding.subject, wish.finding.evidence) == ("distance", {"orders": 2, "price_minor": 2 * 111})
    assert wish.finding.change == LeaveTerm(term="distance")
    assert (wish.saved_minor, wish.paid_saved_minor, wish.cheaper_orders) == (60, 60, 1)  # 9.20 at the door, 8.60 there


def test_a_source_beyond_its_capacity_is_told() -> None:
    scenario = world({("S-EAST", "TEA"): 9}, ("TEA", 2))
    capacity = DailyCapacity(units=(4,))
    sources = tuple(replace(one, capacity=capacity) for one in scenario.sources)
    outcomes = run(scenario)
    [full] = full_sources(replace(scenario, sources=sources), outcomes)
    assert (full.subject, full.evidence, full.change) == ("S-EAST", {"days": 1, "units_beyond_capacity": 2}, None)
    assert full_sources(scenario, outcomes) == []


def test_changes_are_told_in_words() -> None:
    comes = Inbound(source_id="A", sku="TEA", units=1_200, arrives_at=MONDAY_AT_8)
    reorders = ReorderAll(orders=(Reorder(at_units=7, comes=comes),) * 4)
    part = "1,200 TEA when 7 are left, there on 2026-03-02"
    assert told(reorders) == f"reorder for A: {part}, {part}, {part} and 1 more"
    assert told(HandOverSooner(source_id="A", lead_minutes=1_500)) == (
        "let A hand over within 1,500 minutes of an order"
    )
    assert told(OpenService(service_id="air")) == "let every kind of source hand over to air"
    assert told(LeaveTerm(term="split")) == "let the policy do without split"
    assert changed(ten_days(1), LeaveTerm(term="split")).policy.off == ("split",)
