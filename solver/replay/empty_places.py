"""How long places of stock stand empty: no unit of a SKU at a source that could be promised."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from solver.scenario.model import Horizon

Place = tuple[str, str]  # source and SKU
Row = tuple[str, str, int, datetime | None, int]  # place, units left, empty since when, microseconds empty before
_MICROSECOND = timedelta(microseconds=1)


class EmptyPlaces:
    """Follows what is promised and what comes, at its time, within a horizon."""

    def __init__(self, units: Mapping[Place, int], horizon: Horizon) -> None:
        """`units` has every place that ever has some, with what it begins with; where some are sent back may lack."""
        self._horizon = horizon
        self._left = dict(units)
        self._since = {place: horizon.starts_at for place, count in units.items() if count <= 0}
        self._empty: dict[Place, int] = {}

    def take(self, source_id: str, sku: str, units: int, moment: datetime) -> None:
        """Units are promised."""
        place = source_id, sku
        left = self._left[place] = self._left[place] - units
        if left <= 0 and place not in self._since:
            self._since[place] = moment

    def add(self, source_id: str, sku: str, units: int, moment: datetime) -> None:
        """Units came, or are to be had again."""
        place = source_id, sku
        if place not in self._left:  # they were sent back to where there never were any: it stood empty until now
            self._left[place], self._since[place] = 0, self._horizon.starts_at
        self._left[place] += units
        since = self._since.pop(place, None) if self._left[place] > 0 else None
        if since is not None:
            self._empty[place] = self._empty.get(place, 0) + self._within(since, moment)

    def level(self, source_id: str, sku: str, units: int, moment: datetime) -> None:
        """So many may be promised there now, whatever came and went."""
        more = units - self._left.get((source_id, sku), 0)
        if more > 0:
            self.add(source_id, sku, more, moment)
        elif more < 0:
            self.take(source_id, sku, -more, moment)

    def rate(self) -> float | None:
        """The part of the horizon that a place stands empty, on average over all places; None where there are none."""
        end = self._horizon.ends_at
        whole = self._within(self._horizon.starts_at, end) * len(self._left)
        empty = sum(self._empty.values()) + sum(self._within(since, end) for since in self._since.values())
        return empty / whole if whole else None

    def rows(self) -> list[Row]:
        """All that it knows, to go on from later."""
        return [(*place, left, self._since.get(place), self._empty.get(place, 0)) for place, left in self._left.items()]

    def restore(self, rows: list[Row]) -> None:
        """Go on from what another one knew."""
        self._left = {(source_id, sku): left for source_id, sku, left, _, _ in rows}
        self._since = {(source_id, sku): since for source_id, sku, _, since, _ in rows if since is not None}
        self._empty = {(source_id, sku): empty for source_id, sku, _, _, empty in rows if empty}

    def _within(self, begin: datetime, end: datetime) -> int:
        begin, end = max(begin, self._horizon.starts_at), min(end, self._horizon.ends_at)
        return max(0, (end - begin) // _MICROSECOND)
