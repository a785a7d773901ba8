"""A network, a catalog and the stock of one moment under one policy, from which orders are decided in microseconds.

What the arrays cannot say is seen beforehand; then the order becomes a Problem and is decided in the ordinary way, and
the decision says why. Either way no plan is cheaper.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy

import numpy as np
from numpy.typing import NDArray

from solver.catalog.catalog import Catalog
from solver.network.distance import distances_meters
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.check import check
from solver.sourcing.exact.search import Limits
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.batch import Batch, Encoded, Told
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.encoding import Encoder
from solver.sourcing.snapshot.geography import unit_vector
from solver.sourcing.snapshot.grounds import NO_BLOCK, Ground, Grounds
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.decided import decide_one
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.materials import Materials
from solver.sourcing.snapshot.places import Door, Places
from solver.sourcing.snapshot.prepared import NO_METERS, Prepared
from solver.sourcing.snapshot.restated import chosen_of, plan_of
from solver.sourcing.snapshot.second import second_look
from solver.sourcing.snapshot.shelves import MinorBySource, Shelves, UnitsBySource
from solver.sourcing.snapshot.support import refusals
from solver.sourcing.snapshot.timetable import block_of
from solver.sourcing.snapshot.view import Ask, Unknown
from solver.sourcing.snapshot.words_of_policy import may_close_lanes_by_order
from solver.sourcing.snapshot.worth import missed_minor, with_values
from solver.sourcing.solve import decide as decide_problem

NOTHING: MinorBySource = {}
_REASONS = {g.BEYOND_TIMETABLE: "beyond_the_timetable", g.LARGE_COSTS: "large_costs"}


class Snapshot:
    """Immutable, but for what it keeps of its own work. Build it with `Snapshot.of`."""

    def __init__(
        self, network: Network, catalog: Catalog, shelves: Shelves, materials: Materials, policy: Policy, ask: Ask
    ) -> None:
        self._network, self._catalog, self._policy, self._ask = network, catalog, policy, ask
        self._shelves, self._materials = shelves, materials
        self._grounds = Grounds(network, materials, shelves, policy, ask)
        self._places = Places(network, policy, self._grounds.zones)
        self._seen: dict[tuple[str, str, str], tuple[Door, int, int, int]] = {}
        self._encoder = Encoder(catalog, materials.number_of, policy)
        self._names = (materials.skus, network.source_ids, tuple(network.services))
        self._grams, self._mm3 = materials.facts[:, 0].tolist(), materials.facts[:, 1].tolist()
        words = self._grounds.policy_words
        self._asks_of_promise = bool(words[[g.LATE_HOUR, g.LATE_DAY, g.BY_PROMISE]].any())
        self._asks_always = bool(words[[g.SOON_MICROS, g.WAITING_DAY]].any())
        self._closes_lanes_by_order = may_close_lanes_by_order(policy)
        self._limits = Limits()
        self.refusals = tuple(refusals(network, policy))

    @classmethod
    def of(
        cls, *, network: Network, catalog: Catalog, available: UnitsBySource, policy: Policy, ask: Ask
    ) -> "Snapshot":
        """The stock available by SKU and source. `ask` states an order's Problem in the ordinary way.

        Raises OverflowError for more than 2 ** 31 - 1 units of a SKU at a source.
        """
        materials = Materials.of(catalog.materials, network.services.values())
        shelves = Shelves.of(available, materials.skus, network.source_positions)
        return cls(network, catalog, shelves, materials, policy, ask)

    def shelves_of(self, available: UnitsBySource, values: MinorBySource = NOTHING) -> Shelves:
        """The stock of a few SKUs as shelves, for every snapshot of the same network and catalog.

        `values`: what a unit left behind is worth, where it is worth anything.
        """
        number_of, positions = self._materials.number_of, self._network.source_positions
        shelves = Shelves.of_few(available, number_of, positions)
        return shelves.valued(values, number_of, positions) if values else shelves

    def valued(self, values: MinorBySource) -> "Snapshot":
        """The same where units left behind are worth so much; what it makes ready is made ready for both."""
        other = copy(self)
        other._shelves = self._shelves.valued(values, self._materials.number_of, self._network.source_positions)
        return other

    def missed_minor(self, decision: Decision, stock: NDArray[np.int32]) -> int:
        """What of a decision's total is the value of its units, on the stock on which it was made."""
        return missed_minor(decision, stock, self._shelves, self._materials, self._network, self._policy)

    def restocked(self, shelves: Shelves, *, ask: Ask, limits: Limits) -> "Snapshot":
        """The same on other stock, at little cost: what it makes ready is made ready for both.

        What is left to a Problem is asked of `ask`; `limits` bound the exact engine's search.
        """
        other = copy(self)
        other._shelves, other._ask, other._limits = shelves, ask, limits
        return other

    def see(self, order: Order) -> None:
        """Make ready for orders to this one's region, from its channel and tier. KeyError for an unknown region."""
        with suppress(Unknown):
            self._seen_from(order)

    def encoded(self, order: Order) -> Encoded:
        """The order in words. Raises Unknown; KeyError for an unknown region or SKU."""
        return self._encoded(order)

    def ground(self, *, grams: int, mm3: int, block: int) -> Ground:
        """The arrays without stock for orders up to this weight and volume in a block of days. Raises Unknown."""
        return self._grounds.ground(grams=grams, mm3=mm3, block=block)

    def has_seen(self, order: Order) -> bool:
        """Whether all is ready for the order; where surcharges of some days are charged, it is as good as ever."""
        return self._places.has_dates or self._places.order_key(order) in self._seen

    def may_close_lanes(self, order: Order) -> bool:
        """Whether a rule may close any lane to the order. Raises Unknown."""
        _, view, _, _ = self._seen_from(order)
        return self._closes_lanes_by_order or self._grounds.closes_lanes(view)

    def says_as(self, other: "Snapshot") -> bool:
        """Whether an order's words are the same here but for numbers and lower limits of packages and sources.

        Said of orders that ask for nothing themselves: neither they nor their lines are to ship complete or together.
        """
        days = (self._asks_always, self._asks_of_promise) == (other._asks_always, other._asks_of_promise)
        return days and not self.refusals and not other.refusals and self._encoder.says_as(other._encoder)

    def numbers_of(self, order: Order) -> tuple[int, int, int, int]:
        """The order's view, branch and setting here, and the zone of its door. Raises Unknown."""
        door, view, branch, setting = self._seen_from(order)
        return view, branch, setting, door.zone

    @property
    def network(self) -> Network:
        """The network that it was made of."""
        return self._network

    @property
    def policy(self) -> Policy:
        """The policy that it was made under."""
        return self._policy

    @property
    def catalog(self) -> Catalog:
        """The catalog that it was made of."""
        return self._catalog

    @property
    def skus(self) -> tuple[str, ...]:
        """The SKU of every number."""
        return self._materials.skus

    @property
    def shelves(self) -> Shelves:
        """Where its stock lies."""
        return self._shelves

    @property
    def stock(self) -> NDArray[np.int32]:
        """A copy of its stock, to count down."""
        return self._shelves.units.copy()

    def decide(self, order: Order) -> Decision:
        """The best decision on the snapshot's stock. KeyError for an unknown region or SKU."""
        return self._decide(order, self._shelves.units)

    def decide_all(self, orders: Iterable[Order]) -> tuple[Decision, ...]:
        """The best decision for one order after the other, each on what the earlier ones left; the snapshot stays."""
        return self.decide_from(self.stock, orders)

    def decide_from(self, stock: NDArray[np.int32], orders: Iterable[Order]) -> tuple[Decision, ...]:
        """The same on a stock like `self.stock`, of which the decisions are taken off."""
        sequence = list(orders)
        decisions: list[Decision] = []
        waiting: list[Encoded] = []
        for order in sequence:
            encoded = None if self._policy.relax else self._encoded_or_none(order)
            if waiting and (encoded is None or encoded.block != waiting[-1].block):
                self._decide_batch(sequence, waiting, stock, decisions)
            if encoded is not None:
                waiting.append(encoded)
                continue
            decisions.append(self._decide(order, stock))
            self._take(decisions[-1], stock)
        self._decide_batch(sequence, waiting, stock, decisions)
        return tuple(decisions)

    def decide_by_rule(self, stock: NDArray[np.int32], order: Order, rule: Engine) -> Decision:
        """What a rule of thumb (`Engine.NEAREST`, `Engine.GREEDY`) decides on a stock, of which that is taken off."""
        plan = self._ordinary_plan(order, stock, rule)
        decision = _of_plan(plan, str(rule))
        self._take(decision, stock)
        return decision

    def plan(self, order: Order) -> Plan:
        """The decision as a plan, priced term by term and checked. It is not explained."""
        decision = self.decide(order)
        if not decision.fallback:
            return plan_of(self._asked(order, self._shelves.units, decision), decision)
        return self._ordinary_plan(order, self._shelves.units)

    def plan_as(self, order: Order, decision: Decision) -> Plan:
        """A decision about the order that was made elsewhere, as a plan, priced term by term and checked."""
        return plan_of(self._asked(order, self._shelves.units, decision), decision)

    @property
    def itemiser(self) -> Itemiser:
        """Itemises the snapshot's decisions."""
        return Itemiser(self._network, self._materials, self._policy, self._grounds, self._places)

    def prepared(self, orders: Sequence[Order]) -> "Prepared":
        """Orders laid out for the machine code, all in one go. Raises Unknown where the arrays cannot say one."""
        return self.laid_out([self._encoded(order) for order in orders])

    def prepared_by_days(self, orders: Sequence[Order]) -> tuple[list[tuple[list[int], "Prepared"]], dict[int, str]]:
        """Orders laid out together where their days allow it, by their numbers; and why others cannot be."""
        encoded: dict[int, list[tuple[int, Encoded]]] = {}
        others: dict[int, str] = {}
        for number, order in enumerate(orders):
            try:
                one = self._encoded(order)
            except Unknown as unknown:
                others[number] = str(unknown)
            else:
                encoded.setdefault(one.block, []).append((number, one))
        made: list[tuple[list[int], Prepared]] = []
        for of_block in encoded.values():
            numbers = [number for number, _ in of_block]
            try:
                made.append((numbers, self.laid_out([one for _, one in of_block])))
            except Unknown as unknown:
                others |= dict.fromkeys(numbers, str(unknown))
        return made, others

    def timed(self, order: Order, shelves: Shelves) -> tuple[Encoded, Ground]:
        """The order in words, and the arrays of its days over this stock, for other questions. Raises Unknown."""
        encoded = self._encoded(order, is_timed=True)
        ground = self._grounds.ground(grams=encoded.grams, mm3=encoded.mm3, block=encoded.block)
        return encoded, ground.stocked(shelves)

    def _decide(self, order: Order, stock: NDArray[np.int32]) -> Decision:
        try:
            prepared = self.laid_out([self._encoded(order)])
        except Unknown as unknown:
            return self._ordinary(order, stock, str(unknown))
        prepared.run(stock, counts_down=False)
        return self.answered(order, prepared, prepared.batch.told(0, 1), 0, stock)

    def _decide_batch(
        self, orders: list[Order], waiting: list[Encoded], stock: NDArray[np.int32], decisions: list[Decision]
    ) -> None:
        """Decide what waits, in their sequence, and count the stock down."""
        if not waiting:
            return
        first, begin = len(decisions), 0
        try:
            prepared = self.laid_out(waiting)
        except Unknown as unknown:
            for order in orders[first : first + len(waiting)]:
                decisions.append(self._ordinary(order, stock, str(unknown)))
                self._take(decisions[-1], stock)
            waiting.clear()
            return
        while begin < len(waiting):
            end = prepared.run(stock, begin, counts_down=True)
            stop = min(end + 1, len(waiting))
            told = prepared.batch.told(begin, stop)
            decisions += [self.answered(orders[first + i], prepared, told, i, stock) for i in range(begin, stop)]
            if end < len(waiting):
                self._take(decisions[-1], stock)
            begin = end + 1
        waiting.clear()

    def laid_out(self, encoded: Sequence[Encoded]) -> "Prepared":
        """Encoded orders of one block of days laid out for the machine code. Raises Unknown."""
        grams, mm3 = max(one.grams for one in encoded), max(one.mm3 for one in encoded)
        ground = self._grounds.ground(grams=grams, mm3=mm3, block=encoded[0].block)
        return Prepared(ground=ground.stocked(self._shelves), batch=Batch.of(encoded), base=ground)

    def answered(self, order: Order, prepared: "Prepared", told: Told, i: int, stock: NDArray[np.int32]) -> Decision:
        """The answer to order i of those that are told, after a second look where the first was not enough."""
        batch, ground = prepared.batch, prepared.ground
        status, meters = told.status[i - told.first], NO_METERS
        if status in (g.NEAR_A_LIMIT, g.MANY_STATES):
            place = self._network.place(order.destination)
            meters = distances_meters(
                place.latitude, place.longitude, self._network.latitudes, self._network.longitudes
            )
            status = decide_one(ground.arrays, stock, batch.of_order(i), batch.xyz[i], meters, batch.answers, i)
            told = batch.told(i, i + 1)
        answer: Decision | str = _REASONS.get(status, "")
        if status == g.DONE:
            answer = batch.decision(i, told, *self._names)
        elif status in (g.COUPLED, g.MANY_STATES):
            words, xyz = batch.of_order(i), batch.xyz[i]
            answer = second_look(ground.arrays, ground.tariffs, stock, words, xyz, meters, self._names, self._limits)
        if isinstance(answer, str):
            return self._ordinary(order, stock, answer)
        if self._policy.relax and any(answer.unfilled):
            return self._ordinary(order, stock, "relaxed")
        return answer

    def _encoded_or_none(self, order: Order) -> Encoded | None:
        try:
            return self._encoded(order)
        except Unknown:
            return None

    def _encoded(self, order: Order, *, is_timed: bool = False) -> Encoded:
        """The order in words, with the block of its days where these are asked for. Raises Unknown."""
        if self.refusals:
            raise Unknown(self.refusals[0])
        door, view, branch, setting = self._seen_from(order)
        words = self._encoder.words(order, view, branch, setting, door.zone)
        grams = mm3 = 0
        for at in range(g.HEAD, g.HEAD + g.PART_WORDS * words[g.PARTS], g.PART_WORDS):
            grams += self._grams[words[at]] * words[at + 1]
            mm3 += self._mm3[words[at]] * words[at + 1]
        latitude, longitude = order.destination.latitude, order.destination.longitude
        if latitude is None or longitude is None:
            latitude, longitude = door.place.latitude, door.place.longitude
        is_timed |= self._asks_always or (self._asks_of_promise and order.promised_at is not None)
        return Encoded(
            words=words,
            xyz=unit_vector(latitude, longitude),
            grams=grams,
            mm3=mm3,
            block=block_of(order.placed_at) if is_timed else NO_BLOCK,
        )

    def _seen_from(self, order: Order) -> tuple[Door, int, int, int]:
        """The order's door, and the numbers of its view, branch and setting. Raises Unknown."""
        key = self._places.order_key(order)
        seen = self._seen.get(key)
        if seen is None:
            door = self._places.door(order.destination.region_id)
            view, branch = self._grounds.view(self._places, order, door), self._grounds.branch(door)
            seen = door, view, branch, self._grounds.setting(view, branch)
            if not self._places.has_dates:
                self._seen[key] = seen
        return seen

    def _asked(self, order: Order, stock: NDArray[np.int32], only: Decision | None = None) -> Problem:
        """The order's problem in the ordinary way; `only` with the sources of a decision."""
        skus = {sku for line in order.lines for sku in self._encoder.skus(line)}
        numbers, source_ids = self._materials.number_of, self._network.source_ids
        kept = None if only is None else {chosen.source_id for chosen in only.packages}
        if kept is not None and self._shelves.most_value:  # values count above the least
            least = (self._shelves.least_value(numbers[sku], stock)[0] for sku in skus)
            kept |= {source_ids[source] for source in least if source >= 0}
        available: dict[str, dict[str, int]] = {}
        for sku in sorted(skus):
            units = self._shelves.counts(numbers[sku], source_ids, stock)
            available[sku] = {one: count for one, count in units.items() if kept is None or one in kept}
        problem = self._ask(order, self._network, available)
        values = {sku: self._shelves.values(numbers[sku], source_ids) for sku in available}
        return with_values(problem, values) if self._shelves.most_value else problem

    def _ordinary_plan(self, order: Order, stock: NDArray[np.int32], engine: Engine = Engine.EXACT) -> Plan:
        problem = self._asked(order, stock)
        plan = decide_problem(problem, engine=engine, time_limit_seconds=self._policy.time_limit_ms / 1000)
        check(problem, plan)
        return plan

    def _ordinary(self, order: Order, stock: NDArray[np.int32], reason: str) -> Decision:
        return _of_plan(self._ordinary_plan(order, stock), reason)

    def place_of(self, sku: str, source_id: str) -> int:
        """Where a stock like `self.stock` has the units of a SKU at a source, which the snapshot must know of."""
        return self._shelves.at(self._materials.number_of[sku], self._network.source_positions[source_id])

    def _take(self, decision: Decision, stock: NDArray[np.int32]) -> None:
        for chosen in decision.packages:
            source = self._network.source_positions[chosen.source_id]
            for sku, units in chosen.units.items():
                stock[self._shelves.at(self._materials.number_of[sku], source)] -= units


def _of_plan(plan: Plan, fallback: str) -> Decision:
    return Decision(
        packages=tuple(chosen_of(package) for package in plan.packages),
        unfilled=tuple(line.unfilled_units for line in plan.lines),
        total_minor=plan.total_minor,
        bound_minor=plan.bound_minor,
        fallback=fallback,
        plan=plan,
    )
