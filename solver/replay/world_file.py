"""Where a run took place, `world.json` beside its figures: what a reader of the run needs without its scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from solver.network.model import Region, Source
from solver.scenario.model import Scenario, Threshold

WORLD_FILE = "world.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A source or a region: `within` is the region that it lies in, empty at the root; `kind` is a source's."""

    place_id: str
    name: str
    latitude: float
    longitude: float
    within: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Title and thresholds of a scenario, who ships and where to."""

    title: str
    description: str = ""
    assumptions: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    sources: tuple[Place, ...] = ()
    regions: tuple[Place, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)  # names by id


def world_of(scenario: Scenario) -> World:
    """What of a scenario a run keeps."""
    return World(
        title=scenario.title,
        description=scenario.description,
        assumptions=scenario.assumptions,
        thresholds=scenario.thresholds,
        sources=tuple(_source(one) for one in scenario.sources),
        regions=tuple(_region(one) for one in scenario.regions),
        services={one.service_id: one.name for one in scenario.services},
    )


def write_world(folder: Path, world: World) -> None:
    """Write it into a run's folder, which must be there."""
    (folder / WORLD_FILE).write_bytes(msgspec.json.encode(world, order="deterministic") + b"\n")


def read_world(folder: Path) -> World | None:
    """The world of a run; None where the run was kept without."""
    path = folder / WORLD_FILE
    return msgspec.json.decode(path.read_bytes(), type=World) if path.is_file() else None


def _source(source: Source) -> Place:
    return Place(
        place_id=source.source_id,
        name=source.name,
        kind=source.kind,
        within=source.region_id,
        latitude=source.latitude,
        longitude=source.longitude,
    )


def _region(region: Region) -> Place:
    return Place(
        place_id=region.region_id,
        name=region.name,
        within=region.parent_id,
        latitude=region.latitude,
        longitude=region.longitude,
    )
