"""From an order to the question that a decision answers: the stock of the moment, as the order may take it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from solver.catalog.catalog import Catalog
from solver.clock import Clock
from solver.fulfilment.amounts_seen import agreed_prices, amounts_of
from solver.fulfilment.command import StockAmount
from solver.fulfilment.landed_cost import LandedCosts, minds_landed_cost, minds_margin
from solver.fulfilment.question import UnitsBySource, lines_of, skus_of, units_of
from solver.fulfilment.questions import Question
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.fulfilment.unchanged import Unchanged
from solver.journal.model import ByUnit
from solver.ledger.contracts.book import ContractBook
from solver.network.network import Network
from solver.orders.model import Order
from solver.site_units import SiteUnits
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Line
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.stock.beyond import Beyond, beyond, foresee
from solver.stock.following.followed import Lag
from solver.stock.following.live import LiveAvailability
from solver.stock.layers.entitlement import Layers
from solver.stock.rows import Place
from solver.stock.sourcing_facts import NO_FACTS, SourcingFacts
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader
from solver.watching.call_notes import Phase, lap

NOTHING: Mapping[Place, int] = {}
_NONE_HELD: Mapping[str, int] = {}
_NO_CONTRACTS = ContractBook(())
ValuesOf = Callable[[Policy, UnitsBySource], tuple[int, MinorBySource]]
"""The version and the values of stock under a policy, as far as they concern what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What there is of some SKUs at one moment, of which of them more is known, and what they are and lie in."""

    catalog: Catalog
    network: Network
    there: UnitsBySource
    on_hand: UnitsBySource
    beyond: Beyond

    def is_all_of(self, skus: tuple[str, ...]) -> bool:
        """Whether no more is known of these SKUs than what there is."""
        return self.beyond.divided.isdisjoint(skus) and self.beyond.facts.isdisjoint(skus)


class Asking:
    """States questions on what is there now."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        stock: Stock,
        live: LiveAvailability,
        values_of: ValuesOf = lambda _, __: (0, {}),
        costs: LandedCosts | None = None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._network = network
        self._stock = stock
        self._live = live
        self._values_of = values_of
        self._unchanged = Unchanged(database, clock)
        self._costs = costs or LandedCosts(lambda: _NO_CONTRACTS)

    def question(
        self,
        order: Order,
        policy: Policy,
        own: Mapping[Place, int] = NOTHING,
        awaited: Sequence[StockAmount] = (),
        before: Sequence[tuple[str, Mapping[Place, int]]] = (),
    ) -> Question:
        """What a decision on the order looks at.

        `own` units by site and SKU are promised to this very order, or (below 0) to others since; so are those that it
        awaits. Sellers who come `before` it take so many: what is left of stock and quotas after them is asked about.
        """
        catalog = self._catalog.catalog
        lines = lines_of(order, catalog)
        skus = skus_of(lines)
        with self._undue() as reader:
            moment = self._moment(reader, catalog, skus)
            if moment.beyond.is_nothing:
                self._unchanged.note(reader)
            return self._question(reader, moment, order, policy, lines, skus, own, awaited, before)

    def question_at_once(self, order: Order, policy: Policy) -> Question:
        """The same, without reading anything where nothing has changed since this thread asked last."""
        entry_id = None if _minds_costs(policy) else self._unchanged.entry_id()
        catalog = self._catalog.catalog
        lines = lines_of(order, catalog)
        skus = skus_of(lines)
        found = None if entry_id is None else self._live.as_it_stands(entry_id, skus)
        if found is None:
            return self.question(order, policy)
        there, held = found
        on_hand = {sku: _with_held(of, held.get(sku, _NONE_HELD)) for sku, of in there.items()}
        version, values = self._values_of(policy, on_hand)
        lap(Phase.SNAPSHOT)
        return Question(
            order=order,
            policy=policy,
            catalog=catalog,
            network=self._network.network,
            available=there,
            on_hand=on_hand,
            values=values,
            values_version=version if values else 0,
            lines=lines,
        )

    def questions(
        self, asked: Iterable[tuple[Order, Policy]], refuse: Callable[[], None] = lambda: None
    ) -> list[Question]:
        """The question of each order under its policy, all on the stock of one moment.

        `refuse` may raise before each, if the questions are not wanted any more.
        """
        catalog = self._catalog.catalog
        made_of = [(order, policy, lines_of(order, catalog)) for order, policy in asked]
        minds_costs = {id(policy): _minds_costs(policy) for _, policy, _ in made_of}  # asked once, not by each order
        with self._undue() as reader:
            moment = self._moment(reader, catalog, skus_of(line for _, _, lines in made_of for line in lines))
            questions = []
            for order, policy, lines in made_of:
                refuse()
                skus = skus_of(lines)
                if moment.is_all_of(skus) and not minds_costs[id(policy)]:
                    questions.append(self._plain(moment, order, policy, lines, skus))
                else:
                    questions.append(self._question(reader, moment, order, policy, lines, skus))
            lap(Phase.SNAPSHOT)
            return questions

    def _plain(
        self, moment: _Moment, order: Order, policy: Policy, lines: tuple[Line, ...], skus: tuple[str, ...]
    ) -> Question:
        """`_question` where all that is known of the SKUs is what there is, and nobody minds what they cost."""
        on_hand = {sku: moment.on_hand[sku] for sku in skus}
        version, values = self._values_of(policy, on_hand)
        return Question(
            order=order,
            policy=policy,
            catalog=moment.catalog,
            network=moment.network,
            available={sku: moment.there[sku] for sku in skus},
            on_hand=on_hand,
            values=values,
            values_version=version if values else 0,
            lines=lines,
        )

    def _moment(self, reader: Reader, catalog: Catalog, skus: Sequence[str]) -> _Moment:
        there, held = self._live.available_and_held(reader, skus)
        on_hand = {sku: _with_held(of, held.get(sku, _NONE_HELD)) for sku, of in there.items()}
        return _Moment(
            catalog=catalog,
            network=self._network.network,
            there=there,
            on_hand=on_hand,
            beyond=beyond(reader, skus),
        )

    def _question(
        self,
        reader: Reader,
        moment: _Moment,
        order: Order,
        policy: Policy,
        lines: tuple[Line, ...],
        skus: tuple[str, ...],
        own: Mapping[Place, int] = NOTHING,
        awaited: Sequence[StockAmount] = (),
        before: Sequence[tuple[str, Mapping[Place, int]]] = (),
    ) -> Question:
        """`question`, from what is there of its SKUs and maybe of others."""
        catalog, network = moment.catalog, moment.network
        there = {sku: moment.there[sku] for sku in skus}
        seen = {sku: moment.on_hand[sku] for sku in skus}
        available: UnitsBySource = _less(there, before) if before else there
        if not moment.beyond.divided.isdisjoint(skus):
            available = self._stock.entitled(reader, order.channel, available, units_of(lines), before)
        facts = None if moment.beyond.facts.isdisjoint(skus) else self._stock.sourcing_facts(reader, skus)
        free, on_hand = _with_own(available, seen, skus, own)
        amounts: tuple[StockAmount, ...] = ()
        agreed = {} if facts is None else agreed_prices(facts, order.currency)
        costs: Mapping[Place, int] = {}
        if _minds_costs(policy):
            places = _places(on_hand, facts or NO_FACTS)
            costs = self._costs.of(order, policy, catalog, network, places, agreed)
        if facts is not None or (costs and minds_margin(policy)):
            known = amounts_of(
                facts or NO_FACTS,
                network.sources,
                free,
                on_hand,
                now=self._stock.now(reader),
                currency=order.currency,
                costs=costs if minds_margin(policy) else None,
            )
            amounts = (*known, *awaited)
        version, values = self._values_of(policy, on_hand)
        lap(Phase.SNAPSHOT)
        return Question(
            order=order,
            policy=policy,
            catalog=catalog,
            network=network,
            available=free,
            on_hand=on_hand,
            amounts=amounts,
            values=values,
            values_version=version if values else 0,
            landed_costs=_by_sku(costs) if minds_landed_cost(policy) else {},
            lines=lines,
        )

    def lag(self, reader: Reader) -> Lag:
        """How far what decisions look at stands behind what `reader` has."""
        return self._live.lag(reader)

    @contextmanager
    def _undue(self) -> Iterator[Reader]:
        """A snapshot in which nothing is counted as available that is not to be sold any more."""
        with self._database.read() as reader:
            foresee(reader)
            if not self._stock.is_to_withdraw(reader):
                yield reader
                return
        self._stock.withdraw_if_due(self._database)
        with self._database.read() as reader:
            yield reader

    @contextmanager
    def layers(self, places: Collection[Place]) -> Iterator[Layers]:
        """What dispatch and channels have at these places at this moment, of which holds can be drawn on trial."""
        with self._database.read() as reader:
            yield self._stock.layers(reader, places)


