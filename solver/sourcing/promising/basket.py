"""A basket: everything about its options is told in one pass of machine code, and what needs a second look gets one."""

from collections.abc import Callable, Collection, Iterator, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.network.distance import distances_meters
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.search import Limits
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

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Names":
        """The names of a snapshot."""
        return cls(snapshot.skus, snapshot.network.source_ids, tuple(snapshot.network.services))


class Ways(NamedTuple):
    """The lanes of a network, and the options on them; `views` makes these views of the ground, for a second look."""

    leads: Flags  # [S, V]: which lanes there are
    kinds: Ints  # [S]: the number of each source's kind
    masks: Masks
    views: Callable[[], Views]


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
        if self._most_minor(sum(units), quantities, encoded.words[self._left]) >= _UNFILLED_MINOR:
            raise Declined("large costs")
        self._meters = NO_METERS
        self.told, rows = self._tell()
        self._done = rows.status[: ROWS * len(self.told.like)].tolist()
        self._rows = list(_listed(rows, is_settled=prod(self._radix.values()) < _FEW_STATES))

    def cheapest(self, option: int) -> Answer:
        """What the policy prefers. Raises Declined."""
        return self._row(CHEAPEST, Asked(option))

    def by_date(self, option: int) -> Answer:
        """What fills by the option's earliest date. Raises Declined."""
        return self._row(BY_DATE, Asked(option, self.told.earliest.item(option), fills=True))

    def fullest(self, option: int) -> Answer:
        """What fills, whenever it is there. Raises Declined."""
        return self._row(FULLEST, Asked(option, fills=True))

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

    def decide(self, asked: Sequence[Asked]) -> list[Answer]:
        """The best decisions, proven, by all that the snapshot has. Raises Declined."""
        arrays = self._ways.views().seen_on(self._ground.arrays, _with_dates(self._ground.arrays.policy))
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
            at = decide_from(arrays, self._stock, flat, start, xyz, self._meters, answers, at, _KEEPS)
            if at < count:
                seen[at] = self._looked_at_again(arrays, words[at], int(answers.status[at]))
                at += 1
        is_settled = prod(self._radix.values()) < _FEW_STATES
        listed = (seen.get(number, answer) for number, answer in enumerate(_listed(answers, is_settled=is_settled)))
        return [_in_money(answer, one) for answer, one in zip(listed, asked, strict=True)]

    def chosen(self, answer: Answer) -> tuple[Chosen, ...]:
        """The packages by name."""
        return tuple(map(self._chosen, answer.lanes, answer.contents))

    def _chosen(self, lane: int, rest: int) -> Chosen:
        units = {}
        for sku, radix in self._radix.items():
            rest, count = divmod(rest, radix)
            if count:
                units[sku] = count
        source_id, service_id = self._names.source_ids[lane >> SERVICE_BITS], lane & _SERVICE_MASK
        return Chosen(source_id=source_id, service_id=self._names.service_ids[service_id], units=units)

    def _most_minor(self, units: int, quantities: Sequence[int], left: Sequence[int]) -> int:
        """No plan costs more."""
        arrays = self._ground.arrays
        package = int(arrays.lane_cost[self._words[g.VIEW]].max(initial=0))
        package += int(arrays.rate_cost[self._words[g.VIEW]].max(initial=0)) + int(arrays.policy[g.DEAREST])
        package += _MOST_KM * int(arrays.policy[g.DISTANCE_PER_KM]) + _MOST_DAYS * int(arrays.policy[g.WAITING_DAY])
        return package * units + sum(map(int.__mul__, quantities, left))

    def _tell(self) -> tuple[Told, Answers]:
        filling, ways = self._words.copy(), self._ways
        filling[self._left] += _UNFILLED_MINOR
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

    def _row(self, row: int, asked: Asked) -> Answer:
        number = row * len(self.told.like) + asked.option
        if self._done[number] == g.DONE:
            return _in_money(self._rows[number], asked)
        return self.decide([asked])[0]

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


def _listed(answers: Answers, *, is_settled: bool) -> Iterator[Answer]:
    totals, packages, lines = answers.total.tolist(), answers.package_start.tolist(), answers.unfilled_start.tolist()
    lanes, contents = answers.package_lane[: packages[-1]].tolist(), answers.package_state[: packages[-1]].tolist()
    unfilled = answers.unfilled.tolist()
    for number, total in enumerate(totals):
        of_packages, of_lines = slice(*packages[number : number + 2]), slice(*lines[number : number + 2])
        shipped = tuple(lanes[of_packages]), tuple(contents[of_packages])
        yield Answer(*shipped, tuple(unfilled[of_lines]), total, is_settled)


def _in_money(answer: Answer, asked: Asked) -> Answer:
    """The answer with what it really costs."""
    weight = _UNFILLED_MINOR * answer.unfilled_units if asked.fills else 0
    return answer._replace(total_minor=answer.total_minor - weight) if weight else answer
