"""The network as it is now: as it was loaded, with what is reported on carriers and sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from solver.errors import LostRace
from solver.fulfilment import plan_packages
from solver.fulfilment.batching.rooms import NO_LIMITS, Rooms
from solver.fulfilment.conditions.reports import Reports
from solver.fulfilment.sources import NetworkSource
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.network.network import Network
from solver.sourcing.plan import Package
from solver.sourcing.policy import MOST_PACKAGES
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader

Report = CarrierHealth | SourceStatus


class RoomTaken(LostRace):
    """Others took what a congested carrier or a slow source still took."""

    reason = "ROOM_TAKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    stated: Network
    conditions: Conditions
    rooms: Mapping[str, int | None]
    network: Network


class CurrentNetwork:
    """A `NetworkSource`: the very same network until a report, an expiry or a limit changes it."""

    def __init__(self, *, stated: NetworkSource, reports: Reports, database: Database, stock: Stock) -> None:
        self._stated = stated
        self._reports = reports
        self._database = database
        self._stock = stock
        self._seen: _Seen | None = None

    @property
    def network(self) -> Network:
        """The network of the moment."""
        stated, conditions = self._stated.network, self._reports.conditions
        if conditions.is_usual:
            return stated
        reports: tuple[Report, ...] = (*conditions.services, *conditions.sources)
        limited = [one for one in reports if _limit(one) is not None]
        rooms: dict[str, int | None] = {}
        if limited:
            with self._database.read() as reader:
                rooms = {_id(one): _worth_saying(self._left(reader, one)) for one in limited}
        seen = self._seen
        if seen is None or (seen.stated is not stated or seen.conditions != conditions or seen.rooms != rooms):
            network = conditions.applied(stated, lambda report: rooms.get(_id(report)))
            seen = self._seen = _Seen(stated=stated, conditions=conditions, rooms=rooms, network=network)
        return seen.network

    @property
    def currency(self) -> str | None:
        """The currency of its tariffs; None while there are none."""
        return self._stated.currency

    @property
    def conditions(self) -> Conditions:
        """The reports that count now."""
        return self._reports.conditions

    def counted_since(self) -> datetime | None:
        """When the oldest report with a limit came that counts now; None: no limit counts."""
        conditions = self._reports.conditions
        reports: tuple[Report, ...] = (*conditions.services, *conditions.sources)
        limited = [one for one in reports if _limit(one) is not None]
        return min((one.reported_at for one in limited if one.reported_at is not None), default=None)

    def rooms(self) -> Rooms:
        """What is left of every limit that counts now."""
        conditions = self._reports.conditions
        services = [one for one in conditions.services if _limit(one) is not None]
        sources = [one for one in conditions.sources if _limit(one) is not None]
        if not services and not sources:
            return NO_LIMITS
        with self._database.read() as reader:
            return Rooms(
                packages={one.service_id: self._left(reader, one) for one in services},
                orders={one.source_id: self._left(reader, one) for one in sources},
            )

    def is_limited(self) -> bool:
        """Whether a report limits anything now."""
        conditions = self._reports.conditions
        reports: tuple[Report, ...] = (*conditions.services, *conditions.sources)
        return any(_limit(one) is not None for one in reports)

    def refuse_overrun(self, reader: Reader, packages: Sequence[Package]) -> None:
        """Raise RoomTaken where a limit leaves no room for these packages; ask in the transaction that writes them."""
        conditions = self._reports.conditions
        for health in conditions.services:
            wanted = sum(package.service_id == health.service_id for package in packages)
            self._refuse(reader, health, wanted)
        for status in conditions.sources:
            self._refuse(reader, status, int(any(package.source_id == status.source_id for package in packages)))

    def _refuse(self, reader: Reader, report: Report, wanted: int) -> None:
        if wanted and _limit(report) is not None and (left := self._left(reader, report)) < wanted:
            raise RoomTaken(
                f"{_id(report)} takes {left} more, not {wanted}; plan again", metadata={_id(report): str(left)}
            )

    def _left(self, reader: Reader, report: Report) -> int:
        limit = _limit(report)
        assert limit is not None
        assert report.reported_at is not None
        now = self._stock.now(reader)
        if isinstance(report, CarrierHealth):
            used = plan_packages.packages_since(reader, report.service_id, report.reported_at, now)
        else:
            used = plan_packages.orders_since(reader, report.source_id, report.reported_at, now)
        return max(0, limit - used)


def _limit(report: Report) -> int | None:
    if isinstance(report, CarrierHealth):
        return report.packages_left if report.state is CarrierState.CONGESTED else None
    return report.orders_left if report.state is SourceCondition.SLOW else None


def _id(report: Report) -> str:
    return f"service {report.service_id}" if isinstance(report, CarrierHealth) else f"source {report.source_id}"


def _worth_saying(left: int) -> int | None:
    """What binds no order by itself is left out, so that the network does not change with every package."""
    return left if left <= MOST_PACKAGES else None
