"""A run: orders in the sequence in which they were placed, and everything else that happens, at its time."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from solver.catalog.catalog import Catalog
from solver.orders.model import Order
from solver.replay.agenda import Agenda, Happening
from solver.replay.awaited import LateGoods, later_of
from solver.replay.books import Books
from solver.replay.coming_back import ComingBack, OnItsWay
from solver.replay.deciders import decider_of
from solver.replay.empty_places import EmptyPlaces
from solver.replay.gathering import WaveSize
from solver.replay.metrics import PAID
from solver.replay.open_orders import OpenOrder, OpenPackage, order_for, units_of
from solver.replay.outcome import Outcome, RunPackage
from solver.replay.part import Part
from solver.replay.run_state import State
from solver.replay.troubles import Troubles, network_of
from solver.scenario.model import Consigned, Horizon, Inbound, Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.stock.expected.later_claims import LaterClaim

PORTION = 256  # orders that are decided and booked together
_ONE_DAY = timedelta(days=1)
TIMED = 5_000  # about so many orders of a run are decided by themselves, to see how long that takes


def horizon_of(scenario: Scenario) -> Horizon:
    """The stated one, or from the first order to a day after the last."""
    if scenario.horizon is not None:
        return scenario.horizon
    times = [order.placed_at for order in scenario.orders]
    return Horizon(starts_at=min(times), ends_at=max(times) + _ONE_DAY)


class Replay:
    """One policy's run over a scenario with listed orders. `seed` draws what is left to chance.

    `rule` NEAREST or GREEDY: orders are decided by that rule of thumb, at the policy's prices.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: Policy,
        books: Books,
        *,
        seed: int = 0,
        rule: Engine = Engine.EXACT,
        wave: WaveSize | None = None,
        tell: Callable[[Outcome], None] | None = None,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`wave`: orders are gathered and decided together. `tell` is given every outcome when nothing changes it any
        more, in the sequence in which orders were placed; without it they are kept for `outcomes`.
        """
        self._orders = sorted(scenario.orders, key=lambda order: (order.placed_at, order.order_id))
        self._catalog = Catalog.of(scenario.materials, scenario.sales_items)
        network = network_of(scenario)
        self._troubles = Troubles(network, scenario.disturbances)
        units = {(row.source_id, row.sku): 0 for row in scenario.comings}
        units |= {(row.site_id, row.sku): 0 for row in scenario.backorders}
        for row in scenario.stock:
            units[row.source_id, row.sku] = units.get((row.source_id, row.sku), 0) + row.units
        self._empty = EmptyPlaces(units, horizon_of(scenario))
        self._coming_back = ComingBack(scenario, network, self._catalog, seed)
        stocked = {sku for _, sku in units}
        units |= {place: 0 for place in self._coming_back.places(self._orders, stocked) if place not in units}
        self._places, self._is_layered = tuple(units), scenario.is_layered
        self._explodes = bool(scenario.combinations)
        horizon = horizon_of(scenario)
        self._decider = decider_of(scenario, network, self._catalog, policy, units, books, horizon, seed, rule)
        self._books, self._seed, self._wave, self._stopwatch = books, seed, wave, stopwatch
        self._starts_at = self._now = horizon.starts_at
        self._network_at: datetime | None = None
        self._kept: list[Outcome] = []
        self._tell = tell or self._kept.append
        self._by_id = {order.order_id: order for order in self._orders}
        self._files: dict[str, OpenOrder] = {}
        self._returning: dict[str, OnItsWay] = {}
        self._watches_leaving = self._troubles.has_rejections or bool(self._coming_back)
        self._done = 0
        self._every = max(1, len(self._orders) // TIMED)
        self._micros: list[float] = []
        self._late = LateGoods(scenario.consignments)
        self._agenda = Agenda(scenario, self._starts_at, self._troubles.moments)

    @property
    def orders(self) -> int:
        """How many there are."""
        return len(self._orders)

    def run(self) -> Iterator[int]:
        """Go through everything; yields how many orders are decided, after every portion.

        At a yield the run may be left, and another one go on from `state`.
        """
        while self._done < len(self._orders) or self._agenda:
            ready, moment = self._next()
            if ready:
                self._decide(ready, moment)
                self._done += len(ready)
            else:
                self._happen()
            self._tell_final()
            if ready:
                yield self._done

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each order, in the sequence in which they were placed, where they are told to nobody else."""
        return iter(self._kept)

    def state(self) -> State:
        """All that another Replay needs to go on from here."""
        events, foreseen = self._agenda.state()
        return State(
            done=self._done,
            now=self._now,
            network_at=self._network_at,
            counts=self._decider.counts,
            empty=self._empty.rows(),
            events=events,
            foreseen=foreseen,
            files=list(self._files.values()),
            micros=self._micros,
            foresight=self._decider.foresight,
            exploded={one: self._by_id[one] for one in self._files} if self._explodes else {},
            returning=list(self._returning.values()),
        )

    def restore(self, state: State) -> None:
        """Go on from where another Replay of the same settings was left, its books being in the books."""
        self._done, self._now, self._network_at = state.done, state.now, state.network_at
        if state.network_at is not None:
            self._decider.turn_to(self._troubles.network_at(state.network_at))
        self._decider.restore(state.counts, state.foresight)
        self._empty.restore(state.empty)
        self._agenda.restore(state.events, state.foreseen)
        self._files = {file.order_id: file for file in state.files}
        self._by_id |= state.exploded
        self._returning = {one.return_id: one for one in state.returning}
        self._micros = list(state.micros)

    @property
    def micros(self) -> list[float]:
        """How long some orders took to decide, each by itself; in waves, a wave's time by its orders."""
        return self._micros

    def stock_out_rate(self) -> float | None:
        """See `METRICS`."""
        return self._empty.rate()

    def oversold_units(self) -> int:
        """Units by which the decisions and the books differ, or that were promised beyond what was there."""
        skus = sorted({sku for _, sku in self._places})
        available = self._books.available(skus)
        return sum(
            abs(self._decider.left(source_id, sku) - available.get(sku, {}).get(source_id, 0))
            for source_id, sku in self._places
        ) + sum(max(0, -units) for of in available.values() for units in of.values())

    def _next(self) -> tuple[Sequence[Order], datetime | None]:
        """The orders that are decided next, before anything else happens, and when; None: each when it is placed."""
        if self._done >= len(self._orders):
            return (), None
        until = self._agenda.next_at
        if self._wave is not None:
            ready, moment = self._wave.gathered(self._orders, self._done, self._starts_at)
            return (ready, moment) if until is None or moment < until else ((), None)
        portion = 1 if self._watches_leaving or self._is_layered or self._explodes else PORTION
        ready = self._orders[self._done : self._done + portion]
        return [order for order in ready if until is None or order.placed_at < until], None

    def _decide(self, orders: Sequence[Order], moment: datetime | None) -> None:
        self._turn_to(moment or orders[-1].placed_at)
        if self._explodes:
            orders = self._books.exploded(orders)
            self._by_id |= {order.order_id: order for order in orders}
        parts = []
        for order, (decision, told) in zip(orders, self._decided(orders, moment), strict=True):
            file = OpenOrder.of(order, decision, told, moment)
            self._files[order.order_id] = file
            parts.append(self._taken(file, order.order_id, order, decision, told, moment or order.placed_at))
            if self._explodes:
                self._books.take_gifts(order, decision.unfilled)
        self._books.take(parts)

    def _decided(self, orders: Sequence[Order], moment: datetime | None) -> list[tuple[Decision, Itemised]]:
        if moment is None:
            return self._decided_in_turn(orders)
        begun = self._stopwatch()
        answers = self._decider.decide_together([replace(order, placed_at=moment) for order in orders])
        self._micros.append(1e6 * (self._stopwatch() - begun) / len(orders))
        return answers

    def _decided_in_turn(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """Now and then one by itself, to see how long it takes."""
        answers: list[tuple[Decision, Itemised]] = []
        while len(answers) < len(orders):
            begin = len(answers)
            others = -(self._done + begin) % self._every
            begun = self._stopwatch()
            answers += self._decider.decide(orders[begin : begin + (others or 1)])
            if not others:
                self._micros.append(1e6 * (self._stopwatch() - begun))
        return answers

    def _taken(
        self, file: OpenOrder, name: str, order: Order, decision: Decision, told: Itemised, moment: datetime
    ) -> Part:
        packages = self._late.packages(decision, told, order.promised_at)
        for package in packages:
            file.open.append(OpenPackage(name=name, package=package))
            if self._watches_leaving:
                self._agenda.expect(package.hand_over_at, Happening.HAND_OVER, file.order_id)
        return self._part(name, order, packages, later_of(decision), moment)

    def _part(
        self, name: str, order: Order, packages: Sequence[RunPackage], later: tuple[LaterClaim, ...], moment: datetime
    ) -> Part:
        """What the packages take of the stock."""
        units = units_of(one for one in packages if not one.offer_id)
        for (source_id, sku), count in units.items():
            self._empty.take(source_id, sku, count, moment)
        return Part(name=name, units=units, channel=order.channel, later=later)

    def _turn_to(self, moment: datetime) -> None:
        self._now = moment
        self._books.turn_to(moment)

    def _tell_final(self) -> None:
        """Tell the orders that nothing changes any more, the earliest first."""
        nothing_ahead = not self._watches_leaving and not self._agenda.is_disturbed_again
        while self._files:
            file = next(iter(self._files.values()))
            has_left = file.is_due(self._now) if not self._watches_leaving else file.is_closed
            if not (nothing_ahead or has_left):
                return
            del self._files[file.order_id]
            self._tell(file.outcome(self._by_id[file.order_id]))

    def _happen(self) -> None:
        """The next thing that is no order."""
        moment, kind, what = self._agenda.take()
        self._turn_to(moment)
        match kind:
            case Happening.INBOUND:
                self._receive(self._agenda.delivery(what))
            case Happening.SENT:
                self._send(self._agenda.consignment(what))
            case Happening.ARRIVAL:
                self._arrive(self._agenda.consignment(what))
            case Happening.NETWORK:
                self._network_at = moment
                self._decider.turn_to(self._troubles.network_at(moment))
                self._look_again(moment)
            case Happening.RETURNED:
                self._take_back(what, moment)
            case Happening.HAND_OVER:
                if what in self._files:
                    self._hand_over(self._files[what], moment)

    def _receive(self, rows: Sequence[Inbound]) -> None:
        self._books.receive(rows)
        for row in rows:
            self._decider.add(row.source_id, row.sku, row.units)
            self._empty.add(row.source_id, row.sku, row.units, row.arrives_at)
        self._level({row.sku for row in rows})

    def _send(self, rows: Sequence[Consigned]) -> None:
        self._books.send(rows)
        self._level({row.sku for row in rows})

    def _arrive(self, rows: Sequence[Consigned]) -> None:
        self._books.arrive(rows[0])
        self._level({row.sku for row in rows})

    def _level(self, skus: Collection[str]) -> None:
        """What came may be owed already: what is left to promise stands in the books."""
        if not self._is_layered:
            return
        available = self._books.available(sorted(skus))
        for source_id, sku in self._places:
            if sku in skus:
                self._empty.level(source_id, sku, available.get(sku, {}).get(source_id, 0), self._now)

    def _look_again(self, moment: datetime) -> None:
        """Packages that wait at a closed source, or for a service that is down, are decided anew where that helps."""
        network = self._troubles.network_at(moment)
        closed = {source_id for source_id, source in network.sources.items() if not source.is_active}
        down = {service_id for service_id, service in network.services.items() if not service.is_active}
        if not closed and not down:
            return
        for file in self._files.values():
            self._leave(file, moment)
            for one in tuple(file.open):
                if one.package.offer_id:  # its goods are not there to be given back
                    continue
                if one.package.source_id in closed or one.package.service_id in down:
                    self._move(file, one, moment)

    def _hand_over(self, file: OpenOrder, moment: datetime) -> None:
        """What is due leaves, unless its source refuses it."""
        for one in tuple(file.open):
            package = one.package
            if package.hand_over_at > moment or package.offer_id:
                continue
            if self._troubles.is_refused(self._seed, one.name, package.source_id, moment):
                file.take_out(one, replace(package, refused=True))
                self._books.refuse(one.name, package.source_id, package.units)
                self._decide_anew(file, package, moment)
        self._leave(file, moment)

    def _leave(self, file: OpenOrder, moment: datetime) -> None:
        """What is due leaves; what customers will send back of it is drawn."""
        for package in file.hand_over_by(moment):
            if not self._coming_back:
                continue
            parcels = list(self._coming_back.parcels_of(self._by_id[file.order_id], package, file.had))
            for number, parcel in file.come_back(package, parcels):
                one = OnItsWay(order_id=file.order_id, number=number, parcel=parcel)
                self._returning[one.return_id] = one
                self._agenda.expect(parcel.returned_at, Happening.RETURNED, one.return_id)

    def _take_back(self, return_id: str, moment: datetime) -> None:
        """A parcel comes back: what is good is to be had again, and what the customer wants instead is sent."""
        one = self._returning.pop(return_id)
        self._books.take_back(return_id, one.order_id, one.parcel)
        for sku, units in one.parcel.restocked.items():
            self._decider.add(one.parcel.source_id, sku, units)
            self._empty.add(one.parcel.source_id, sku, units, moment)
        self._level(one.parcel.restocked)
        if one.parcel.wanted:
            self._exchange(self._files[one.order_id], one, moment)

    def _exchange(self, file: OpenOrder, one: OnItsWay, moment: datetime) -> None:
        """Nothing is promised of it, and nothing of it comes back."""
        order = replace(order_for(self._by_id[file.order_id], one.parcel.wanted, moment), promised_at=None)
        decision, told = self._decider.decide_again(order)
        packages = self._late.packages(decision, told, order.promised_at)
        file.parts += 1
        self._books.take([self._part(f"{file.order_id}#{file.parts}", order, packages, later_of(decision), moment)])
        file.exchange(one.number, packages, sum(told.cost_minor.get(term, 0) for term in PAID))

    def _move(self, file: OpenOrder, one: OpenPackage, moment: datetime) -> None:
        """Decide a waiting package anew; it stays where no plan ships all of it."""
        order = order_for(self._by_id[file.order_id], one.package.units, moment)
        decision, told = self._decider.decide_again(order)
        if any(decision.unfilled):
            self._decider.take_back(decision)
            return
        file.take_out(one, replace(one.package, moved=True))
        self._books.give_back(one.name, one.package.source_id, one.package.units)
        for sku, units in one.package.units.items():
            self._decider.add(one.package.source_id, sku, units)
            self._empty.add(one.package.source_id, sku, units, moment)
        self._level(one.package.units)
        self._book_anew(file, order, decision, told)

    def _decide_anew(self, file: OpenOrder, package: RunPackage, moment: datetime) -> None:
        order = order_for(self._by_id[file.order_id], package.units, moment)
        decision, told = self._decider.decide_again(order)
        file.unfilled_units += sum(decision.unfilled)
        self._book_anew(file, order, decision, told)

    def _book_anew(self, file: OpenOrder, order: Order, decision: Decision, told: Itemised) -> None:
        file.parts += 1
        file.add_cost(told)
        name = f"{file.order_id}#{file.parts}"
        self._books.take([self._taken(file, name, order, decision, told, order.placed_at)])
