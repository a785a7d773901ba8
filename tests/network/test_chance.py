"""The chance of a lane: from the order where leads were seen, else from the planned hand-over, else not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from solver.network.chance import lane_permille
from solver.network.lanes import Lane
from solver.network.model import Band, RateCard
from solver.network.transit import TransitPool, TransitTimes

PLACED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVEN = TransitTimes(quantiles_minutes=(0, 1_000), sample_count=30)
ALWAYS_300 = TransitTimes(quantiles_minutes=(300, 300), sample_count=30, pooled_from=TransitPool.SOURCE)
LANE = Lane(
    source_id="S1",
    service_id="ground",
    carrier_id="C1",
    distance_meters=0,
    arrives_at=PLACED_AT + timedelta(minutes=600),
    card=RateCard(bands=(Band(up_to_grams=None, base_minor=100),)),
    hand_over_at=PLACED_AT + timedelta(minutes=100),
    transit_minutes=500,
    transit_times=EVEN,
)


def chance(lane: Lane) -> int | None:
    return lane_permille(lane, placed_at=PLACED_AT, deadline=PLACED_AT + timedelta(minutes=800))


def test_from_the_planned_hand_over_where_leads_were_not_seen() -> None:
    assert chance(LANE) == 700


def test_from_the_order_where_leads_were_seen_whatever_is_planned() -> None:
    assert chance(replace(LANE, lead_times=ALWAYS_300)) == 500
    assert chance(replace(LANE, lead_times=ALWAYS_300, hand_over_at=None)) == 500


def test_unknown_where_transit_was_not_seen_or_nobody_says_when_it_begins() -> None:
    assert chance(replace(LANE, transit_times=None, lead_times=ALWAYS_300)) is None
    assert chance(replace(LANE, hand_over_at=None)) is None