def _minds_costs(policy: Policy) -> bool:
    return minds_margin(policy) or minds_landed_cost(policy)


def _with_held(there: Mapping[str, int], held: Mapping[str, int]) -> Mapping[str, int]:
    """What is on hand by source: what is available there, and what anyone holds."""
    if isinstance(there, SiteUnits):
        return there.plus(held)
    return {**there, **{source_id: there[source_id] + units for source_id, units in held.items() if source_id in there}}


def _places(on_hand: UnitsBySource, facts: SourcingFacts) -> list[Place]:
    """Where an order's SKUs are, are expected, or may be backordered."""
    there = [(source_id, sku) for sku, of in on_hand.items() for source_id, units in of.items() if units > 0]
    coming = [one.place for one in facts.incoming]
    beyond = [(source_id, sku) for sku, of in facts.backorderable.items() for source_id in of]
    return list(dict.fromkeys((*there, *coming, *beyond)))


def _by_sku(costs: Mapping[Place, int]) -> MinorBySource:
    found: dict[str, dict[str, int]] = {}
    for (source_id, sku), minor in costs.items():
        found.setdefault(sku, {})[source_id] = minor
    return found


def _less(there: UnitsBySource, before: Sequence[tuple[str, Mapping[Place, int]]]) -> ByUnit:
    """What is there without what others take first."""
    left = {sku: dict(of) for sku, of in there.items()}
    for _, taken in before:
        for (site_id, sku), units in taken.items():
            if site_id in left.get(sku, {}):
                left[sku][site_id] = max(0, left[sku][site_id] - units)
    return left


def _with_own(
    available: UnitsBySource, on_hand: UnitsBySource, skus: tuple[str, ...], own: Mapping[Place, int]
) -> tuple[UnitsBySource, UnitsBySource]:
    """The same with what the order has already: to itself it is available."""
    if not own:
        return available, on_hand
    free = {sku: dict(available.get(sku, {})) for sku in skus}
    there = {sku: dict(on_hand.get(sku, {})) for sku in skus}
    for (site_id, sku), units in own.items():
        if sku in free:
            free[sku][site_id] = max(0, free[sku].get(site_id, 0) + units)
            there[sku][site_id] = max(there[sku].get(site_id, 0), free[sku][site_id])
    return free, there
