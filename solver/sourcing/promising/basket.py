"""A basket: everything about its options is told in one pass of machine code, and what needs a second look gets one."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.network.distance import distances_meters
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.search import Limits
from solver.sourcing.promising.answer import ANY_TIME, UNFILLED_MINOR, Answer, Asked, in_money, listed
from solver.sourcing.promising.inner.told import BY_DATE, CHEAPEST, FULLEST, ROWS, Told, tell
from solver.sourcing.promising.options import Masks, Views
from solver.sourcing.snapshot.batch import Encoded, room
from solver.sourcing.snapshot.briefly import MOST_CONTENTS, MOST_SPLITS
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.grounds import Ground
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.answers import SERVICE_BITS, Answers
from solver.sourcing.snapshot.inner.decided import decide_from
from solver.sourcing.snapshot.prepared import NO_METERS
from solver.sourcing.snapshot.second import second_look
from solver.sourcing.snapshot.snapshot import Snapshot

_SERVICE_MASK = (1 << SERVICE_BITS) - 1
_QUICK = Limits(nodes=20_000, loads=0)
_FEW_STATES = 512  # contents of packages, up to which these are tried in a sequence that no lane has a part in
_KEEPS = False  # the stock as it is
_MOST_KEPT = 64
_MOST_KM, _MOST_DAYS = 20_100, 100  # from anywhere on earth, and from the order to the door


class Declined(Exception):
    """The basket is left to the ordinary path."""


class Names(NamedTuple):
    """What the numbers of SKUs, sources and services stand for."""

    skus: tuple[str, ...]
    source_ids: tuple[str, ...]
    service_ids: tuple[str, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Names":
        """The names of a snapshot."""
        return cls(snapshot.skus, snapshot.network.source_ids, tuple(snapshot.network.services))


class Ways(NamedTuple):
    """The lanes of a network, and the options on them.

    `views` makes these views of the ground, for a second look; `dearest_minor` is `DearestPackages.of`.
    """

    leads: Flags  # [S, V]: which lanes there are
    kinds: Ints  # [S]: the number of each source's kind
    masks: Masks
    views: Callable[[], Views]
    dearest_minor: Callable[[g.Ground, int], int]


class DearestPackages:
    """What no package costs more than, by a snapshot's grounds; worked out once for each."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, ...], tuple[object, int]] = {}  # by identity of what is held on to beside it

    def of(self, arrays: g.Ground, view: int) -> int:
        """Of a unit by itself, in this view."""
        made_of = arrays.lane_cost, arrays.rate_cost, arrays.policy
        key = (*map(id, made_of), view)
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            known = self._kept[key] = made_of, _dearest_minor(arrays, view)
        return known[1]


def _dearest_minor(arrays: g.Ground, view: int) -> int:
    package = int(arrays.lane_cost[view].max(initial=0)) + int(arrays.rate_cost[view].max(initial=0))
    package += int(arrays.policy[g.DEAREST]) + _MOST_KM * int(arrays.policy[g.DISTANCE_PER_KM])
    return package + _MOST_DAYS * int(arrays.policy[g.WAITING_DAY])


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
        ways: Ways,
    ) -> None:
        """Raises Declined where no table tells when its lanes arrive, and where a search would take long."""
        self._names, self._order, self._network, self._ways = names, order, network, ways
        self._ground, self._stock = ground, stock
        self._words = np.array(encoded.words, dtype=np.int64)
        self._words[g.PROMISED] = g.NONE
        self._xyz = np.array(encoded.xyz, dtype=np.float64)
        self._lines = encoded.words[g.LINES]
        begin = g.HEAD + g.PART_WORDS * encoded.words[g.PARTS]
        end = begin + g.LINE_WORDS * self._lines
        self._left = slice(begin + g.LEFT_COST, end, g.LINE_WORDS)
        skus, units = encoded.words[g.HEAD : begin : g.PART_WORDS], encoded.words[g.HEAD + 1 : begin : g.PART_WORDS]
        self._radix = {names.skus[sku]: count + 1 for sku, count in zip(skus, units, strict=True)}
        entries = encoded.words[end + 1 :: g.ENTRY_WORDS]
        self.is_plain = len(skus) == self._lines == len(entries) == sum(entries)
        if not _is_light(self._radix.values()):
            raise Declined("many contents")
        quantities = encoded.words[begin + g.QUANTITY : end : g.LINE_WORDS]
        left_minor = sum(map(int.__mul__, quantities, encoded.words[self._left]))
        if ways.dearest_minor(ground.arrays, encoded.words[g.VIEW]) * sum(units) + left_minor >= UNFILLED_MINOR:
            raise Declined("large costs")
        self._meters = NO_METERS
        self.told, rows = self._tell()
        found = listed(rows, is_settled=prod(self._radix.values()) < _FEW_STATES)
        done = (rows.status == g.DONE).tolist()
        self._rows = [answer if is_done else None for answer, is_done in zip(found, done, strict=True)]

    def cheapest(self, option: int) -> Answer:
        """What the policy prefers. Raises Declined."""
        return self._row(CHEAPEST, option)

    def by_date(self, option: int) -> Answer:
        """What fills by the option's earliest date. Raises Declined."""
        return self._row(BY_DATE, option)

    def fullest(self, option: int) -> Answer:
        """What fills, whenever it is there. Raises Declined."""
        return self._row(FULLEST, option)

    def arrives_micros(self, answer: Answer) -> int:
        """When the last package arrives, in microseconds since 1970; there must be one."""
        told = self.told
        latest = 0
        for lane in answer.lanes:
            one = told.of_source.item(told.sources.searchsorted(lane >> SERVICE_BITS))
            lanes = slice(told.lane_start.item(one), told.lane_start.item(one + 1))
            at = told.lane_service[lanes].tolist().index(lane & _SERVICE_MASK)
            latest = max(latest, told.lane_arrives.item(lanes.start + at))
        return latest

    def moments(self, option: int) -> Ints:
        """When anything of an option can arrive, ascending, in microseconds since 1970; and maybe some others."""
        return np.unique(self.told.lane_arrives[self._ways.masks.services[option][self.told.lane_service]])

    def decide(self, asked: Asked) -> Answer:
        """The best decision, proven, by all that the snapshot has. Raises Declined."""
        [answer] = self._decide([asked])
        return in_money(answer, fills=asked.fills)

    def lanes_of(self, answers: Iterable[Answer]) -> set[tuple[str, str]]:
        """Source and service of every package."""
        return {self._lane(lane) for lane in {lane for answer in answers for lane in answer.lanes}}

    def units(self, contents: int) -> Mapping[str, int]:
        """The contents of a package by SKU."""
        units, rest = {}, contents
        for sku, radix in self._radix.items():
            rest, count = divmod(rest, radix)
            if count:
                units[sku] = count
        return units

    def chosen(self, lane: int, units: Mapping[str, int]) -> Chosen:
        """A package by name."""
        source_id, service_id = self._lane(lane)
        return Chosen(source_id=source_id, service_id=service_id, units=units)

    def _lane(self, lane: int) -> tuple[str, str]:
        return self._names.source_ids[lane >> SERVICE_BITS], self._names.service_ids[lane & _SERVICE_MASK]

    def _tell(self) -> tuple[Told, Answers]:
        filling, ways = self._words.copy(), self._ways
        filling[self._left] += UNFILLED_MINOR
        rows = ROWS * len(ways.masks.group_of)
        answers = room(rows, rows * self._lines)

        def told() -> Told:
            return tell(
                self._ground.arrays,
                self._stock,
                self._words,
                filling,
                self._xyz,
                self._meters,
                ways.leads,
                ways.kinds,
                ways.masks.sources,
                ways.masks.group_of,
                ways.masks.services,
                answers,
            )

        found = told()
        if found.status == g.NEAR_A_LIMIT:
            place, network = self._network.place(self._order.destination), self._network
            self._meters = distances_meters(place.latitude, place.longitude, network.latitudes, network.longitudes)
            found = told()
        if found.status != g.DONE:
            raise Declined("beyond the timetable")
        return found, answers

    def _row(self, row: int, option: int) -> Answer:
        found = self._rows[row * len(self.told.like) + option]
        if found is None:
            self._look_again()
            found = self._rows[row * len(self.told.like) + option]
            assert found is not None, "an option that has anything has each of its rows"
        return in_money(found, fills=row != CHEAPEST)

    def _look_again(self) -> None:
        """Answer the rows that one pass left open, all in one go."""
        options = len(self.told.like)
        by = {CHEAPEST: [ANY_TIME] * options, BY_DATE: self.told.earliest.tolist(), FULLEST: [ANY_TIME] * options}
        asked = {
            row * options + option: Asked(option, moments[option], fills=row != CHEAPEST)
            for row, moments in by.items()
            for option in self._first_options()
            if self._rows[row * options + option] is None
        }
        for number, answer in zip(asked, self._decide(list(asked.values())), strict=True):
            self._rows[number] = answer

    def _first_options(self) -> list[int]:
        """Options that have anything, each the first of those like it."""
        likes = zip(self.told.like.tolist(), self.told.earliest.tolist(), strict=True)
        return [option for option, (like, earliest) in enumerate(likes) if like == option and earliest != NEVER]

    def _decide(self, asked: Sequence[Asked]) -> list[Answer]:
        arrays = self._ways.views().seen_on(self._ground.arrays, _with_dates(self._ground.arrays.policy))
        count, size = len(asked), len(self._words)
        words = np.repeat(self._words[None], count, axis=0)
        words[:, g.VIEW] = words[:, g.SETTING] = [one.option for one in asked]
        words[:, g.PROMISED] = [one.by_micros for one in asked]
        words[[number for number, one in enumerate(asked) if one.fills], self._left] += UNFILLED_MINOR
        answers = room(count, count * self._lines)
        xyz = np.repeat(self._xyz[None], count, axis=0)
        flat, start = words.reshape(-1), np.arange(0, (count + 1) * size, size)
        seen: dict[int, Answer] = {}
        at = 0
        while at < count:
            at = decide_from(arrays, self._stock, flat, start, xyz, self._meters, answers, at, _KEEPS)
            if at < count:
                seen[at] = self._looked_at_again(arrays, words[at], int(answers.status[at]))
                at += 1
        is_settled = prod(self._radix.values()) < _FEW_STATES
        return [seen.get(number, answer) for number, answer in enumerate(listed(answers, is_settled=is_settled))]

    def _looked_at_again(self, arrays: g.Ground, words: Ints, status: int) -> Answer:
        if status not in (g.COUPLED, g.MANY_STATES):
            raise Declined("not in the tables")
        tariffs = self._ground.tariffs
        found = second_look(arrays, tariffs, self._stock, words, self._xyz, self._meters, self._names, _QUICK)
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
