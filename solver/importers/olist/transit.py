"""How long parcels and sellers really took: transit times by the tariff's steps of distance, lead times by seller.

A parcel is an order that one seller shipped, with all its dates in their order: placed, handed over, delivered. One
that took very long stays: it was as real as the others, and moves no quantile but the last ones.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.importers.intake import Intake
from solver.importers.olist.freight import STEPS_KM
from solver.importers.olist.sales import Sale
from solver.network.distance import distance_meters
from solver.network.transit import TransitPool, TransitTimes, fit_pooled

_ENDS_METERS = tuple(km * 1000 for km in STEPS_KM)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One delivered parcel. `promised_at` is the end of the day that the customer was told."""

    seller_id: str
    distance_meters: int
    placed_at: datetime
    handed_over_at: datetime
    delivered_at: datetime
    promised_at: datetime

    @property
    def step(self) -> int:
        """The step of distance it falls into: the position in the fitted tariff."""
        return bisect_left(_ENDS_METERS, self.distance_meters)

    @property
    def lead_minutes(self) -> int:
        """From the order to the hand-over; a begun minute is whole."""
        return _minutes(self.handed_over_at - self.placed_at)

    @property
    def transit_minutes(self) -> int:
        """From the hand-over to the door; a begun minute is whole."""
        return _minutes(self.delivered_at - self.handed_over_at)

    @property
    def door_minutes(self) -> int:
        """From the order to the door; a begun minute is whole."""
        return _minutes(self.delivered_at - self.placed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTimes:
    """Transit times of each step of distance, and lead times of each seller; `lead` is that of any other seller."""

    transit: tuple[TransitTimes | None, ...]
    lead: TransitTimes | None
    lead_by_seller: Mapping[str, TransitTimes]

    def lead_of(self, seller_id: str) -> TransitTimes | None:
        """The seller's own, or that of all; None where all were too few."""
        return self.lead_by_seller.get(seller_id, self.lead)


def parcels_of(sales: Iterable[Sale], intake: Intake) -> tuple[Parcel, ...]:
    """The parcels that tell how long things take, and a note of how many do not."""
    parcels: list[Parcel] = []
    several = undated = reversed_dates = 0
    for sale in sales:
        if len({item.seller.party_id for item in sale.items}) > 1:
            several += 1
        elif sale.handed_over_at is None or sale.delivered_at is None:
            undated += 1
        elif not sale.placed_at <= sale.handed_over_at < sale.delivered_at:
            reversed_dates += 1
        else:
            parcels.append(_parcel(sale, sale.handed_over_at, sale.delivered_at))
    intake.note(
        f"times seen on {len(parcels):,} parcels; left out: {several} orders of several sellers, {undated} without a "
        f"date of hand-over or delivery, {reversed_dates} with dates out of order."
    )
    return tuple(parcels)


def _parcel(sale: Sale, handed_over_at: datetime, delivered_at: datetime) -> Parcel:
    seller = sale.items[0].seller
    return Parcel(
        seller_id=seller.party_id,
        distance_meters=distance_meters(*seller.place, *sale.customer.place),
        placed_at=sale.placed_at,
        handed_over_at=handed_over_at,
        delivered_at=delivered_at,
        promised_at=sale.promised_at,
    )


def _minutes(duration: timedelta) -> int:
    return -(-duration // _MINUTE)


def fit_times(parcels: Iterable[Parcel]) -> SeenTimes:
    """Distributions of at least 30 parcels each: of the step or else the carrier, of the seller or else all sellers."""
    transit: list[list[int]] = [[] for _ in (*_ENDS_METERS, None)]
    leads: dict[str, list[int]] = {}
    for parcel in parcels:
        transit[parcel.step].append(parcel.transit_minutes)
        leads.setdefault(parcel.seller_id, []).append(parcel.lead_minutes)
    every_transit = [minutes for step in transit for minutes in step]
    every_lead = [minutes for seller in leads.values() for minutes in seller]
    own = {seller_id: fit_pooled([(TransitPool.SOURCE, minutes)]) for seller_id, minutes in leads.items()}
    return SeenTimes(
        transit=tuple(fit_pooled([(TransitPool.ZONE, step), (TransitPool.CARRIER, every_transit)]) for step in transit),
        lead=fit_pooled([(TransitPool.ALL, every_lead)]),
        lead_by_seller={seller_id: times for seller_id, times in own.items() if times},
    )
