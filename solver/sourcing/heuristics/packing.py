"""Filling packages one after another on a case, never breaking a rule: what the plans without a proof are made with."""

from collections.abc import Sequence

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints, Shipment
from solver.sourcing.heuristics.needs import Needs


class Packing:
    """What is still wanted and what is still there while packages are filled."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._stock = case.stock.copy()
        self.wanted = case.line_quantity.copy()
        self.shipments: list[Shipment] = []
        self._filled: list[Ints] = []  # for each shipment, units of each line
        self._line_source: dict[int, int] = {}
        self._sources: set[int] = set()
        self._source_units = np.zeros(len(case.source_most_units), dtype=np.int64)
        self._source_minutes = np.zeros(len(case.source_most_units), dtype=np.int64)
        self._service_packages = np.zeros(len(case.service_most_packages), dtype=np.int64)
        self._needs = Needs.of(case)
        self._takes = np.stack([case.unit_grams, case.unit_mm3, np.ones_like(case.unit_grams)])  # [3, D]
        self._line_takes = self._takes @ case.line_units.T  # [3, K]
        self._all_may_travel = not case.apart.any()

    def may_open(self, lane: int) -> bool:
        """False where one more package on the lane would break a limit on packages or sources."""
        case = self._case
        sources = self._sources
        service = int(case.lane_service[lane])
        return (
            len(self.shipments) < case.most_packages
            and (self.source_of(lane) in sources or len(sources) < case.most_sources)
            and self._service_packages[service] < case.service_most_packages[service]
        )

    def fill(self, lane: int) -> Ints:
        """As many units of each line as the lane's offer has and one package takes, whole units of a line, [K]."""
        case = self._case
        most = self._most_alone(lane)
        if not self._needs.are_shared and self._all_may_travel:
            return self._fill_in_sequence(lane, most)
        filled = np.zeros(len(self.wanted), dtype=np.int64)
        units = np.zeros(len(case.demand), dtype=np.int64)
        for line in np.flatnonzero(most).tolist():
            need = case.line_units[line]
            available = self._most_beside(lane, line, units) if self._needs.are_shared else int(most[line])
            if not available or not self._may_travel(units, need):
                continue
            filled[line] = self._most_that_fit(lane, self._takes @ units, self._takes @ need, available)
            units += filled[line] * need
        return filled

    def _fill_in_sequence(self, lane: int, most: Ints) -> Ints:
        """At most so many units of each line: the first lines whole, as many as fit together, then what still fits."""
        lines = np.flatnonzero(most)
        taken = np.cumsum(self._line_takes[:, lines] * most[lines], axis=1)
        if not len(lines) or self._fits(lane, taken[:, -1]):
            return most
        whole, high = 0, len(lines) - 1
        while whole < high:
            middle = (whole + high) // 2
            if self._fits(lane, taken[:, middle]):
                whole = middle + 1
            else:
                high = middle
        filled = np.zeros_like(most)
        filled[lines[:whole]] = most[lines[:whole]]
        inside = taken[:, whole - 1] if whole else np.zeros(3, dtype=np.int64)
        rest = lines[whole:]
        while len(rest := rest[self._are_within_room(lane, inside, rest)]):
            line = int(rest[0])
            filled[line] = self._most_that_fit(lane, inside, self._line_takes[:, line], int(most[line]))
            inside = inside + filled[line] * self._line_takes[:, line]
            rest = rest[1:]
        return filled

    def _are_within_room(self, lane: int, inside: Ints, lines: Ints) -> Flags:
        """False where not even one unit of a line fits beside what is inside, whatever the tariff."""
        case = self._case
        limits = case.package_most_grams[lane], case.package_most_mm3[lane], case.package_most_units[lane]
        room = np.array(limits) - inside
        within: Flags = np.all(self._line_takes[:, lines] <= room[:, None], axis=0)
        return within

    def take(self, lane: int, filled: Ints) -> None:
        """Open a package with so many units of each line."""
        case = self._case
        units = self.units_of(filled)
        source = self.source_of(lane)
        self._sources.add(source)
        self.shipments.append(Shipment(lane=lane, units=units))
        self._filled.append(filled.copy())
        self._stock[case.lane_offer[lane]] -= units
        self.wanted -= filled
        self._source_units[source] += units.sum()
        self._source_minutes[source] += self._minutes(source, int(units.sum()))
        self._service_packages[case.lane_service[lane]] += 1
        for line in np.flatnonzero(filled).tolist():
            self._line_source.setdefault(line, source)

    def units_of(self, filled: Ints) -> Ints:
        """The units of each part in so many units of each line, [D]."""
        return self._needs.units_of(filled, len(self._case.demand))

    def drop_unfinished(self) -> None:
        """Take back what may only ship whole and did not come together."""
        case = self._case
        unfinished = case.complete_lines & (self.wanted > 0) & (self.wanted < case.line_quantity)
        for filled in self._filled:
            filled[unfinished] = 0
        if case.complete and (self.wanted > 0).any():
            self._filled = []
        kept = [
            Shipment(lane=shipment.lane, units=self.units_of(filled))
            for shipment, filled in zip(self.shipments, self._filled, strict=False)
            if filled.any()
        ]
        carried = [shipment for shipment in kept if self.carries(shipment.lane, shipment.units)]
        self.shipments = carried if len(carried) == len(kept) else []
        left = [filled for filled in self._filled if filled.any()] if self.shipments else []
        self.wanted = case.line_quantity - sum(left, np.zeros_like(case.line_quantity))

    def carries(self, lane: int, units: Ints) -> bool:
        """True when one package of the lane may hold the units, by weight, volume, count and tariff."""
        return self._carries(lane, self._takes @ units)

    def _carries(self, lane: int, taken: Ints) -> bool:
        case = self._case
        grams, mm3, units = taken.tolist()
        if grams > case.package_most_grams[lane] or mm3 > case.package_most_mm3[lane]:
            return False
        if units > case.package_most_units[lane]:
            return False
        tariff = case.tariffs[case.lane_tariff[lane]]
        billable = max(grams, tariff.volumetric.grams_of(mm3), tariff.min_billable_grams)
        return all(card is None or card.price_minor(billable) is not None for card in tariff.cards)

    def most_units(self, lanes: Sequence[int]) -> Ints:
        """The most units of each line that are wanted and lie at each lane's offer, seen line by line, [lanes, K]."""
        return np.minimum(self._needs.times_in(self._stock[self._case.lane_offer[list(lanes)]]), self.wanted)

    def beside(self, source: int) -> tuple[int, ...]:
        """What a package more from a source costs the order beside the package itself, at each level."""
        case = self._case
        cost = np.zeros(case.levels, dtype=np.int64)
        if self.shipments:
            cost += case.further_package_cost
        if source not in self._sources:
            cost += case.source_cost[:, source]
            if self._sources:
                cost += case.further_source_cost
        return tuple(cost.tolist())

    def beyond_stairs(self, shipment: Shipment) -> Ints:
        """What the stairs add for a package more, [P]."""
        case = self._case
        offer = case.lane_offer[shipment.lane]
        stairs = np.flatnonzero(case.stair_offer == offer)
        parts, after = case.stair_part[stairs], case.stair_after_units[stairs]
        taken = (case.stock - self._stock)[offer, parts]
        beyond = np.maximum(taken + shipment.units[parts] - after, 0) - np.maximum(taken - after, 0)
        added: Ints = case.stair_cost[:, stairs] @ beyond
        return added

    def source_of(self, lane: int) -> int:
        """The number of the lane's source."""
        return int(self._case.offer_source[self._case.lane_offer[lane]])

    def _minutes(self, source: int, units: int) -> int:
        case = self._case
        return int(case.source_package_minutes[source] + case.source_unit_minutes[source] * units)

    def _most_alone(self, lane: int) -> Ints:
        """The most units of each line that are wanted, lie there and may leave from there, seen line by line, [K]."""
        case = self._case
        carried = np.where(case.carries[lane], self._stock[case.lane_offer[lane]], 0)
        most: Ints = np.minimum(self._needs.times_in(carried[None, :])[0], self.wanted)
        source = self.source_of(lane)
        for line, at in self._line_source.items():
            if case.together[line] and at != source:
                most[line] = 0
        return most

    def _most_beside(self, lane: int, line: int, units: Ints) -> int:
        """The most units of the line that are wanted and lie there beside what is in the package already."""
        case = self._case
        need = case.line_units[line]
        parts = np.flatnonzero(need)
        left = self._stock[case.lane_offer[lane], parts] - units[parts]
        return int(min(self.wanted[line], (left // need[parts]).min()))

    def _may_travel(self, units: Ints, need: Ints) -> bool:
        if self._all_may_travel:
            return True
        apart = self._case.apart
        inside, coming = np.flatnonzero(units), np.flatnonzero(need)
        return not apart[np.ix_(inside, coming)].any() and not apart[np.ix_(coming, coming)].any()

    def _most_that_fit(self, lane: int, inside: Ints, each: Ints, most: int) -> int:
        """By bisection; where a band in the middle of a card is closed, possibly less than the most."""
        low, high = 0, most
        while low < high:
            middle = (low + high + 1) // 2
            if self._fits(lane, inside + middle * each):
                low = middle
            else:
                high = middle - 1
        return low

    def _fits(self, lane: int, taken: Ints) -> bool:
        """True when a package of the lane may hold so many grams, mm3 and units, and its source can make it."""
        case, source, units = self._case, self.source_of(lane), int(taken[2])
        within_units = self._source_units[source] + units <= case.source_most_units[source]
        minutes = case.source_most_minutes[source]
        within_minutes = minutes == NO_LIMIT or self._source_minutes[source] + self._minutes(source, units) <= minutes
        return bool(within_units and within_minutes) and self._carries(lane, taken)
