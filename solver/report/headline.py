"""What a report says first: how each run differs from the first, order by order, and how sure that is."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.replay.metrics import PAID
from solver.report.gathering import CROSSES, MOVED, NO_PROMISE, REFUSED, Gathered

Series = NDArray[np.float64]
_TWO_SIDED_95 = 1.96
_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The same orders under two policies, the second less the first: the mean, and by how much it may be off (95 %)."""

    mean: float
    margin: float
    less: int
    more: int
    orders: int


def paired_differences(first: Gathered, second: Gathered) -> Mapping[str, Paired]:
    """Every series of both runs, which had the same orders; what only some orders have is paired where both have it."""
    return {name: _paired(series(first), series(second)) for name, series in SERIES.items()}


def _paired(first: Series, second: Series) -> Paired:
    differences = second - first
    known = differences[~np.isnan(differences)]
    number = len(known)
    return Paired(
        mean=float(known.mean()) if number else 0.0,
        margin=_TWO_SIDED_95 * float(known.std(ddof=1)) / math.sqrt(number) if number > 1 else 0.0,
        less=int((known < 0).sum()),
        more=int((known > 0).sum()),
        orders=number,
    )


def _told(run: Gathered, what: str, values: Series) -> Series:
    """The values where the run tells what they are made of, elsewhere not a number."""
    return np.where(run.knows(what), values, np.nan)


def _all_terms(run: Gathered) -> Series:
    return _told(run, "cost", np.asarray(run.run["total"], dtype=float))


def _sum_of(run: Gathered, *terms: str) -> Series:
    amounts = [np.asarray(run.terms[term], dtype=float) for term in terms if term in run.terms]
    return sum(amounts, start=np.zeros(len(run.order_ids)))


def _paid(run: Gathered) -> Series:
    return _told(run, "paid", _sum_of(run, *PAID))


def _freight(run: Gathered) -> Series:
    """Of orders that ship whole."""
    whole = (_packages(run) > 0) & (_filled(run) == run.orders["ordered_units"])
    return np.where(whole, _told(run, "freight", _sum_of(run, "freight")), np.nan)


def _shipped(run: Gathered) -> NDArray[np.bool_]:
    flags = np.asarray(run.packages["flags"], dtype=np.int64)
    ships: NDArray[np.bool_] = np.equal(flags & (REFUSED | MOVED), 0)
    return ships


def _order_of_package(run: Gathered) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(run.order_ids)), np.asarray(run.run["packages"], dtype=np.int64))


def _count(run: Gathered, which: NDArray[np.bool_]) -> Series:
    return np.bincount(_order_of_package(run)[which], minlength=len(run.order_ids)).astype(float)


def _packages(run: Gathered) -> Series:
    return _told(run, "packages", _count(run, _shipped(run)))


def _split(run: Gathered) -> Series:
    packages = _packages(run)
    return np.where(packages > 0, (packages > 1).astype(float), np.nan)  # not a number is not above 0


def _crossing(run: Gathered) -> Series:
    flags = np.asarray(run.packages["flags"], dtype=np.int64)
    return _told(run, "crosses_province", _count(run, _shipped(run) & ((flags & CROSSES) > 0)))


def _late_minutes(run: Gathered) -> Series:
    """Of orders that ship and were promised a time; not a number for others."""
    shipped = _shipped(run)
    latest = np.zeros(len(run.order_ids))
    np.maximum.at(latest, _order_of_package(run)[shipped], np.asarray(run.packages["late"], dtype=float)[shipped])
    told = (np.asarray(run.orders["promised_in"]) != NO_PROMISE) & (_packages(run) > 0)
    return np.where(told, _told(run, "late_minutes", latest), np.nan)


def _late_hours(run: Gathered) -> Series:
    return _late_minutes(run) / _MINUTES_PER_HOUR


def _on_time(run: Gathered) -> Series:
    late = _late_minutes(run)
    return np.where(np.isnan(late), np.nan, (late == 0).astype(float))


def _filled(run: Gathered) -> Series:
    ordered, unfilled = run.orders["ordered_units"], run.run["unfilled_units"]
    return _told(run, "units", np.subtract(ordered, unfilled, dtype=float))


SERIES: Mapping[str, Callable[[Gathered], Series]] = {
    "all_terms_minor": _all_terms,
    "paid_minor": _paid,
    "freight_minor": _freight,
    "packages": _packages,
    "split_share": _split,
    "crossing_packages": _crossing,
    "late_hours": _late_hours,
    "on_time_share": _on_time,
    "filled_units": _filled,
}
