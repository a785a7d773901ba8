"""What sound transit times are, where they hang, and that they travel: lanes, the store, scenario files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from solver.errors import Violations
from solver.network.check_transit import check_transit_times
from solver.network.lanes import lanes_to
from solver.network.model import Service, Source
from solver.network.network import Network
from solver.network.transit import TransitPool, TransitTimes
from solver.network.validate import check_service, check_source
from solver.orders.model import Address
from solver.scenario.files import read_scenario, write_scenario
from tests.made_world import CARRIERS, GROUND, REGIONS, SOURCES, made_world

SEEN = TransitTimes(quantiles_minutes=(60, 90, 240), sample_count=30, pooled_from=TransitPool.CARRIER)
LEAD = TransitTimes(quantiles_minutes=(5, 30), sample_count=45, pooled_from=TransitPool.SOURCE)
BACKWARDS = TransitTimes(quantiles_minutes=(60, 50), sample_count=30)


def counted(service: Service) -> Service:
    return replace(service, rates=tuple(replace(rate, transit_times=SEEN) for rate in service.rates))


def found(check: Callable[[Violations], None]) -> dict[str, str]:
    violations = Violations()
    check(violations)
    return {violation.field: violation.remedy for violation in violations.found}


def of_times(**changes: Any) -> dict[str, str]:
    return found(lambda violations: check_transit_times(replace(SEEN, **changes), "t", violations))


@pytest.mark.parametrize("times", [None, SEEN, LEAD, replace(SEEN, quantiles_minutes=(0, 0))])
def test_ascending_times_that_were_seen_are_sound_and_so_are_none(times: TransitTimes | None) -> None:
    assert found(lambda violations: check_transit_times(times, "t", violations)) == {}


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"quantiles_minutes": (60,)}, {"t.quantiles_minutes": "give 2 to 1,001"}),
        ({"quantiles_minutes": (1,) * 1_002}, {"t.quantiles_minutes": "give 2 to 1,001"}),
        ({"quantiles_minutes": (60, 59)}, {"t.quantiles_minutes[1]": "must not be below 60, before it"}),
        ({"quantiles_minutes": (-1, 0)}, {"t.quantiles_minutes[0]": "must lie between 0 and 525,600"}),
        ({"quantiles_minutes": (0, 525_601)}, {"t.quantiles_minutes[1]": "must lie between 0 and 525,600"}),
        ({"sample_count": 0}, {"t.sample_count": "0 where, and only where, pooled_from is assumed"}),
        (
            {"pooled_from": TransitPool.ASSUMED},
            {"t.sample_count": "0 where, and only where, pooled_from is assumed"},
        ),
    ],
)
def test_unsound_times_are_refused_by_field(changes: dict[str, Any], violation: dict[str, str]) -> None:
    assert of_times(**changes) == violation


def test_a_service_and_a_source_answer_for_their_times() -> None:
    regions = {region.region_id for region in REGIONS}
    carriers = {carrier.carrier_id for carrier in CARRIERS}
    service = replace(GROUND, rates=(replace(GROUND.rates[0], transit_times=BACKWARDS), *GROUND.rates[1:]))
    source = replace(SOURCES[0], lead_times=BACKWARDS)
    assert list(found(lambda v: check_service(service, carriers, regions, "s", v))) == [
        "s.rates[0].transit_times.quantiles_minutes[1]"
    ]
    assert list(found(lambda v: check_source(source, regions, "s", v))) == ["s.lead_times.quantiles_minutes[1]"]


def lanes_of(source: Source, service: Service) -> set[tuple[TransitTimes | None, TransitTimes | None]]:
    network = Network.of(regions=REGIONS, sources=[source], carriers=CARRIERS, services=[service])
    place = network.place(Address(region_id=source.region_id))
    lanes, _ = lanes_to(network, place, placed_at=datetime(2026, 3, 2, tzinfo=UTC), source_ids=[source.source_id])
    return {(lane.lead_times, lane.transit_times) for lane in lanes}


def test_a_lane_has_its_zones_transit_times_and_its_sources_lead_times() -> None:
    assert lanes_of(SOURCES[0], GROUND) == {(None, None)}
    assert lanes_of(replace(SOURCES[0], lead_times=LEAD), counted(GROUND)) == {(LEAD, SEEN)}


def test_a_scenario_folder_keeps_them(tmp_path: Path) -> None:
    world = made_world()
    scenario = replace(
        world,
        services=tuple(counted(service) for service in world.services),
        sources=tuple(replace(source, lead_times=LEAD) for source in world.sources),
    )
    write_scenario(scenario, tmp_path)
    assert read_scenario(tmp_path) == scenario
