"""What was reported on carriers and sources while plans were made, told as the disturbances of a scenario.

A plan is kept with the network that it was made on, reports applied; what differs from the usual network was reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from solver.network.model import Service, Source
from solver.network.network import Network
from solver.scenario.model import Disturbance, Trouble

_Report: TypeAlias = tuple[Trouble, str, int]  # what, of which service or source, extra minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """The network as it usually was, and what fared otherwise; `untold` counts what a disturbance cannot say."""

    network: Network
    disturbances: tuple[Disturbance, ...]
    untold: int


def meanwhile(stated: Network, seen: Sequence[tuple[datetime, Network]], ends_at: datetime) -> Meanwhile:
    """From the networks that plans were made on, and when, earliest first; what lasts to the last plan ends then.

    `stated` is the network without reports as it is now: it says what is usual where the first plan's differs in
    nothing but what reports change.
    """
    usual = _usual(stated, seen[0][1])
    open_since: dict[_Report, datetime] = {}
    found: list[Disturbance] = []
    untold: set[str] = set()
    before: Network | None = None
    for moment, network in seen:
        if network is before:
            continue
        before = network
        differences = [*_reports(usual, network)]
        untold |= {one for one in differences if isinstance(one, str)}
        now = {one for one in differences if not isinstance(one, str)}
        found += [_disturbance(one, open_since.pop(one), moment) for one in sorted(open_since.keys() - now)]
        for one in now - open_since.keys():
            open_since[one] = moment
    found += [_disturbance(one, since, ends_at) for one, since in sorted(open_since.items())]
    lasting = sorted((one for one in found if one.starts_at < one.ends_at), key=_order)
    return Meanwhile(network=usual, disturbances=tuple(lasting), untold=len(untold))


def _usual(stated: Network, first: Network) -> Network:
    services = [_usual_service(one, stated.services.get(one.service_id)) for one in first.services.values()]
    sources = [_usual_source(one, stated.sources.get(one.source_id)) for one in first.sources.values()]
    return Network.of(
        regions=first.regions.values(),
        sources=sources,
        carriers=first.carriers.values(),
        services=services,
        calendars=first.calendars.values(),
        transfers=first.transfers.values(),
    )


def _usual_service(first: Service, stated: Service | None) -> Service:
    return stated if stated is not None and _bare(stated) == _bare(first) else first


def _usual_source(first: Source, stated: Source | None) -> Source:
    return stated if stated is not None and _bare_source(stated) == _bare_source(first) else first


def _bare(service: Service) -> Service:
    """But for what reports change."""
    rates = tuple(replace(rate, transit_minutes=0) for rate in service.rates)
    return replace(service, is_active=True, daily_packages=0, rates=rates)


def _bare_source(source: Source) -> Source:
    return replace(source, is_active=True, lead_minutes=0)


def _reports(usual: Network, network: Network) -> Iterator[_Report | str]:
    """Each difference as a report, or the id of what differs in another way."""
    for service_id, service in usual.services.items():
        now = network.services.get(service_id)
        if now is not None and now != service:
            yield _of_service(service, now)
    for source_id, source in usual.sources.items():
        there = network.sources.get(source_id)
        if there is not None and there != source:
            yield _of_source(source, there)


def _of_service(usual: Service, now: Service) -> _Report | str:
    if usual.is_active and not now.is_active:
        return Trouble.CARRIER_DOWN, usual.service_id, 0
    later = {rate.transit_minutes - own.transit_minutes for own, rate in zip(usual.rates, now.rates, strict=False)}
    if _bare(usual) == _bare(now) and usual.is_active == now.is_active and len(later) == 1 and min(later) > 0:
        return Trouble.CARRIER_CONGESTED, usual.service_id, min(later)
    return usual.service_id


def _of_source(usual: Source, now: Source) -> _Report | str:
    if usual.is_active and not now.is_active:
        return Trouble.SOURCE_CLOSED, usual.source_id, 0
    later = now.lead_minutes - usual.lead_minutes
    if _bare_source(usual) == _bare_source(now) and usual.is_active == now.is_active and later > 0:
        return Trouble.SOURCE_SLOW, usual.source_id, later
    return usual.source_id


def _disturbance(report: _Report, starts_at: datetime, ends_at: datetime) -> Disturbance:
    trouble, what, extra_minutes = report
    of_service = trouble in (Trouble.CARRIER_DOWN, Trouble.CARRIER_CONGESTED)
    return Disturbance(
        trouble=trouble,
        starts_at=starts_at,
        ends_at=ends_at,
        service_id=what if of_service else "",
        source_id="" if of_service else what,
        extra_minutes=extra_minutes,
    )


def _order(one: Disturbance) -> tuple[datetime, str, str, str]:
    return one.starts_at, one.trouble, one.service_id, one.source_id
