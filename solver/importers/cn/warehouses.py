"""The brand's own warehouses, which no file names: five real cities, each with an assumed share of the stock."""

from solver.importers.cn.orders import TIME_ZONE
from solver.importers.cn.places import Gazetteer
from solver.importers.cn.workdays import CALENDAR_ID
from solver.network.model import Hours, Source, SourceKind

# City, its part of the warehouses' stock in percent.
SHARES_PERCENT = {
    "CN-320200": 30,  # Wuxi
    "CN-440100": 25,  # Guangzhou
    "CN-510100": 15,  # Chengdu
    "CN-110100": 15,  # Beijing
    "CN-420100": 15,  # Wuhan
}
_OPENS_MINUTE, _CLOSES_MINUTE, _LEAD_MINUTES = 8 * 60, 20 * 60, 240
_PER_PACKAGE_MINOR, _PER_UNIT_MINOR = 80, 10


def make_warehouses(gazetteer: Gazetteer) -> tuple[Source, ...]:
    """One warehouse at the centre of each city; raises NotFound when a city is not in the list of codes."""
    return tuple(_warehouse(gazetteer, region_id) for region_id in SHARES_PERCENT)


def assumption() -> str:
    """The warehouses in words."""
    return (
        "Own warehouses are assumed in Wuxi, Guangzhou, Chengdu, Beijing and Wuhan, at the city's centre, open 8:00 to "
        f"20:00 but on public holidays, lead {_LEAD_MINUTES} minutes, handling {_PER_PACKAGE_MINOR} fen a package and "
        f"{_PER_UNIT_MINOR} fen a unit."
    )


def _warehouse(gazetteer: Gazetteer, region_id: str) -> Source:
    region = gazetteer.region_with_id(region_id)
    return Source(
        source_id=f"warehouse-{region_id.removeprefix('CN-')}",
        name=f"{region.name} warehouse",
        kind=SourceKind.WAREHOUSE,
        region_id=region_id,
        latitude=region.latitude,
        longitude=region.longitude,
        time_zone=TIME_ZONE,
        hours=Hours(opens_minute=_OPENS_MINUTE, closes_minute=_CLOSES_MINUTE),
        calendar_id=CALENDAR_ID,
        lead_minutes=_LEAD_MINUTES,
        handling_per_package_minor=_PER_PACKAGE_MINOR,
        handling_per_unit_minor=_PER_UNIT_MINOR,
    )
