"""How carriers and sources fare right now (爆仓, 停运, 闭店), and the network as it is while that lasts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from solver.network.model import Service, Source
from solver.network.network import Network


class CarrierState(StrEnum):
    """CONGESTED (爆仓): it is late, or takes only so much more; DOWN: it takes nothing."""

    NORMAL = "normal"
    CONGESTED = "congested"
    DOWN = "down"


class SourceCondition(StrEnum):
    """SLOW: it hands over late, or takes only so many orders more; CLOSED: it ships nothing."""

    OPEN = "open"
    SLOW = "slow"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierHealth:
    """A report on one service, or on all services of a carrier; exactly one of the two ids is given.

    While it is congested, parcels take `extra_transit_minutes` longer than its tariff says, and it takes
    `packages_left` more from the report on (None: no limit). `reason` is for people. The report counts until
    `expires_at`. One on a service counts before one on its carrier; what somebody reported counts before what was
    `inferred` from late parcels.
    """

    expires_at: datetime
    service_id: str = ""
    carrier_id: str = ""
    state: CarrierState = CarrierState.NORMAL
    extra_transit_minutes: int = 0
    packages_left: int | None = None
    reason: str = ""
    reported_at: datetime | None = None  # None: when it arrived
    inferred: bool = False

    @property
    def report_id(self) -> str:
        """What a later report replaces."""
        about = f"service:{self.service_id}" if self.service_id else f"carrier:{self.carrier_id}"
        return f"inferred:{about}" if self.inferred else about


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A report on a source. While it is slow, it hands over `extra_lead_minutes` later, and takes `orders_left` more
    orders from the report on (None: no limit). `reason` is for people. The report counts until `expires_at`.
    """

    source_id: str
    expires_at: datetime
    state: SourceCondition = SourceCondition.OPEN
    extra_lead_minutes: int = 0
    orders_left: int | None = None
    reason: str = ""
    reported_at: datetime | None = None  # None: when it arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The reports that count at one moment, by what they are about."""

    services: tuple[CarrierHealth, ...] = ()  # one for each service of the network that fares otherwise than usual
    sources: tuple[SourceStatus, ...] = ()

    @classmethod
    def of(
        cls, network: Network, healths: Iterable[CarrierHealth], statuses: Iterable[SourceStatus], now: datetime
    ) -> "Conditions":
        """What counts now; reports on what the network does not know are passed over."""
        counting = {one.report_id: one for one in healths if one.expires_at > now}
        services = [_health_of(service, counting) for _, service in sorted(network.services.items())]
        known = sorted(
            (one for one in statuses if one.expires_at > now and one.source_id in network.sources),
            key=lambda one: one.source_id,
        )
        return cls(
            services=tuple(one for one in services if one is not None and one.state is not CarrierState.NORMAL),
            sources=tuple(one for one in known if one.state is not SourceCondition.OPEN),
        )

    @property
    def is_usual(self) -> bool:
        """True where nothing is reported that changes a decision."""
        return not self.services and not self.sources

    def applied(self, network: Network, room: Callable[[CarrierHealth | SourceStatus], int | None]) -> Network:
        """The network while this lasts. `room` tells how much more a report's subject takes (None: no limit)."""
        if self.is_usual:
            return network
        healths = {one.service_id: one for one in self.services}
        statuses = {one.source_id: one for one in self.sources}
        return Network.of(
            regions=network.regions.values(),
            sources=[
                _source(source, statuses[source_id], room) if source_id in statuses else source
                for source_id, source in network.sources.items()
            ],
            carriers=network.carriers.values(),
            services=[
                _service(service, healths[service_id], room) if service_id in healths else service
                for service_id, service in network.services.items()
            ],
            calendars=network.calendars.values(),
            transfers=network.transfers.values(),
        )


def _health_of(service: Service, counting: dict[str, CarrierHealth]) -> CarrierHealth | None:
    about = (f"service:{service.service_id}", f"carrier:{service.carrier_id}", f"inferred:service:{service.service_id}")
    found = next((counting[one] for one in about if one in counting), None)
    return None if found is None else replace(found, service_id=service.service_id, carrier_id=service.carrier_id)


def _service(
    service: Service, health: CarrierHealth, room: Callable[[CarrierHealth | SourceStatus], int | None]
) -> Service:
    left = room(health)
    if health.state is CarrierState.DOWN or left == 0:
        return replace(service, is_active=False)
    rates = tuple(
        replace(rate, transit_minutes=rate.transit_minutes + health.extra_transit_minutes) for rate in service.rates
    )
    limits = [limit for limit in (left, service.daily_packages) if limit]
    return replace(service, rates=rates, daily_packages=min(limits, default=0))


def _source(source: Source, status: SourceStatus, room: Callable[[CarrierHealth | SourceStatus], int | None]) -> Source:
    if status.state is SourceCondition.CLOSED or room(status) == 0:
        return replace(source, is_active=False)
    return replace(source, lead_minutes=source.lead_minutes + status.extra_lead_minutes)
