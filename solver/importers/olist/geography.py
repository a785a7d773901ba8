"""Brazilian places: states `BR-SP`, municipalities `BR-3550308` (their IBGE code), and coordinates of zip prefixes."""

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from solver.errors import NotFound
from solver.importers.intake import Intake
from solver.importers.rows import Row
from solver.importers.values import coordinate
from solver.network.distance import distance_meters
from solver.network.model import Region

STATES = "olist/reference/br_estados.csv"
MUNICIPALITIES = "olist/reference/br_municipios.csv.gz"
ZIP_PREFIXES = "olist/reference/olist_geolocation_by_zip_prefix.csv.gz"
# A box around the country, in degrees.
SOUTH, NORTH, WEST, EAST = -34.0, 5.5, -74.0, -28.5
FARTHEST_METERS = 200_000
TIME_ZONE = "America/Sao_Paulo"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """States and municipalities as regions, and where a zip prefix lies."""

    regions: dict[str, Region] = field(default_factory=dict)
    time_zones: dict[str, str] = field(default_factory=dict)  # of municipalities
    capital_ids: list[str] = field(default_factory=list)
    by_name: dict[tuple[str, str], str] = field(default_factory=dict)  # (state, plain name) -> municipality
    points: dict[str, Point] = field(default_factory=dict)  # by zip prefix of five digits

    def region_of(self, state: str, city: str) -> Region | None:
        """The municipality, else the state; None when the state is not known either."""
        state_id = f"BR-{state}"
        return self.regions.get(self.by_name.get((state_id, plain(city)), state_id))

    def region(self, region_id: str) -> Region:
        """The region of this id; raises NotFound."""
        if region_id not in self.regions:
            raise NotFound(f"the list of municipalities has no {region_id}")
        return self.regions[region_id]

    def point(self, zip_prefix: str) -> Point | None:
        """Coordinates of a zip prefix, leading zeros or not; None when none are usable."""
        return self.points.get(zip_prefix.zfill(5))

    def with_parents(self, region_ids: set[str]) -> tuple[Region, ...]:
        """These regions and the states above them, by id."""
        parents = {self.regions[region_id].parent_id for region_id in region_ids} - {""}
        return tuple(self.regions[region_id] for region_id in sorted(region_ids | parents))


def plain(name: str) -> str:
    """A name without accents, case, spaces or punctuation: `São João d'Aliança` and `sao joao d alianca` are one."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.lower()) if letter.isalnum())


def read_geography(data: Path, intake: Intake) -> Geography:
    """Read the three files; a row that cannot be placed, or a zip prefix placed where it cannot be, is rejected."""
    geography = Geography()
    state_ids = _read_states(data, geography, intake)
    _read_municipalities(data, geography, state_ids, intake)
    for row in intake.rows(data, ZIP_PREFIXES, _ZIP_COLUMNS):
        _read_zip_prefix(row, geography, intake)
    return geography


_ZIP_COLUMNS = (
    "geolocation_zip_code_prefix",
    "geolocation_lat",
    "geolocation_lng",
    "geolocation_city",
    "geolocation_state",
)
_MUNICIPALITY_COLUMNS = ("codigo_ibge", "nome", "latitude", "longitude", "capital", "codigo_uf", "fuso_horario")


def _read_states(data: Path, geography: Geography, intake: Intake) -> dict[str, str]:
    state_ids = {}
    for row in intake.rows(data, STATES, ("codigo_uf", "uf", "nome", "latitude", "longitude")):
        point = _point(row, "latitude", "longitude")
        if point is None:
            intake.reject(row, "unreadable_coordinates", row.text)
            continue
        region_id = state_ids[row["codigo_uf"]] = f"BR-{row['uf']}"
        geography.regions[region_id] = Region(
            region_id=region_id, name=row["nome"], latitude=point[0], longitude=point[1]
        )
    return state_ids


def _read_municipalities(data: Path, geography: Geography, state_ids: dict[str, str], intake: Intake) -> None:
    for row in intake.rows(data, MUNICIPALITIES, _MUNICIPALITY_COLUMNS):
        point, state_id = _point(row, "latitude", "longitude"), state_ids.get(row["codigo_uf"])
        if point is None or state_id is None:
            intake.reject(row, "unreadable_coordinates" if point is None else "unknown_state", row.text)
            continue
        region_id = f"BR-{row['codigo_ibge']}"
        geography.regions[region_id] = Region(
            region_id=region_id, name=row["nome"], latitude=point[0], longitude=point[1], parent_id=state_id
        )
        geography.by_name[state_id, plain(row["nome"])] = region_id
        geography.time_zones[region_id] = row["fuso_horario"]
        if row["capital"] == "1":
            geography.capital_ids.append(region_id)


def _read_zip_prefix(row: Row, geography: Geography, intake: Intake) -> None:
    point = _point(row, "geolocation_lat", "geolocation_lng")
    zip_prefix = row["geolocation_zip_code_prefix"].zfill(5)
    region = geography.region_of(row["geolocation_state"], row["geolocation_city"])
    if zip_prefix in geography.points:
        intake.reject(row, "repeated_zip_prefix", row.text)
    elif point is None:
        intake.reject(row, "unreadable_coordinates", row.text)
    elif not (SOUTH <= point[0] <= NORTH and WEST <= point[1] <= EAST):
        intake.reject(row, "coordinates_outside_brazil", row.text)
    elif region is not None and region.parent_id and _too_far(point, region):
        intake.reject(row, "coordinates_far_from_municipality", row.text)
    else:
        geography.points[zip_prefix] = point


def _too_far(point: Point, region: Region) -> bool:
    return distance_meters(*point, region.latitude, region.longitude) > FARTHEST_METERS


def _point(row: Row, latitude_column: str, longitude_column: str) -> Point | None:
    latitude, longitude = coordinate(row[latitude_column]), coordinate(row[longitude_column])
    return None if latitude is None or longitude is None else (latitude, longitude)
