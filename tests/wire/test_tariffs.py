"""A tariff with everything it can state crosses the wire, a scenario folder and the store unchanged."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from solver.errors import Violations
from solver.gen.xunyuan.network.v1 import source_pb2, tariff_pb2
from solver.network.model import Band, RateCard, Region, Service, ZoneRate
from solver.network.surcharge import Surcharge, SurchargeKind
from solver.scenario.files import read_scenario, write_scenario
from solver.scenario.model import Scenario
from solver.wire.codec import from_proto, to_proto
from tests.made_world import AIR, CARRIERS, REGIONS

CARD = RateCard(
    bands=(
        Band(up_to_grams=1_000, base_minor=0, closed=True),
        Band(up_to_grams=None, base_minor=900, from_grams=1_000, step_grams=500, step_minor=40),
    )
)
FULL = replace(
    AIR,
    rates=(ZoneRate(zone="air", card=CARD, transit_minutes=300),),
    weight_step_grams=500,
    surcharges=(
        Surcharge(name="fuel", kind=SurchargeKind.FUEL, freight_basis_points=875),
        Surcharge(
            name="peak",
            kind=SurchargeKind.PEAK,
            per_package_minor=99,
            per_kg_minor=3,
            destination_region_ids=("WEST",),
            first_day=date(2026, 11, 1),
            last_day=date(2026, 11, 20),
        ),
    ),
    max_volume_mm3=1,
    max_side_mm=2,
    max_units=3,
    refuses_tags=("battery", "hazmat"),
    carbon_grams_per_package=40,
    carbon_grams_per_tonne_km=62,
    assumed=("rounding: each begun half kilogram",),
)


def over_the_wire(service: tariff_pb2.Service) -> tuple[Service | None, list[tuple[str, str, str]]]:
    violations = Violations()
    noun = from_proto(service, Service, "service", violations)
    return noun, [(found.field, found.value, found.remedy) for found in violations.found]


def test_a_full_tariff_crosses_the_wire_unchanged() -> None:
    assert over_the_wire(to_proto(FULL, tariff_pb2.Service)) == (FULL, [])


def test_a_surcharge_without_kind_is_of_another_kind_and_one_without_days_has_no_end() -> None:
    message = to_proto(AIR, tariff_pb2.Service)
    message.surcharges.add(name="x", per_package_minor=1)
    noun, found = over_the_wire(message)
    assert noun is not None
    assert (noun.surcharges, found) == ((Surcharge(name="x", per_package_minor=1),), [])
    assert (noun.surcharges[0].kind, noun.surcharges[0].last_day) == (SurchargeKind.OTHER, None)


def test_a_day_that_is_none_is_refused_by_its_path() -> None:
    message = to_proto(FULL, tariff_pb2.Service)
    message.surcharges[1].last_day = "2026-11-31"
    assert over_the_wire(message) == (
        None,
        [("service.surcharges[1].last_day", "'2026-11-31'", "give a day as YYYY-MM-DD")],
    )


def test_a_country_crosses_the_wire() -> None:
    region = replace(REGIONS[0], country="CN")
    assert from_proto(to_proto(region, source_pb2.Region), Region, "", Violations()) == region


def test_a_scenario_folder_keeps_a_full_tariff(tmp_path: Path) -> None:
    regions = (replace(REGIONS[0], country="CN"), *REGIONS[1:])
    scenario = Scenario(name="t", title="T", currency="CNY", regions=regions, carriers=CARRIERS, services=(FULL,))
    write_scenario(scenario, tmp_path)
    assert read_scenario(tmp_path) == scenario
