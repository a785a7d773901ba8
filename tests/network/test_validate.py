"""What sound regions, sources and tariffs are: every broken rule by its field and value."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from solver.errors import Violations
from solver.network.model import Band, DistanceZone, Hours, RateCard, Region, RegionZone, Source, ZoneRate
from solver.network.validate import (
    MOST_BANDS,
    check_carrier,
    check_no_loops,
    check_rate_card,
    check_region,
    check_service,
    check_source,
)
from tests.made_world import AIR, CARRIERS, EAST_STORE, GROUND, REGIONS, SERVICES, SOURCES

NAN = float("nan")
KNOWN_REGIONS = {region.region_id for region in REGIONS}
KNOWN_CARRIERS = {carrier.carrier_id for carrier in CARRIERS}


def found(check: Callable[[Violations], None]) -> dict[str, str]:
    """What a check records: field -> value."""
    violations = Violations()
    check(violations)
    return {violation.field: violation.value for violation in violations.found}


def of_source(source: Source) -> dict[str, str]:
    return found(lambda violations: check_source(source, KNOWN_REGIONS, "s", violations))


def of_service(**changes: Any) -> dict[str, str]:
    service = replace(GROUND, **changes)
    return found(lambda violations: check_service(service, KNOWN_CARRIERS, KNOWN_REGIONS, "s", violations))


def of_card(*bands: Band) -> dict[str, str]:
    return found(lambda violations: check_rate_card(RateCard(bands=bands), "c", violations))


def test_the_made_world_is_sound() -> None:
    assert [of_source(source) for source in SOURCES] == [{}] * len(SOURCES)
    violations = Violations()
    for service in SERVICES:
        check_service(service, KNOWN_CARRIERS, KNOWN_REGIONS, "s", violations)
    for region in REGIONS:
        check_region(region, KNOWN_REGIONS, "r", violations)
    for carrier in CARRIERS:
        check_carrier(carrier, "c", violations)
    check_no_loops({region.region_id: region.parent_id for region in REGIONS}, "regions", violations)
    assert violations.found == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"region_id": ""}, {"r.region_id": "''"}),
        ({"latitude": -90.5}, {"r.latitude": "-90.5"}),
        ({"longitude": NAN}, {"r.longitude": "nan"}),
        ({"parent_id": "MOON"}, {"r.parent_id": "'MOON'"}),
        ({"latitude": 91.0, "longitude": 181.0}, {"r.latitude": "91.0", "r.longitude": "181.0"}),
    ],
)
def test_a_region_lies_on_the_globe_in_a_known_region(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    region = replace(REGIONS[1], **changes)
    assert found(lambda violations: check_region(region, KNOWN_REGIONS, "r", violations)) == wrong


def test_a_region_cannot_lie_in_itself() -> None:
    region = Region(region_id="EAST", name="", latitude=0, longitude=0, parent_id="EAST")
    assert found(lambda violations: check_region(region, KNOWN_REGIONS, "r", violations)) == {"r.parent_id": "'EAST'"}


@pytest.mark.parametrize(("depth", "found_any"), [(16, False), (17, True)])
def test_regions_nest_no_deeper_than_a_walk_to_the_root_goes(depth: int, found_any: bool) -> None:
    parents = {str(level): str(level - 1) if level else "" for level in range(depth)}
    assert bool(found(lambda violations: check_no_loops(parents, "regions", violations))) is found_any


@pytest.mark.parametrize(
    ("parents", "looping"),
    [
        ({"a": "", "b": "a", "c": "b"}, False),
        ({"a": "b", "b": "a"}, True),
        ({"a": "", "x": "y", "y": "z", "z": "x"}, True),
        ({"a": "gone"}, False),
    ],
)
def test_a_loop_of_regions_is_found_wherever_it_is(parents: dict[str, str], looping: bool) -> None:
    assert bool(found(lambda violations: check_no_loops(parents, "regions", violations))) is looping


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"source_id": "  "}, {"s.source_id": "'  '"}),
        ({"region_id": "MOON"}, {"s.region_id": "'MOON'"}),
        ({"latitude": float("inf")}, {"s.latitude": "inf"}),
        ({"time_zone": "Mars/Olympus"}, {"s.time_zone": "'Mars/Olympus'"}),
        ({"time_zone": ""}, {"s.time_zone": "''"}),
        ({"time_zone": "../etc/passwd"}, {"s.time_zone": "'../etc/passwd'"}),
        ({"time_zone": "UTC\0"}, {"s.time_zone": "'UTC\\x00'"}),
        ({"time_zone": "x" * 5000}, {"s.time_zone": repr("x" * 5000)[:77] + "..."}),
        ({"hours": Hours(opens_minute=600, closes_minute=600)}, {"s.hours": "(600, 600)"}),
        ({"hours": Hours(opens_minute=-1, closes_minute=600)}, {"s.hours": "(-1, 600)"}),
        ({"hours": Hours(opens_minute=0, closes_minute=1441)}, {"s.hours": "(0, 1441)"}),
        ({"hours": Hours(weekdays=())}, {"s.hours.weekdays": "()"}),
        ({"hours": Hours(weekdays=(0, 1))}, {"s.hours.weekdays": "(0, 1)"}),
        ({"hours": Hours(weekdays=(8,))}, {"s.hours.weekdays": "(8,)"}),
        ({"lead_minutes": -1}, {"s.lead_minutes": "-1"}),
        ({"lead_minutes": 525_601}, {"s.lead_minutes": "525601"}),
        ({"handling_per_package_minor": -1}, {"s.handling_per_package_minor": "-1"}),
        ({"handling_per_unit_minor": 10**12 + 1}, {"s.handling_per_unit_minor": str(10**12 + 1)}),
    ],
)
def test_a_source_names_what_is_wrong_with_it(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    assert of_source(replace(EAST_STORE, **changes)) == wrong


def test_a_source_with_several_faults_tells_them_all() -> None:
    source = replace(EAST_STORE, region_id="MOON", time_zone="Nowhere", lead_minutes=-5, latitude=100.0)
    assert set(of_source(source)) == {"s.region_id", "s.latitude", "s.time_zone", "s.lead_minutes"}


NEAR, FAR = GROUND.rates


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"service_id": ""}, {"s.service_id": "''"}),
        ({"carrier_id": "nobody"}, {"s.carrier_id": "'nobody'"}),
        ({"currency": "cny"}, {"s.currency": "'cny'"}),
        ({"volumetric_divisor_cm3_per_kg": -1}, {"s.volumetric_divisor_cm3_per_kg": "-1"}),
        ({"volumetric_divisor_in3_per_lb": -1}, {"s.volumetric_divisor_in3_per_lb": "-1"}),
        (
            {"volumetric_divisor_in3_per_lb": 30_001, "volumetric_divisor_cm3_per_kg": 0},
            {"s.volumetric_divisor_in3_per_lb": "30001"},
        ),
        (
            {"volumetric_divisor_in3_per_lb": 139, "volumetric_divisor_cm3_per_kg": 5_000},
            {"s.volumetric_divisor_in3_per_lb": "'139'"},
        ),
        ({"min_billable_grams": -1}, {"s.min_billable_grams": "-1"}),
        ({"max_weight_grams": 10**9 + 1}, {"s.max_weight_grams": str(10**9 + 1)}),
        ({"assumed": ("fuel: none", "days: 2"), "assumed_zh": ("燃油附加费：无",)}, {"s.assumed_zh": "'1 texts'"}),
        ({"rates": (NEAR, FAR, NEAR)}, {"s.rates[2]": "'near'"}),
        ({"rates": (NEAR, replace(FAR, transit_minutes=-1))}, {"s.rates[1].transit_minutes": "-1"}),
        ({"rates": (NEAR, replace(FAR, card=RateCard(bands=())))}, {"s.rates[1].card.bands": "'0 bands'"}),
        ({"rates": (NEAR,)}, {"s.region_zones[2].zone": "'far'"}),
        ({"region_zones": ()}, {"s": "'no zones'"}),
        (
            {"region_zones": (RegionZone(zone="near"), RegionZone(zone="far"))},
            {"s.region_zones[1]": "' -> '"},
        ),
        (
            {"region_zones": (RegionZone(zone="near", origin_region_id="MOON", destination_region_id="SUN"),)},
            {"s.region_zones[0].origin_region_id": "'MOON'", "s.region_zones[0].destination_region_id": "'SUN'"},
        ),
        (
            {"distance_zones": (DistanceZone(up_to_meters=None, zone="far"), DistanceZone(up_to_meters=9, zone="far"))},
            {"s.distance_zones[0].up_to_meters": "None"},
        ),
        (
            {"distance_zones": (DistanceZone(up_to_meters=9, zone="near"), DistanceZone(up_to_meters=9, zone="far"))},
            {"s.distance_zones[1].up_to_meters": "9"},
        ),
        ({"distance_zones": (DistanceZone(up_to_meters=9, zone="x"),)}, {"s.distance_zones[0].zone": "'x'"}),
    ],
)
def test_a_service_names_what_is_wrong_with_it(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    assert of_service(**changes) == wrong


def test_a_service_without_rates_names_its_rates_and_every_zone_left_without_one() -> None:
    assert of_service(rates=()) == {
        "s.rates": "'none'",
        "s.region_zones[0].zone": "'near'",
        "s.region_zones[1].zone": "'near'",
        "s.region_zones[2].zone": "'far'",
    }


def test_the_last_distance_zone_may_reach_any_distance() -> None:
    zones = (DistanceZone(up_to_meters=0, zone="air"), DistanceZone(up_to_meters=None, zone="air"))
    service = replace(AIR, distance_zones=zones)
    assert found(lambda violations: check_service(service, KNOWN_CARRIERS, KNOWN_REGIONS, "s", violations)) == {}


@pytest.mark.parametrize(
    ("bands", "wrong"),
    [
        ([Band(up_to_grams=None, base_minor=0)], {}),
        ([Band(up_to_grams=500, base_minor=1), Band(up_to_grams=None, base_minor=1)], {}),
        ([], {"c.bands": "'0 bands'"}),
        ([Band(up_to_grams=n + 1, base_minor=1) for n in range(MOST_BANDS)], {}),
        (
            [Band(up_to_grams=n + 1, base_minor=1) for n in range(MOST_BANDS + 1)],
            {"c.bands": f"'{MOST_BANDS + 1} bands'"},
        ),
        (
            [Band(up_to_grams=None, base_minor=1), Band(up_to_grams=900, base_minor=1)],
            {"c.bands[0].up_to_grams": "None"},
        ),
        (
            [Band(up_to_grams=900, base_minor=1), Band(up_to_grams=900, base_minor=1)],
            {"c.bands[1].up_to_grams": "900"},
        ),
        (
            [Band(up_to_grams=900, base_minor=1), Band(up_to_grams=800, base_minor=1)],
            {"c.bands[1].up_to_grams": "800"},
        ),
        ([Band(up_to_grams=0, base_minor=1)], {"c.bands[0].up_to_grams": "0"}),
        ([Band(up_to_grams=9, base_minor=-1)], {"c.bands[0].base_minor": "-1"}),
        ([Band(up_to_grams=9, base_minor=1, step_minor=-1)], {"c.bands[0].step_minor": "-1"}),
        ([Band(up_to_grams=9, base_minor=1, step_grams=0)], {"c.bands[0].step_grams": "0"}),
        ([Band(up_to_grams=9, base_minor=1, from_grams=-1)], {"c.bands[0].from_grams": "-1"}),
        ([Band(up_to_grams=None, base_minor=0, step_grams=1, step_minor=1000)], {}),
        ([Band(up_to_grams=None, base_minor=1, step_grams=1, step_minor=1000)], {"c.bands[0].step_minor": "1000"}),
        ([Band(up_to_grams=2, base_minor=0, step_grams=1, step_minor=10**12)], {"c.bands[0].step_minor": str(10**12)}),
        ([Band(up_to_grams=1, base_minor=0, step_grams=1, step_minor=10**12)], {}),
    ],
)
def test_a_rate_cards_bands_ascend_and_only_the_last_is_endless(bands: list[Band], wrong: dict[str, str]) -> None:
    assert of_card(*bands) == wrong


def test_zone_names_need_no_particular_form_but_a_rate() -> None:
    rate = ZoneRate(zone="", card=NEAR.card, transit_minutes=0)
    assert of_service(rates=(rate,), region_zones=(RegionZone(zone=""),)) == {}
