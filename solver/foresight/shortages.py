"""Early warnings of shortage and proposals of replenishment, from what is there, what comes, and what is forecast.

A warning says with which probability what is there runs out before more comes: before the next arrival, or, where none
is known, before one that is ordered now could be there. A proposal orders up to the quantile of demand over lead time
and review period (Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains: the (R, S) system).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from solver.foresight.back_test import choose
from solver.foresight.buyers import Cycle
from solver.foresight.history import Place
from solver.foresight.kinds import Floats
from solver.foresight.outlook import Outlook

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Days from ordering to arrival, days between orders, the share of demand cycles that stock is to be enough for."""

    lead_days: int = 7
    review_days: int = 7
    service: float = 0.95
    warn_above: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A place that may run out. `cover_days` None: nothing is asked for; `next_arrival` None: none is known."""

    source_id: str
    sku: str
    units: int
    daily_units: float
    cover_days: float | None
    next_arrival: datetime | None
    until: datetime
    chance: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Units to order now, so that with what is there and under way `up_to_units` are to be had.

    `due_units` of them are for regular buyers that are due meanwhile.
    """

    source_id: str
    sku: str
    units: int
    available_units: int
    coming_units: int
    up_to_units: int
    due_units: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is there, and what comes when; regular buyers by place, whose orders the series leave out."""

    now: datetime
    units: Mapping[Place, int]
    arrivals: Mapping[Place, Sequence[tuple[datetime, int]]]
    cycles: Mapping[Place, Sequence[Cycle]]


def shortages(series: Mapping[Place, Floats], standing: Standing, settings: Settings) -> tuple[Shortage, ...]:
    """Those likelier than `warn_above`, the likeliest first, then by source and SKU."""
    found = []
    for place in sorted({*series, *standing.cycles}):
        coming = [at for at, _ in standing.arrivals.get(place, ()) if at > standing.now]
        until = min(coming) if coming else standing.now + settings.lead_days * _DAY
        outlook, method, daily = _ahead(place, series, until - standing.now)
        due = _due(place, standing, until)
        left = standing.units.get(place, 0)
        chance = outlook.chance_above(left - due) if outlook.mean + due > 0 else 0.0
        if chance > settings.warn_above:
            per_day = daily + due / max((until - standing.now) / _DAY, 1.0)
            found.append(
                Shortage(
                    source_id=place[0],
                    sku=place[1],
                    units=left,
                    daily_units=per_day,
                    cover_days=left / per_day if per_day else None,
                    next_arrival=min(coming) if coming else None,
                    until=until,
                    chance=chance,
                    method=method,
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.chance, one.source_id, one.sku)))


def proposals(series: Mapping[Place, Floats], standing: Standing, settings: Settings) -> tuple[Proposal, ...]:
    """What to order now, by source and SKU; places that have enough are left out."""
    span = (settings.lead_days + settings.review_days) * _DAY
    found = []
    for place in sorted({*series, *standing.cycles}):
        outlook, method, _ = _ahead(place, series, span)
        due = _due(place, standing, standing.now + span)
        coming = sum(
            units for at, units in standing.arrivals.get(place, ()) if standing.now < at <= standing.now + span
        )
        left = standing.units.get(place, 0)
        up_to = outlook.quantile(settings.service) + due
        if up_to > left + coming:
            found.append(
                Proposal(
                    source_id=place[0],
                    sku=place[1],
                    units=up_to - left - coming,
                    available_units=left,
                    coming_units=coming,
                    up_to_units=up_to,
                    due_units=due,
                    method=method,
                )
            )
    return tuple(found)


def chance_above(by_day: Sequence[int], days: int, units: int) -> float | None:
    """How likely more than so many units are asked for in so many days ahead, after what was sold day by day.

    None where that is no series to forecast from: fewer than two weeks, or fewer than two days with any sales.
    """
    if len(by_day) < 2 * _WEEK or sum(sold > 0 for sold in by_day) < 2 or days <= 0:
        return None
    return choose(np.array(by_day, dtype=np.float64), ahead=days, season=_WEEK).outlook.chance_above(units)


def _ahead(place: Place, series: Mapping[Place, Floats], span: timedelta) -> tuple[Outlook, str, float]:
    """Demand over the time ahead, by which method, and the mean of a day."""
    if place not in series:
        return Outlook(mean=0.0, variance=0.0), "order cycles", 0.0
    days = max(1, -(-span // _DAY))
    chosen = choose(series[place], ahead=days, season=_WEEK)
    outlook = chosen.outlook.over(span / (days * _DAY))
    return outlook, chosen.method, chosen.outlook.mean / days


def _due(place: Place, standing: Standing, until: datetime) -> int:
    return round(sum(one.units * one.due_within(standing.now, until) for one in standing.cycles.get(place, ())))
