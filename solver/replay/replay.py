"""A run: orders in the sequence in which they were placed, and everything else that happens, at its time."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, groupby

from solver.catalog.catalog import Catalog
from solver.network.network import Network
from solver.orders.model import Order, OrderLine
from solver.replay.books import Books, Part
from solver.replay.decider import Decider
from solver.replay.foresight import FarSighted, minds_stock_value
from solver.replay.outcome import Outcome, RunPackage
from solver.replay.troubles import Troubles
from solver.scenario.model import Horizon, Inbound, Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised

PORTION = 256  # orders that are decided and booked together
_ONE_DAY = timedelta(days=1)
_INBOUND, _NETWORK, _HAND_OVER = range(3)  # what comes first of what happens at the same moment


@dataclass(slots=True, kw_only=True)
class _Open:
    """A package that has not left yet: part of the hold `name`."""

    name: str
    package: RunPackage


@dataclass(slots=True, kw_only=True)
class _File:
    """An order and what has become of it so far."""

    order: Order
    first: Decision
    cost: dict[str, int]
    unfilled_units: int
    gone: list[RunPackage] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    parts: int = 1


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
        self, scenario: Scenario, policy: Policy, books: Books, *, seed: int = 0, rule: Engine = Engine.EXACT
    ) -> None:
        self._orders = sorted(scenario.orders, key=lambda order: (order.placed_at, order.order_id))
        self._catalog = Catalog.of(scenario.materials, scenario.sales_items)
        network = Network.of(
            regions=scenario.regions,
            sources=scenario.sources,
            carriers=scenario.carriers,
            services=scenario.services,
            calendars=scenario.calendars,
            transfers=scenario.transfers,
        )
        self._troubles = Troubles(network, scenario.disturbances)
        units = {(row.source_id, row.sku): 0 for row in scenario.inbound}
        for row in scenario.stock:
            units[row.source_id, row.sku] = units.get((row.source_id, row.sku), 0) + row.units
        self._places = tuple(units)
        if rule is Engine.EXACT and minds_stock_value(policy):
            horizon = horizon_of(scenario)
            self._decider: Decider = FarSighted(network, self._catalog, policy, units, horizon, seed)
        else:
            self._decider = Decider(network, self._catalog, policy, units, rule)
        self._books, self._seed = books, seed
        self._files: dict[str, _File] = {}
        self._numbers = count()
        self._events: list[tuple[datetime, int, int, object]] = []
        for arrives_at, rows in groupby(sorted(scenario.inbound, key=_arrives_at), key=_arrives_at):
            self._expect(arrives_at, _INBOUND, tuple(rows))
        for moment in self._troubles.moments:
            self._expect(moment, _NETWORK, None)

    @property
    def orders(self) -> int:
        """How many there are."""
        return len(self._orders)

    def run(self) -> Iterator[int]:
        """Go through everything; yields how many orders are decided, after every portion."""
        portion = 1 if self._troubles.has_rejections else PORTION
        done = 0
        while done < len(self._orders) or self._events:
            until = self._events[0][0] if self._events else None
            ready = self._next(done, portion, until)
            if ready:
                self._decide(ready)
                done += len(ready)
                yield done
            else:
                self._happen()
        for file in self._files.values():
            self._leave(file)

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each order, in the sequence in which they were placed."""
        for file in self._files.values():
            order = file.order
            yield Outcome(
                order_id=order.order_id,
                placed_at=order.placed_at,
                promised_at=order.promised_at,
                region_id=order.destination.region_id,
                ordered_units=sum(line.quantity for line in order.lines),
                unfilled_units=file.unfilled_units,
                lost_minor=_lost_minor(order, file.first),
                packages=tuple(file.gone),
                cost_minor=file.cost,
                bound_minor=file.first.bound_minor,
                fallback=file.first.fallback,
            )

    def oversold_units(self) -> int:
        """Units by which the decisions and the books differ, or that were promised beyond what was there."""
        skus = sorted({sku for _, sku in self._places})
        available = self._books.available(skus)
        return sum(
            abs(self._decider.left(source_id, sku) - available.get(sku, {}).get(source_id, 0))
            for source_id, sku in self._places
        ) + sum(max(0, -units) for of in available.values() for units in of.values())

    def _expect(self, moment: datetime, kind: int, what: object) -> None:
        heapq.heappush(self._events, (moment, kind, next(self._numbers), what))

    def _next(self, done: int, portion: int, until: datetime | None) -> list[Order]:
        """The orders that are decided next, before anything else happens."""
        ready = self._orders[done : done + portion]
        return ready if until is None else [order for order in ready if order.placed_at < until]

    def _decide(self, orders: Sequence[Order]) -> None:
        self._books.turn_to(orders[-1].placed_at)
        answers = self._decider.decide(orders)
        parts = []
        for order, (decision, told) in zip(orders, answers, strict=True):
            file = _File(order=order, first=decision, cost=dict(told.cost_minor), unfilled_units=sum(decision.unfilled))
            self._files[order.order_id] = file
            parts.append(Part(name=order.order_id, units=_units_of(told), channel=order.channel))
            self._open(file, order.order_id, told)
        self._books.take(parts)

    def _open(self, file: _File, name: str, told: Itemised) -> None:
        for package in told.packages:
            file.open.append(_Open(name=name, package=RunPackage.of(package)))
            if self._troubles.has_rejections:
                self._expect(package.hand_over_at, _HAND_OVER, file)

    def _happen(self) -> None:
        """The next thing that is no order."""
        moment, kind, _, what = heapq.heappop(self._events)
        self._books.turn_to(moment)
        if kind == _INBOUND:
            assert isinstance(what, tuple)
            self._receive(what)
        elif kind == _NETWORK:
            self._decider.turn_to(self._troubles.network_at(moment))
            self._look_again(moment)
        else:
            assert isinstance(what, _File)
            self._hand_over(what, moment)

    def _receive(self, rows: Sequence[Inbound]) -> None:
        self._books.receive(rows)
        for row in rows:
            self._decider.add(row.source_id, row.sku, row.units)

    def _look_again(self, moment: datetime) -> None:
        """Packages that wait at a closed source, or for a service that is down, are decided anew where that helps."""
        network = self._troubles.network_at(moment)
        closed = {source_id for source_id, source in network.sources.items() if not source.is_active}
        down = {service_id for service_id, service in network.services.items() if not service.is_active}
        if not closed and not down:
            return
        for file in self._files.values():
            self._hand_over_by(file, moment)
            for one in tuple(file.open):
                if one.package.source_id in closed or one.package.service_id in down:
                    self._move(file, one, moment)

    def _hand_over(self, file: _File, moment: datetime) -> None:
        """What is due leaves, unless its source refuses it."""
        for one in tuple(file.open):
            package = one.package
            if package.hand_over_at > moment:
                continue
            if self._troubles.is_refused(self._seed, one.name, package.source_id, moment):
                self._take_out(file, one, replace(package, refused=True))
                self._books.refuse(one.name, package.source_id, package.units)
                self._decide_anew(file, package, moment)
        self._hand_over_by(file, moment)

    def _hand_over_by(self, file: _File, moment: datetime) -> None:
        left = [one for one in file.open if one.package.hand_over_at <= moment]
        for one in left:
            file.open.remove(one)
            file.gone.append(one.package)

    def _take_out(self, file: _File, one: _Open, as_it_is_now: RunPackage) -> None:
        """It does not leave, and nobody is owed for it."""
        file.open.remove(one)
        file.gone.append(as_it_is_now)
        for term, minor in one.package.cost_minor.items():
            file.cost[term] -= minor

    def _leave(self, file: _File) -> None:
        file.gone += [one.package for one in file.open]
        file.open.clear()

    def _move(self, file: _File, one: _Open, moment: datetime) -> None:
        """Decide a waiting package anew; it stays where no plan ships all of it."""
        order = _rest_of(file, one.package, moment)
        [(decision, told)] = self._decider.decide([order])
        if any(decision.unfilled):
            self._decider.take_back(decision)
            return
        self._take_out(file, one, replace(one.package, moved=True))
        self._books.give_back(one.name, one.package.source_id, one.package.units)
        for sku, units in one.package.units.items():
            self._decider.add(one.package.source_id, sku, units)
        self._book_anew(file, order, told)

    def _decide_anew(self, file: _File, package: RunPackage, moment: datetime) -> None:
        order = _rest_of(file, package, moment)
        [(decision, told)] = self._decider.decide([order])
        file.unfilled_units += sum(decision.unfilled)
        self._book_anew(file, order, told)

    def _book_anew(self, file: _File, order: Order, told: Itemised) -> None:
        file.parts += 1
        for term, minor in told.cost_minor.items():
            file.cost[term] = file.cost.get(term, 0) + minor
        name = f"{file.order.order_id}#{file.parts}"
        self._books.take([Part(name=name, units=_units_of(told), channel=order.channel)])
        self._open(file, name, told)


def _arrives_at(row: Inbound) -> datetime:
    return row.arrives_at


def _rest_of(file: _File, package: RunPackage, moment: datetime) -> Order:
    """An order for the units of a package, placed now; the promise stays."""
    lines = tuple(
        OrderLine(line_id=str(number), sku=sku, quantity=units)
        for number, (sku, units) in enumerate(sorted(package.units.items()), start=1)
    )
    return replace(file.order, lines=lines, placed_at=moment)


def _units_of(told: Itemised) -> dict[tuple[str, str], int]:
    units: dict[tuple[str, str], int] = {}
    for package in told.packages:
        for sku, number in package.units.items():
            place = package.source_id, sku
            units[place] = units.get(place, 0) + number
    return units


def _lost_minor(order: Order, decision: Decision) -> int:
    return sum(line.unit_price_minor * units for line, units in zip(order.lines, decision.unfilled, strict=True))
