"""Trouble inferred from late parcels: a service of which too many are late counts as congested."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high

from solver.network.capacity import WHOLE_BASIS_POINTS
from solver.network.conditions import CarrierHealth, CarrierState
from solver.units import ceil_div

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel that a service took over. `delivered_at` None: nobody saw it at the door yet."""

    due_at: datetime
    delivered_at: datetime | None = None

    def late_by(self, now: datetime) -> timedelta:
        """By how much it is or was late; nothing where it is not."""
        end = now if self.delivered_at is None else self.delivered_at
        return max(timedelta(0), end - self.due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessRule:
    """Of the parcels that were due in the last `window`, if there are `least_parcels` and at least
    `late_basis_points` of them are late, the service counts as congested for `lasts`. Then parcels are taken to need
    longer by the median of how late the late ones are.
    """

    window: timedelta = timedelta(hours=24)
    least_parcels: int = 20
    late_basis_points: int = 3_000
    lasts: timedelta = timedelta(hours=6)

    def health(self, service_id: str, parcels: Iterable[Parcel], now: datetime) -> CarrierHealth:
        """What follows for the service; NORMAL where nothing does."""
        due = [parcel for parcel in parcels if now - self.window < parcel.due_at <= now]
        late = [by for parcel in due if (by := parcel.late_by(now)) >= _MINUTE]
        usual = CarrierHealth(service_id=service_id, expires_at=now + self.lasts, reported_at=now, inferred=True)
        if len(due) < self.least_parcels or len(late) * WHOLE_BASIS_POINTS < self.late_basis_points * len(due):
            return usual
        extra = ceil_div(median_high(late) // timedelta(microseconds=1), _MINUTE // timedelta(microseconds=1))
        return CarrierHealth(
            service_id=service_id,
            state=CarrierState.CONGESTED,
            extra_transit_minutes=extra,
            reason=f"{len(late)} of {len(due)} parcels due since {now - self.window:%m-%d %H:%M} UTC are late",
            expires_at=usual.expires_at,
            reported_at=now,
            inferred=True,
        )
