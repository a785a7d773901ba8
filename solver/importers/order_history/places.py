"""Which region of the network a destination lies in, by what the history says of it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

import numpy as np

from solver.importers.order_history.cells import Unsound, degrees
from solver.network.distance import distances_meters
from solver.network.model import Region

_ENDINGS = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|盟)$| (province|city|municipality|state)$"
)
_SHORT = 3  # characters of a name: one of two is half of it
_LEAST_LETTERS = 2  # of a postcode that is looked for by how it begins
_REMEMBERED = 65_536  # what was looked for once is not looked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A region of the network, and coordinates where the history has them."""

    region_id: str
    latitude: float | None = None
    longitude: float | None = None


class Places:
    """Regions by everything that they may be called."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions = {region.region_id: region for region in regions}
        parents = {region.parent_id for region in self._regions.values()}
        self._leaves = [one for one in self._regions.values() if one.region_id not in parents] or list(
            self._regions.values()
        )
        self._latitudes = np.array([one.latitude for one in self._leaves])
        self._longitudes = np.array([one.longitude for one in self._leaves])
        self._called: dict[str, list[str]] = {}
        for region in self._regions.values():
            for name in {_bare(word) for word in (region.name, *region.name.split())}:
                self._called.setdefault(name, []).append(region.region_id)
        self._found_nearest = lru_cache(_REMEMBERED)(self._nearest)
        self._found_city = lru_cache(_REMEMBERED)(self._city_or_why)

    def where(self, says: Mapping[str, str]) -> tuple[str, Where]:
        """The field that decided, and where it is. `says` has fields of `Columns` that are not empty.

        Raises Unsound for what no region is called, with the name that was probably meant.
        """
        point = self._point(says)
        latitude, longitude = point if point is not None else (None, None)
        field, region_id = self._region(says, point)
        return field, Where(region_id=region_id, latitude=latitude, longitude=longitude)

    def _point(self, says: Mapping[str, str]) -> tuple[float, float] | None:
        if not says.get("latitude") or not says.get("longitude"):
            return None
        return degrees(says["latitude"], 90), degrees(says["longitude"], 180)

    def _region(self, says: Mapping[str, str], point: tuple[float, float] | None) -> tuple[str, str]:
        if says.get("region"):
            return "region", self._of_city("", says["region"])
        if says.get("city") or says.get("province"):
            field = "city" if says.get("city") else "province"
            return field, self._of_city(says.get("province", ""), says.get("city", ""))
        if says.get("postcode"):
            return "postcode", self._of_postcode(says["postcode"])
        if point is None:
            raise Unsound("no_destination", "say where it goes")
        return "latitude", self._found_nearest(*point)

    def _of_city(self, province: str, city: str) -> str:
        found = self._found_city(province, city)
        if isinstance(found, Unsound):
            raise Unsound(found.reason, found.remedy)
        return found

    def _city_or_why(self, province: str, city: str) -> str | Unsound:
        try:
            return self._city(province, city)
        except Unsound as unsound:
            return unsound

    def _city(self, province: str, city: str) -> str:
        """The region of this name within the province; or the province itself where only that is said."""
        of_province = self._called.get(_bare(province), []) if province else []
        roots = [one for one in of_province if not self._regions[one].parent_id] or of_province
        if not city:
            return self._one(roots, province)
        if city in self._regions:
            return city
        named = self._called.get(_bare(city), [])
        within = [one for one in named if roots and self._is_in(one, roots)] if province else named
        if province and not within and named and not roots:
            within = named
        inner = [one for one in within if self._regions[one].parent_id] or within
        return self._one(inner, city)

    def _one(self, found: list[str], text: str) -> str:
        if len(found) == 1:
            return found[0]
        if not found:
            raise Unsound("unknown_place", f"no region of the network is called so{meant(text, self._called)}")
        raise Unsound(
            "place_of_many", f"several regions are called so: {', '.join(sorted(found))}; say the province too"
        )

    def _of_postcode(self, text: str) -> str:
        for end in range(len(text), _LEAST_LETTERS - 1, -1):
            if text[:end] in self._regions:
                return text[:end]
        raise Unsound("unknown_place", "no region of the network has this id, or one that it begins with")

    def _is_in(self, region_id: str, roots: Collection[str]) -> bool:
        seen = 0
        while region_id and seen <= len(self._regions):
            if region_id in roots:
                return True
            region_id, seen = self._regions[region_id].parent_id, seen + 1
        return False

    def _nearest(self, latitude: float, longitude: float) -> str:
        return self._leaves[
            int(distances_meters(latitude, longitude, self._latitudes, self._longitudes).argmin())
        ].region_id


def meant(text: str, known: Collection[str]) -> str:
    """What was probably meant, as the end of a remedy."""
    bare = _bare(text)
    close = get_close_matches(bare, known, n=1, cutoff=0.5 if len(bare) <= _SHORT else 0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _bare(name: str) -> str:
    """A name without what it may be written without: 江苏省 and 江苏 are the same."""
    lower = name.strip().lower()
    return _ENDINGS.sub("", lower) or lower
