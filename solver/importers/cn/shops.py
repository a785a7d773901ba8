"""Two brands' real points of sale become stores and dealers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.importers.cn.hours import ASSUMED_HOURS, differs_by_day, parse_hours
from solver.importers.cn.orders import TIME_ZONE
from solver.importers.cn.places import Gazetteer, Place
from solver.importers.intake import Intake
from solver.importers.rows import Row
from solver.importers.values import coordinate
from solver.network.distance import distance_meters
from solver.network.model import Hours, Source, SourceKind

COLUMNS = ("uuid", "name", "lat", "lng", "province", "city", "business_hours", "status")
OPEN_STATUS = "营业中"
FARTHEST_METERS = 600_000  # the widest prefectures of Xinjiang reach about this far from their seat


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTerms:
    """A file of points of sale, and what is assumed about working with them."""

    file: str
    prefix: str
    kind: SourceKind
    lead_minutes: int
    handling_per_package_minor: int
    handling_per_unit_minor: int


STORES = ShopTerms(
    file="cn_stores/dji_offline_stores.csv",
    prefix="dji",
    kind=SourceKind.STORE,
    lead_minutes=120,
    handling_per_package_minor=200,
    handling_per_unit_minor=30,
)
DEALERS = ShopTerms(
    file="cn_stores/insta360_offline_stores.csv",
    prefix="insta360",
    kind=SourceKind.DEALER,
    lead_minutes=480,
    handling_per_package_minor=300,
    handling_per_unit_minor=50,
)


def read_shops(data: Path, terms: ShopTerms, gazetteer: Gazetteer, intake: Intake) -> Iterator[Source]:
    """Stream the points of sale that are open and whose city is known."""
    seen: set[str] = set()
    for row in intake.rows(data, terms.file, COLUMNS):
        source_id = f"{terms.prefix}-{row['uuid'][:8]}"
        place = _place(row, gazetteer)
        if row["status"] != OPEN_STATUS:
            intake.reject(row, "not_open", f"status={row['status']}")
        elif source_id in seen or not row["uuid"]:
            intake.reject(row, "repeated_shop", f"uuid={row['uuid']}")
        elif place is None or place.centre is None:
            intake.reject(row, "unknown_place", f"province={row['province']} city={row['city']}")
        else:
            seen.add(source_id)
            yield _source(row, source_id, place, terms, intake)


def assumptions() -> tuple[str, ...]:
    """What is made up about shops, in words."""
    listed = "; ".join(
        f"{terms.kind} lead {terms.lead_minutes} minutes, handling {terms.handling_per_package_minor} fen a package "
        f"and {terms.handling_per_unit_minor} fen a unit"
        for terms in (STORES, DEALERS)
    )
    return (
        (
            "DJI points of sale play the stores, Insta360's the dealers of the brand: their places and hours are real, "
            f"their part in it is assumed; {listed}."
        ),
        "Shop coordinates stay in GCJ-02 as given, up to about 700 m off WGS-84.",
    )


def _source(row: Row, source_id: str, place: Place, terms: ShopTerms, intake: Intake) -> Source:
    latitude, longitude = _coordinates(row, place, intake)
    return Source(
        source_id=source_id,
        name=row["name"],
        kind=terms.kind,
        region_id=place.region_id,
        latitude=latitude,
        longitude=longitude,
        time_zone=TIME_ZONE,
        hours=_hours(row["business_hours"], intake),
        lead_minutes=terms.lead_minutes,
        handling_per_package_minor=terms.handling_per_package_minor,
        handling_per_unit_minor=terms.handling_per_unit_minor,
    )


def _place(row: Row, gazetteer: Gazetteer) -> Place | None:
    province = gazetteer.province(row["province"])
    if province is None:
        return None
    return gazetteer.within(province, row["city"]) or (province if row["city"] == province.name else None)


def _coordinates(row: Row, place: Place, intake: Intake) -> tuple[float, float]:
    latitude, longitude = coordinate(row["lat"]), coordinate(row["lng"])
    centre = place.centre
    assert centre is not None, "the caller refuses places without a centre"
    if latitude is None or longitude is None:
        intake.reject(row, "unreadable_coordinates", f"lat={row['lat']} lng={row['lng']}")
    elif distance_meters(latitude, longitude, *centre) > FARTHEST_METERS and not place.is_province:
        intake.reject(
            row,
            "coordinates_far_from_city",
            f"lat={row['lat']} lng={row['lng']} city={row['city']}",
        )
    else:
        return latitude, longitude
    intake.repair("shop coordinates: not usable, the centre of the city stands in")
    return centre


def _hours(text: str, intake: Intake) -> Hours:
    hours = parse_hours(text)
    if hours is None:
        intake.repair(f"shop hours: {'unreadable' if text else 'missing'}, 10:00 to 22:00 assumed")
        return ASSUMED_HOURS
    if differs_by_day(text):
        intake.repair("shop hours: differ by day or season, the hours common to all are taken")
    return hours
