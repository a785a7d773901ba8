"""Where and when a source's stock is ready for a carrier: at the source itself, or at another one after a transfer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from solver.frozen import quickly_made
from solver.network.calendar import WorkDays
from solver.network.distance import distance_meters
from solver.network.hours import source_hand_over_at
from solver.network.later import LaterStock
from solver.network.model import Service, Source
from solver.network.network import Network
from solver.network.schedule import Collection
from solver.network.transfer import Transfer
from solver.network.wall_clock import same_time_later


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """How busy sources and services are, by id; one that is not named has all its capacity.

    `source_days` (work days) and `service_days` (pick-up days) say how far behind they are; `packages_left` and
    `grams_left` what a service still takes today.
    """

    source_days: Mapping[str, int] = field(default_factory=dict)
    service_days: Mapping[str, int] = field(default_factory=dict)
    packages_left: Mapping[str, int] = field(default_factory=dict)
    grams_left: Mapping[str, int] = field(default_factory=dict)


NO_WORK = Workload()
_ALL_DAYS = WorkDays.of()


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Stock of `source` that `shipper` can hand over from `ready_at` on; they are the same without a transfer.

    `transfer_meters` is the great-circle distance between the two.
    """

    source: Source
    shipper: Source
    ready_at: datetime
    offer_id: str = ""
    transfer: Transfer | None = None
    transfer_meters: int = 0

    @property
    def via_source_id(self) -> str:
        """The shipper after a transfer; empty without one."""
        return self.transfer.to_source_id if self.transfer else ""


def ways_from(
    network: Network,
    source: Source,
    placed_at: datetime,
    workload: Workload,
    *,
    later: LaterStock | None = None,
    with_transfers: bool = False,
) -> Iterator[Way]:
    """The ways of a source's stock, or of its `later` stock: straight first, then by receiving source."""
    available_at = later.available_at if later else None
    ready_at = _ready_at(network, source, placed_at, workload, available_at)
    offer_id = later.offer_id if later else ""
    yield Way(source=source, shipper=source, ready_at=ready_at, offer_id=offer_id)
    for transfer in network.transfers_from.get(source.source_id, ()) if with_transfers else ():
        shipper = network.sources[transfer.to_source_id]
        if shipper.is_active:
            received_at = _received_at(network, transfer, source, shipper, ready_at)
            yield Way(
                source=source,
                shipper=shipper,
                ready_at=_ready_at(network, shipper, placed_at, workload, received_at),
                offer_id=offer_id,
                transfer=transfer,
                transfer_meters=distance_meters(source.latitude, source.longitude, shipper.latitude, shipper.longitude),
            )


def collected_at(network: Network, way: Way, service: Service, workload: Workload) -> datetime:
    """When the service takes over what has come this way (UTC)."""
    days_later = workload.service_days.get(service.service_id, 0)
    return leaves_at(network.collection_by[service.service_id], way.shipper, way.ready_at, days_later)


def _ready_at(
    network: Network, source: Source, placed_at: datetime, workload: Workload, available_at: datetime | None
) -> datetime:
    return source_hand_over_at(
        source,
        placed_at,
        days=network.work_days[source.source_id],
        backlog_days=workload.source_days.get(source.source_id, 0),
        available_at=available_at,
    )


def _received_at(network: Network, transfer: Transfer, source: Source, shipper: Source, ready_at: datetime) -> datetime:
    left_at = leaves_at(network.collections[transfer.schedule], source, ready_at)
    delivery = network.deliveries[transfer.schedule]
    return delivery.arrives_at(left_at, transfer.transit_minutes, ZoneInfo(shipper.time_zone))


def leaves_at(collection: Collection | None, source: Source, ready_at: datetime, days_later: int = 0) -> datetime:
    """When what is ready at a source is picked up, so many pick-up days after the first that comes."""
    if collection is None and not days_later:
        return ready_at
    zone = ZoneInfo(source.time_zone)
    if collection is None:
        return same_time_later(ready_at, _ALL_DAYS, days_later, zone)
    return collection.collects_at(ready_at, source.hours.opens_minute, zone, days_later)
