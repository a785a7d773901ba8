"""What is charged beside the freight: how much, where and on which days."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from solver.network.lanes import Lane, WeightRefusal, lanes_to
from solver.network.model import Band, RateCard, Region, Service
from solver.network.network import Network
from solver.network.surcharge import Surcharge, SurchargeKind, surcharge_minor
from solver.orders.model import Address
from tests.made_world import CARRIERS, EAST_STORE, EAST_WAREHOUSE, GROUND, MONDAY_AT_8, REGIONS, WEST_WAREHOUSE

FUEL = Surcharge(name="fuel", kind=SurchargeKind.FUEL, freight_basis_points=1_050)
REMOTE = Surcharge(
    name="west",
    kind=SurchargeKind.REMOTE_AREA,
    per_package_minor=500,
    per_kg_minor=120,
    destination_region_ids=("WEST",),
)
MARCH = Surcharge(
    name="march", kind=SurchargeKind.PEAK, per_package_minor=80, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3)
)


@pytest.mark.parametrize(
    ("freight_minor", "amount_minor"),
    [(0, 0), (1_000, 105), (1_001, 105), (1_005, 106), (1_010, 106)],  # 105.105, 105.525, 106.05
)
def test_a_part_of_the_freight_is_rounded_half_up(freight_minor: int, amount_minor: int) -> None:
    assert FUEL.amount_minor(freight_minor, 1) == amount_minor


def test_exactly_half_a_minor_unit_is_rounded_up() -> None:
    assert Surcharge(name="x", freight_basis_points=50).amount_minor(100, 1) == 1  # 0.5
    assert Surcharge(name="x", freight_basis_points=50).amount_minor(99, 1) == 0  # 0.495


@pytest.mark.parametrize(("grams", "amount_minor"), [(1, 620), (1_000, 620), (1_001, 740), (2_500, 860)])
def test_every_begun_kilogram_is_charged(grams: int, amount_minor: int) -> None:
    assert REMOTE.amount_minor(0, grams) == amount_minor


def test_surcharges_are_rounded_one_by_one_and_not_charged_on_each_other() -> None:
    half = Surcharge(name="half", freight_basis_points=50)
    assert surcharge_minor([half, half, REMOTE], 100, 1_000) == 1 + 1 + 620


@pytest.mark.parametrize(
    ("day", "applies"),
    [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (date(2026, 3, 3), True), (date(2026, 3, 4), False)],
)
def test_both_days_of_a_season_belong_to_it(day: date, applies: bool) -> None:
    assert MARCH.applies((), day) is applies
    assert replace(MARCH, first_day=None).applies((), day) is (day <= date(2026, 3, 3))
    assert replace(MARCH, last_day=None).applies((), day) is (day >= date(2026, 3, 2))


def test_a_region_counts_with_all_that_lies_in_it() -> None:
    assert REMOTE.applies(("WEST-CITY", "WEST"), date(2026, 1, 1))
    assert not REMOTE.applies(("EAST-CITY", "EAST"), date(2026, 1, 1))
    assert FUEL.applies(("EAST-CITY", "EAST"), date(2026, 1, 1))


def lane_of(
    service: Service,
    region_id: str,
    *,
    placed_at: datetime = MONDAY_AT_8,
    source_id: str = "W-EAST",
    regions: tuple[Region, ...] = REGIONS,
) -> Lane:
    sources = (EAST_WAREHOUSE, EAST_STORE, WEST_WAREHOUSE)
    network = Network.of(regions=regions, sources=sources, carriers=CARRIERS, services=(service,))
    place = network.place(Address(region_id=region_id))
    (lane,), _ = lanes_to(network, place, placed_at=placed_at, source_ids=(source_id,))
    return lane


SURCHARGED = replace(GROUND, surcharges=(FUEL, REMOTE, MARCH))


def test_a_lane_has_the_surcharges_of_its_destination_and_day() -> None:
    assert lane_of(SURCHARGED, "WEST-CITY").surcharges == (FUEL, REMOTE, MARCH)
    assert lane_of(SURCHARGED, "EAST-CITY").surcharges == (FUEL, MARCH)
    later = datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert lane_of(SURCHARGED, "EAST-CITY", placed_at=later).surcharges == (FUEL,)


def test_the_day_is_that_of_the_hand_over_where_the_source_is() -> None:
    # The store works from 10:00 in Shanghai: what is ordered at 23:00 on the third is handed over on the fourth.
    evening = datetime(2026, 3, 3, 15, tzinfo=UTC)
    assert lane_of(SURCHARGED, "EAST-CITY", placed_at=evening, source_id="S-EAST").surcharges == (FUEL,)
    # 18:00 UTC on the first is 2:00 on the second in Shanghai.
    sunday = datetime(2026, 3, 1, 18, tzinfo=UTC)
    assert lane_of(SURCHARGED, "EAST-CITY", placed_at=sunday, source_id="S-EAST").surcharges == (FUEL, MARCH)


def test_a_lane_adds_its_surcharges_up_for_a_package() -> None:
    lane = lane_of(SURCHARGED, "WEST-CITY")
    # 1.6 kg by ground to the far zone: 12.00 + 2 half kilograms x 2.50 = 17.00; 10.5 % of it 1.785
    assert lane.freight_minor(1_600, 0) == 1_700
    assert lane.surcharge_minor(1_600, 0) == 179 + (500 + 2 * 120) + 80
    # 12,000 cm3 at 6000 cm3 per kg are billed as 2 kg
    assert lane.surcharge_minor(1_600, 12_000_001) == 179 + (500 + 3 * 120) + 80 + 26  # 19.50: 2.0475 fuel
    assert lane.surcharge_minor(20_001, 0) is None


def test_a_lane_says_why_it_refuses_a_weight() -> None:
    card = RateCard(
        bands=(
            Band(up_to_grams=1_000, base_minor=0, closed=True),
            Band(up_to_grams=5_000, base_minor=100),
        )
    )
    lane = replace(lane_of(GROUND, "WEST-CITY"), card=card, max_weight_grams=4_000, volumetric_divisor_cm3_per_kg=5_000)
    assert lane.weight_refusal(1_000, 0) is WeightRefusal.BAND_CLOSED
    assert lane.weight_refusal(1_001, 0) is None
    assert lane.weight_refusal(4_001, 0) is WeightRefusal.ABOVE_LIMIT
    assert lane.weight_refusal(4_000, 25_000_000) is None  # 5 kg by volume
    assert lane.weight_refusal(4_000, 25_000_001) is WeightRefusal.ABOVE_CARD


def test_a_lane_takes_over_what_its_service_refuses_and_emits() -> None:
    service = replace(
        GROUND,
        max_volume_mm3=1,
        max_side_mm=2,
        max_units=3,
        refuses_tags=("hazmat", "battery"),
        carbon_grams_per_package=40,
        carbon_grams_per_tonne_km=62,
    )
    lane = lane_of(service, "WEST-CITY")
    limits = (lane.max_volume_mm3, lane.max_side_mm, lane.max_units, lane.refuses_tags)
    assert limits == (1, 2, 3, ("hazmat", "battery"))
    assert (lane.carbon_grams_per_package, lane.carbon_grams_per_tonne_km) == (40, 62)


@pytest.mark.parametrize(
    ("east", "west", "crosses"), [("", "", False), ("CN", "", False), ("CN", "CN", False), ("CN", "KZ", True)]
)
def test_a_border_is_crossed_where_both_ends_state_different_countries(east: str, west: str, crosses: bool) -> None:
    countries = {"EAST": east, "WEST": west}
    regions = tuple(replace(region, country=countries.get(region.region_id, "")) for region in REGIONS)
    assert lane_of(GROUND, "WEST-CITY", regions=regions).crosses_border is crosses


def test_the_nearest_region_that_states_a_country_counts() -> None:
    own = tuple(replace(one, country={"WEST-CITY": "MN", "WEST": "CN"}.get(one.region_id, "")) for one in REGIONS)
    network = Network.of(regions=own)
    assert [network.country(region_id) for region_id in ("WEST-CITY", "WEST", "EAST-CITY")] == ["MN", "CN", ""]


def test_a_service_that_rounds_weights_gives_lanes_that_do() -> None:
    lane = lane_of(replace(GROUND, weight_step_grams=1_000), "WEST-CITY")
    # 12.00 for the first kilogram, 2.50 for each half one: by the kilogram 5.00
    assert [lane.freight_minor(grams, 0) for grams in (1_000, 1_001, 1_600, 2_000, 2_001, 20_000, 20_001)] == [
        1_200,
        1_700,
        1_700,
        1_700,
        2_200,
        10_700,
        None,
    ]
