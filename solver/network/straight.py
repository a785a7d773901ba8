"""Lanes straight to the door of what lies at a source, where sources and services have nothing else to do.

They are the lanes of `lanes_by`. What of a lane depends neither on the very door nor on the hour is put together once.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from solver.frozen import changed
from solver.network.distance import haversine_meters
from solver.network.hours import hand_over_at
from solver.network.lanes import Lane, crosses_border, lane_by, surcharges_of
from solver.network.network import Network, Place
from solver.network.ways import leaves_at

_Kind = tuple[str, str, str, bool, bool]  # source, service, zone, whether it crosses a province's or a country's border
_MOST_KEPT = 1 << 14


class StraightLanes:
    """The lanes of one network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._kept: dict[_Kind, Lane] = {}

    def lane(self, place: Place, placed_at: datetime, source_id: str, service_id: str) -> Lane | None:
        """The lane from this source by this service; None where there is none."""
        network = self._network
        source, service = network.sources.get(source_id), network.services.get(service_id)
        if source is None or service is None or not (source.is_active and service.is_active):
            return None
        if service.kinds and source.kind not in service.kinds:
            return None
        branch = network.branches[source.region_id]
        meters = haversine_meters(place.latitude, place.longitude, source.latitude, source.longitude)
        zone = network.zonings[service_id].zone(branch, place.region_ids, meters)
        if zone is None:
            return None
        abroad = crosses_border(network, source, place)
        kind = source_id, service_id, zone, branch[-1] != place.region_ids[-1], abroad
        alike = self._kept.get(kind)
        if alike is None:
            alike = self._keep(kind, lane_by(network, place, placed_at, source_id, service_id))
        ready_at = hand_over_at(
            source.hours,
            source.time_zone,
            source.lead_minutes,
            placed_at,
            days=network.work_days[source_id],
            cut_off_minute=source.cut_off_minute,
        )
        handed_over_at = leaves_at(network.collection_by[service_id], source, ready_at)
        door_zone = ZoneInfo(place.time_zone or source.time_zone)
        return changed(
            alike,
            distance_meters=meters,
            arrives_at=network.delivery_by[service_id].arrives_at(handed_over_at, alike.transit_minutes, door_zone),
            surcharges=surcharges_of(service, source, place, handed_over_at) if service.surcharges else (),
            hand_over_at=handed_over_at,
        )

    def _keep(self, kind: _Kind, lane: Lane) -> Lane:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[kind] = lane
        return lane
