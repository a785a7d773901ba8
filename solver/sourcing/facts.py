"""A problem's facts as arrays: what the terms and the rules read.

Letters in shapes as in `case`: L lanes, N offers, S sources, D parts (distinct SKUs), K lines, T tariffs, V services.
Lanes are ordered by id, offers by source and offer, sources, parts and services by id; lines as the order has them.
"""

from collections.abc import Mapping
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from weakref import WeakValueDictionary

import numpy as np

from solver.network.lanes import Lane
from solver.network.model import RateCard
from solver.network.volumetric import volumetric
from solver.sourcing.case import NO_LIMIT, Ints, Tariff
from solver.sourcing.problem import Offer, Problem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Cards = tuple[tuple[RateCard | None, ...], ...]  # one for each lane, level by level
_Tariffs = tuple[Cards, tuple[Tariff, ...], Ints]  # of these columns: the tariffs, and which is each lane's


_lane_id = attrgetter("source_id", "service_id", "via_source_id", "offer_id")


class Facts:
    """The facts of one problem. Arrays are made when they are first asked for, and kept."""

    @classmethod
    def of(cls, problem: Problem) -> "Facts":
        """The facts of a problem, which share the arrays of one that differs by its policy alone.

        They do for as long as anybody holds on to the facts of the other.
        """
        known = _known.get(id(problem.lanes))
        if known is None or not known.are_of(problem):
            known = _known[id(problem.lanes)] = cls(problem)
        if known.problem is problem:
            return known
        facts = copy(known)
        facts.problem = problem
        return facts

    def are_of(self, problem: Problem) -> bool:
        """True where the problem has these very lines, items, offers and lanes."""
        own = self.problem
        return (
            own.lanes is problem.lanes
            and own.offers is problem.offers
            and own.lines is problem.lines
            and own.items is problem.items
        )

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.lines = problem.lines
        self.skus: tuple[str, ...] = tuple(sorted(problem.demand_units))
        self.part_of = {sku: position for position, sku in enumerate(self.skus)}
        self.offers: tuple[Offer, ...] = tuple(sorted(problem.offers, key=lambda offer: offer.key))
        self.source_ids: tuple[str, ...] = tuple(dict.fromkeys(offer.source_id for offer in self.offers))
        self.lanes: tuple[Lane, ...] = tuple(sorted(problem.lanes, key=_lane_id))
        self.service_ids: tuple[str, ...] = tuple(sorted({lane.service_id for lane in self.lanes}))
        self.tariffs: dict[tuple[int, ...], _Tariffs] = {}  # by the identity of the columns of cards
        self._columns: dict[str, Ints] = {}

    def of_lanes(self, name: str) -> Ints:
        """A whole-number attribute of every lane, [L]; None counts as 0."""
        return self._column("lane", name, self.lanes)

    def of_offers(self, name: str) -> Ints:
        """A whole-number attribute of every offer, [N]; None counts as 0."""
        return self._column("offer", name, self.offers)

    def limits_of_lanes(self, name: str) -> Ints:
        """An attribute of every lane that may be None (NO_LIMIT), [L]; what is overdrawn counts as 0."""
        return self._limits("lane", name, self.lanes)

    def limits_of_offers(self, name: str) -> Ints:
        """The same of every offer, [N]."""
        return self._limits("offer", name, self.offers)

    def at_lanes(self, per_offer: Ints) -> Ints:
        """What holds of each offer, for each of its lanes: [N, ...] -> [L, ...]."""
        spread: Ints = per_offer[self.lane_offer]
        return spread

    def of_stock(self, name: str) -> Ints:
        """An offer's units (or money) by SKU as an array, [N, D]."""
        key = f"stock.{name}"
        if key not in self._columns:
            stated: list[Mapping[str, int]] = list(map(attrgetter(name), self.offers))
            rows = [[int(amounts.get(sku, 0)) for sku in self.skus] for amounts in stated]
            self._columns[key] = np.array(rows, dtype=np.int64).reshape(len(self.offers), len(self.skus))
        return self._columns[key]

    def of_items(self, name: str) -> Ints:
        """A whole-number attribute of every part's item, [D]."""
        return np.array([getattr(self.problem.items[sku], name) for sku in self.skus], dtype=np.int64)

    @cached_property
    def cards(self) -> tuple[RateCard | None, ...]:
        """The rate card of each lane, [L]."""
        return tuple([lane.card for lane in self.lanes])

    @cached_property
    def lane_offer(self) -> Ints:
        """The offer of each lane, [L]."""
        position = {offer.key: number for number, offer in enumerate(self.offers)}
        return np.array([position[lane.source_id, lane.offer_id] for lane in self.lanes], dtype=np.int64)

    @cached_property
    def offer_source(self) -> Ints:
        """The source of each offer, [N]."""
        position = {source_id: number for number, source_id in enumerate(self.source_ids)}
        return np.array([position[offer.source_id] for offer in self.offers], dtype=np.int64)

    @cached_property
    def lane_source(self) -> Ints:
        """The source of each lane, [L]."""
        return self.at_lanes(self.offer_source)

    @cached_property
    def lane_service(self) -> Ints:
        """The service of each lane, [L]."""
        position = {service_id: number for number, service_id in enumerate(self.service_ids)}
        return np.array([position[lane.service_id] for lane in self.lanes], dtype=np.int64)

    @cached_property
    def demand(self) -> Ints:
        """Units of each part that the whole order asks for, [D]."""
        demand = self.problem.demand_units
        return np.array([demand[sku] for sku in self.skus], dtype=np.int64)

    @cached_property
    def line_quantity(self) -> Ints:
        """Units ordered of each line, [K]."""
        return np.array([line.quantity for line in self.lines], dtype=np.int64)

    @cached_property
    def line_units(self) -> Ints:
        """Units of each part in one unit of each line, [K, D]."""
        units = np.zeros((len(self.lines), len(self.skus)), dtype=np.int64)
        for row, line in enumerate(self.lines):
            for part in line.parts:
                units[row, self.part_of[part.sku]] += part.units
        return units

    @cached_property
    def stock(self) -> Ints:
        """Units available, at most what the order asks for, [N, D]."""
        return np.clip(self.of_stock("available"), 0, self.demand)

    @cached_property
    def arrives_micros(self) -> Ints:
        """When each lane arrives, microseconds since 1970, [L]."""
        return np.array([micros_of(lane.arrives_at) for lane in self.lanes], dtype=np.int64)

    @cached_property
    def most_grams(self) -> int:
        """The heaviest billable weight that any package of the order can have."""
        weight = int(self.demand @ self.of_items("weight_grams"))
        volume = int(self.demand @ self.of_items("volume_mm3"))
        names = ("volumetric_divisor_cm3_per_kg", "volumetric_divisor_in3_per_lb")
        divisors = set(zip(*(self.of_lanes(name).tolist() for name in names), strict=True))
        heaviest = max((volumetric(*divisor).grams_of(volume) for divisor in divisors), default=0)
        least = int(self.of_lanes("min_billable_grams").max(initial=0))
        return max(weight, heaviest, least, 1)

    def _column(self, noun: str, name: str, rows: tuple[object, ...]) -> Ints:
        key = f"{noun}.{name}"
        if key not in self._columns:
            self._columns[key] = np.array([stated or 0 for stated in map(attrgetter(name), rows)], dtype=np.int64)
        return self._columns[key]

    def _limits(self, noun: str, name: str, rows: tuple[object, ...]) -> Ints:
        key = f"limit of {noun}.{name}"
        if key not in self._columns:
            stated = map(attrgetter(name), rows)
            limits = [NO_LIMIT if limit is None else max(0, limit) for limit in stated]
            self._columns[key] = np.array(limits, dtype=np.int64)
        return self._columns[key]


_known: WeakValueDictionary[int, Facts] = WeakValueDictionary()  # by the identity of a problem's lanes


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND
