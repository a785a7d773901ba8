"""A run's outcomes as columns: orders, the packages of all orders one after the other, what is in them.

So are the parcels that customers sent back, and what became of their units.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from solver.replay.outcome import Outcome, ReturnedParcel, RunPackage
from solver.stock.physical.return_model import Grade

CROSSES, REFUSED, MOVED = 1, 2, 4  # bits of a package's `flags`
NO_PROMISE = -1
NO_REFUND = -1  # not known
_ORDER = ("placed", "promised_in", "region", "ordered_units")
_RUN = ("total", "gap", "unfilled_units", "lost", "fallback", "unknown", "packages", "parcels")
_PACKAGE = ("source", "service", "weight", "distance", "leaves_in", "takes", "late", "flags", "cost", "items")
_PARCEL = ("source", "comes_in", "days", "cost", "exchange", "refund", "items")
_FATED = ("fate", "sku", "units")
# What became of units: their grade; or, of others, that they were sent in exchange, or wanted and not sent.
FATES = (*Grade, "exchanged", "not_exchanged")


class Names:
    """Texts that recur, by the number that stands for each."""

    def __init__(self, *first: str) -> None:
        self._numbers = {name: number for number, name in enumerate(first)}

    def number_of(self, name: str) -> int:
        """The number that stands for it; a new one where it was not seen before."""
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def all(self) -> list[str]:
        """By their numbers."""
        return list(self._numbers)


@dataclass(frozen=True, slots=True)
class Words:
    """The names that all runs of a report share."""

    sources: Names = field(default_factory=Names)
    services: Names = field(default_factory=Names)
    regions: Names = field(default_factory=Names)
    skus: Names = field(default_factory=Names)
    terms: Names = field(default_factory=Names)
    fallbacks: Names = field(default_factory=lambda: Names(""))
    unknown: Names = field(default_factory=Names)  # what history does not tell; an order's is a sum of powers of 2


class Gathered:
    """The columns of one run. Times are whole seconds: an order's since 1970, a package's since the order came."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.order_ids: list[str] = []
        self.orders = {name: array("q") for name in _ORDER}
        self.run = {name: array("q") for name in _RUN}
        self.packages = {name: array("q") for name in _PACKAGE}
        self.items = {name: array("q") for name in ("sku", "units")}
        self.parcels = {name: array("q") for name in _PARCEL}
        self.fated = {name: array("q") for name in _FATED}
        self.terms: dict[str, array[int]] = {}

    def add_all(self, outcomes: Iterable[Outcome]) -> "Gathered":
        """In the sequence in which the orders were placed."""
        for outcome in outcomes:
            self._add(outcome)
        return self

    def knows(self, name: str) -> NDArray[np.bool_]:
        """By order, whether the run tells this of it; a policy's run tells everything."""
        bit = 1 << self._words.unknown.number_of(name)
        told: NDArray[np.bool_] = np.equal(np.asarray(self.run["unknown"], dtype=np.int64) & bit, 0)
        return told

    def _add(self, outcome: Outcome) -> None:
        placed = _seconds(outcome.placed_at)
        promised = outcome.promised_at
        self._add_terms(outcome)
        self.order_ids.append(outcome.order_id)
        order = (
            placed,
            NO_PROMISE if promised is None else max(0, _seconds(promised) - placed),
            self._words.regions.number_of(outcome.region_id),
            outcome.ordered_units,
        )
        run = (
            outcome.total_minor,
            outcome.total_minor - outcome.bound_minor,
            outcome.unfilled_units,
            outcome.lost_minor,
            self._words.fallbacks.number_of(outcome.fallback),
            sum(1 << self._words.unknown.number_of(name) for name in set(outcome.unknown)),
            len(outcome.packages),
            len(outcome.returned),
        )
        _append(self.orders, _ORDER, order)
        _append(self.run, _RUN, run)
        for package in outcome.packages:
            self._add_package(package, placed)
        for parcel in outcome.returned:
            self._add_parcel(parcel, placed)

    def _add_terms(self, outcome: Outcome) -> None:
        for term in outcome.cost_minor:
            if term not in self.terms:
                self._words.terms.number_of(term)
                self.terms[term] = array("q", bytes(8 * len(self.order_ids)))
        for term, amounts in self.terms.items():
            amounts.append(outcome.cost_minor.get(term, 0))

    def _add_package(self, package: RunPackage, placed: int) -> None:
        leaves = _seconds(package.hand_over_at)
        values = (
            self._words.sources.number_of(package.source_id),
            self._words.services.number_of(package.service_id),
            package.weight_grams,
            package.distance_meters,
            leaves - placed,
            _seconds(package.arrives_at) - leaves,
            package.late_minutes,
            CROSSES * package.crosses_province + REFUSED * package.refused + MOVED * package.moved,
            sum(package.cost_minor.values()),
            len(package.units),
        )
        _append(self.packages, _PACKAGE, values)
        for sku, units in package.units.items():
            _append(self.items, ("sku", "units"), (self._words.skus.number_of(sku), units))

    def _add_parcel(self, parcel: ReturnedParcel, placed: int) -> None:
        fated = [(fate, sku, units) for fate, sku, units in fates_of(parcel) if units]
        values = (
            self._words.sources.number_of(parcel.source_id),
            _seconds(parcel.returned_at) - placed,
            parcel.days,
            parcel.cost_minor,
            parcel.exchange_minor,
            NO_REFUND if parcel.refund_minor is None else parcel.refund_minor,
            len(fated),
        )
        _append(self.parcels, _PARCEL, values)
        for fate, sku, units in fated:
            _append(self.fated, _FATED, (FATES.index(fate), self._words.skus.number_of(sku), units))


def fates_of(parcel: ReturnedParcel) -> Iterator[tuple[str, str, int]]:
    """What became of the units, one of `FATES` each, by SKU."""
    for grade, of_sku in parcel.grades.items():
        yield from ((grade, sku, units) for sku, units in of_sku.items())
    sent: Counter[str] = Counter()
    for package in parcel.exchange:
        sent.update(package.units)
    for sku, units in sorted((Counter(parcel.wanted) | sent).items()):
        yield "exchanged", sku, sent[sku]
        yield "not_exchanged", sku, units - sent[sku]


def _append(columns: dict[str, "array[int]"], names: tuple[str, ...], values: tuple[int, ...]) -> None:
    for name, value in zip(names, values, strict=True):
        columns[name].append(value)


def _seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
