"""A basket that is decided again and again: by option, by a date, with as few units unfilled as can be.

All that is asked at a time is answered in one pass of the snapshot's machine code.
"""

from collections.abc import Collection, Iterator, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.network.distance import distances_meters
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.search import Limits
from solver.sourcing.promising.dates import Dates, dates_of
from solver.sourcing.promising.options import Views
from solver.sourcing.snapshot.batch import Encoded, room
from solver.sourcing.snapshot.briefly import MOST_CONTENTS, MOST_SPLITS
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.grounds import Ground
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.answers import SERVICE_BITS, Answers
from solver.sourcing.snapshot.inner.decided import decide_from
from solver.sourcing.snapshot.prepared import NO_METERS
from solver.sourcing.snapshot.second import second_look

ANY_TIME = g.NONE
_SERVICE_MASK = (1 << SERVICE_BITS) - 1
_UNFILLED_MINOR = 1 << 44  # a unit's where as few as can be are to stay unfilled; no plan costs as much
_QUICK = Limits(nodes=20_000, loads=0)
_FEW_STATES = 512  # contents of packages, up to which these are tried in a sequence that no lane has a part in
_KEEPS = False  # the stock as it is
_MOST_KM, _MOST_DAYS = 20_100, 100  # from anywhere on earth, and from the order to the door


class Declined(Exception):
    """The basket is left to the ordinary path."""


class Asked(NamedTuple):
    """A decision by one option, whose packages arrive by a moment; `fills`: with as few unfilled units as can be."""

    option: int
    by_micros: int = ANY_TIME
    fills: bool = False


class Answer(NamedTuple):
    """What was decided: lanes (source << SERVICE_BITS | service) and contents of packages, and units left by line.

    `is_settled`: from fewer lanes, all of these among them, the very same would be chosen.
    """

    lanes: tuple[int, ...]
    contents: tuple[int, ...]
    unfilled: tuple[int, ...]
    total_minor: int
    is_settled: bool = False

    @property
    def sources(self) -> set[int]:
        """Who ships."""
        return {lane >> SERVICE_BITS for lane in self.lanes}

    @property
    def unfilled_units(self) -> int:
        """Units of lines that do not ship."""
        return sum(self.unfilled)


class Names(NamedTuple):
    """What the numbers of SKUs, sources and services stand for."""

    skus: tuple[str, ...]
    source_ids: tuple[str, ...]
    service_ids: tuple[str, ...]


class Basket:
    """An order over the lanes of every option, on one stock."""

    def __init__(
        self,
        names: Names,
        order: Order,
        encoded: Encoded,
        ground: Ground,
        stock: NDArray[np.int32],
        network: Network,
        views: Views,
        leads: Flags,
    ) -> None:
        """`leads` says which lanes the network has.

        Raises Declined where no table tells when they arrive, and where a search would take long.
        """
        self._network, self._names, self._order = network, names, order
        self._tariffs, self._stock = ground.tariffs, stock
        self._arrays = views.seen_on(ground.arrays, _with_dates(ground.arrays.policy))
        self._words = np.array(encoded.words, dtype=np.int64)
        self._words[[g.VIEW, g.SETTING]] = 0
        self._words[g.PROMISED] = g.NONE
        self._xyz = np.array(encoded.xyz, dtype=np.float64)
        self._lines = encoded.words[g.LINES]
        begin = g.HEAD + g.PART_WORDS * encoded.words[g.PARTS]
        self._left = slice(begin + g.LEFT_COST, begin + g.LINE_WORDS * self._lines, g.LINE_WORDS)
        self._radix = {
            names.skus[sku]: units + 1
            for sku, units in zip(encoded.words[g.HEAD : begin : 2], encoded.words[g.HEAD + 1 : begin : 2], strict=True)
        }
        if not _is_light(self._radix.values()):
            raise Declined("many contents")
        if self._most_minor(views) >= _UNFILLED_MINOR:
            raise Declined("large costs")
        self._meters = NO_METERS
        self.dates = self._dated(leads)

    @property
    def is_plain(self) -> bool:
        """Whether every line is of a SKU of its own, as it stands."""
        lines, entries = self._words[[g.LINES, g.ENTRIES]].tolist()
        units = self._words[len(self._words) - g.ENTRY_WORDS * entries + 1 :: g.ENTRY_WORDS]
        return len(self._radix) == lines == entries and bool((units == 1).all())

    def arrives_micros(self, answer: Answer) -> int:
        """When the last package arrives, in microseconds since 1970; there must be one."""
        rows = np.searchsorted(self.dates.sources, [lane >> SERVICE_BITS for lane in answer.lanes])
        return int(self.dates.arrives[rows, [lane & _SERVICE_MASK for lane in answer.lanes]].max())

    def decide(self, asked: Sequence[Asked]) -> list[Answer]:
        """The best decisions, proven. Raises Declined."""
        if not asked:
            return []
        count, size = len(asked), len(self._words)
        words = np.repeat(self._words[None], count, axis=0)
        words[:, g.VIEW] = words[:, g.SETTING] = [one.option for one in asked]
        words[:, g.PROMISED] = [one.by_micros for one in asked]
        words[[number for number, one in enumerate(asked) if one.fills], self._left] += _UNFILLED_MINOR
        answers = room(count, count * self._lines)
        xyz = np.repeat(self._xyz[None], count, axis=0)
        flat, start = words.reshape(-1), np.arange(0, (count + 1) * size, size)
        seen: dict[int, Answer] = {}
        at = 0
        while at < count:
            at = decide_from(self._arrays, self._stock, flat, start, xyz, self._meters, answers, at, _KEEPS)
            if at < count:
                seen[at] = self._looked_at_again(words[at], int(answers.status[at]))
                at += 1
        is_settled = prod(self._radix.values()) < _FEW_STATES
        listed = (seen.get(number, answer) for number, answer in enumerate(_listed(answers, is_settled=is_settled)))
        return [_in_money(answer, one) for answer, one in zip(listed, asked, strict=True)]

    def chosen(self, answer: Answer) -> tuple[Chosen, ...]:
        """The packages by name."""
        return tuple(self._chosen(lane, rest) for lane, rest in zip(answer.lanes, answer.contents, strict=True))

    def _chosen(self, lane: int, rest: int) -> Chosen:
        units = {}
        for sku, radix in self._radix.items():
            rest, count = divmod(rest, radix)
            if count:
                units[sku] = count
        source_id, service_id = self._names.source_ids[lane >> SERVICE_BITS], lane & _SERVICE_MASK
        return Chosen(source_id=source_id, service_id=self._names.service_ids[service_id], units=units)

    def _most_minor(self, views: Views) -> int:
        """No plan costs more."""
        policy = self._arrays.policy
        package = views.dearest_lane + int(self._arrays.rate_cost.max(initial=0)) + int(policy[g.DEAREST])
        package += _MOST_KM * int(policy[g.DISTANCE_PER_KM]) + _MOST_DAYS * int(policy[g.WAITING_DAY])
        lines = self._words[self._left.start - g.LEFT_COST :][: self._lines * g.LINE_WORDS].reshape(-1, g.LINE_WORDS)
        left: int = sum(units * cost for units, cost in lines[:, [g.QUANTITY, g.LEFT_COST]].tolist())
        return package * sum(radix - 1 for radix in self._radix.values()) + left

    def _dated(self, leads: Flags) -> Dates:
        dates = dates_of(self._arrays, self._stock, self._words, self._xyz, self._meters, leads)
        if dates.status == g.NEAR_A_LIMIT:
            place, network = self._network.place(self._order.destination), self._network
            self._meters = distances_meters(place.latitude, place.longitude, network.latitudes, network.longitudes)
            dates = dates_of(self._arrays, self._stock, self._words, self._xyz, self._meters, leads)
        if dates.status != g.DONE:
            raise Declined("beyond the timetable")
        return dates

    def _looked_at_again(self, words: Ints, status: int) -> Answer:
        if status not in (g.COUPLED, g.MANY_STATES):
            raise Declined("not in the tables")
        found = second_look(
            self._arrays, self._tariffs, self._stock, words, self._xyz, self._meters, self._names, _QUICK
        )
        if isinstance(found, str) or not found.is_proven:
            raise Declined("not proven")
        return self._answer(found)

    def _answer(self, decision: Decision) -> Answer:
        service_ids, positions = self._names.service_ids, self._network.source_positions
        packages = sorted(
            (positions[one.source_id] << SERVICE_BITS | service_ids.index(one.service_id), self._contents(one))
            for one in decision.packages
        )
        return Answer(
            lanes=tuple(lane for lane, _ in packages),
            contents=tuple(contents for _, contents in packages),
            unfilled=decision.unfilled,
            total_minor=decision.total_minor,
        )

    def _contents(self, chosen: Chosen) -> int:
        contents, stride = 0, 1
        for sku, radix in self._radix.items():
            contents += stride * chosen.units.get(sku, 0)
            stride *= radix
        return contents


def _is_light(radices: Collection[int]) -> bool:
    splits = prod(radix * (radix + 1) // 2 for radix in radices)
    return prod(radices) <= MOST_CONTENTS and splits <= MOST_SPLITS


def _with_dates(policy: Ints) -> Ints:
    """The policy's words with the rule that packages arrive by the promise."""
    words = policy.copy()
    words[g.BY_PROMISE], words[g.GRACE_MICROS] = 1, 0
    return words


def _listed(answers: Answers, *, is_settled: bool) -> Iterator[Answer]:
    totals, packages, lines = answers.total.tolist(), answers.package_start.tolist(), answers.unfilled_start.tolist()
    lanes, contents, unfilled = answers.package_lane.tolist(), answers.package_state.tolist(), answers.unfilled.tolist()
    for number, total in enumerate(totals):
        of_packages, of_lines = slice(*packages[number : number + 2]), slice(*lines[number : number + 2])
        yield Answer(
            tuple(lanes[of_packages]), tuple(contents[of_packages]), tuple(unfilled[of_lines]), total, is_settled
        )


def _in_money(answer: Answer, asked: Asked) -> Answer:
    """The answer with what it really costs."""
    weight = _UNFILLED_MINOR * answer.unfilled_units if asked.fills else 0
    return answer._replace(total_minor=answer.total_minor - weight) if weight else answer
