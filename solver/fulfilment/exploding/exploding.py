"""Explodes orders on the stock of the moment. What is decided by chance or stock is decided once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from solver.catalog.catalog import Catalog
from solver.catalog.combination_store import Combinations
from solver.catalog.combinations.basket import Basket, BasketLine, Seen
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.lines import ExplodedLine, ExplodedOrder, Worths, exploded_lines
from solver.catalog.combinations.outcome import Decision, Explosion, Role
from solver.catalog.combinations.reach import reach
from solver.catalog.worths import worths_of
from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.fulfilment import records
from solver.fulfilment.sources import CatalogSource
from solver.journal.model import ByUnit
from solver.orders.model import Order, OrderLine
from solver.stock.following.live import LiveAvailability
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.validation import MOST_UNITS

CombinationSource = Callable[[], Combinations | None]
NOTHING: Mapping[str, int] = {}


def no_combinations() -> None:
    """Where there are none."""


class Exploding:
    """Turns orders into orders of materials."""

    def __init__(
        self,
        *,
        database: Database,
        catalog: CatalogSource,
        combinations: CombinationSource,
        stock: Stock,
        live: LiveAvailability,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._combinations = combinations
        self._stock = stock
        self._live = live

    @property
    def combinations(self) -> Combinations | None:
        """What is in force now."""
        return self._combinations()

    def exploded(
        self,
        order: Order,
        *,
        path: str = "order",
        before: ExplodedOrder | None = None,
        taken: Mapping[str, int] = NOTHING,
    ) -> tuple[Order, ExplodedOrder | None]:
        """The order as it can be sourced, with what it came from; itself and None where nothing is to be exploded.

        `before` is what it was exploded to in this same call, and not kept: its decisions stand as long as what was
        drawn is still there. Decisions of an earlier plan of the order always stand. `taken` are units that others who
        are decided with it take first. Raises InvalidRequest.
        """
        catalog, combinations = self._catalog.catalog, self._combinations()
        if catalog.channel_items:
            order = _of_channel(order, catalog)
        if combinations is None or not _asks(order, combinations):
            return order, None
        basket = _basket(order)
        there = self.there(order.channel, reach(basket, combinations.book))
        available = {sku: max(0, sum(of.values()) - taken.get(sku, 0)) for sku, of in there.items()}
        try:
            explosion = self._explosion(basket, combinations, available, before)
            return self._as_order(order, explosion, combinations)
        except InvalidRequest as refused:
            raise InvalidRequest(refused.what, [_below(path, one) for one in refused.violations]) from refused

    def check(self, order: Order, path: str, violations: Violations) -> None:
        """Record what `exploded` would refuse."""
        try:
            self.exploded(order, path=path)
        except InvalidRequest as refused:
            violations.found += refused.violations

    def there(self, channel: str, skus: Collection[str]) -> ByUnit:
        """Units by SKU and site that a channel can take now, net of holds and of what is kept for others."""
        self._stock.withdraw_if_due(self._database)
        with self._database.read() as reader:
            there, _ = self._live.available_and_held(reader, skus)
            return self._stock.entitled(reader, channel, there, dict.fromkeys(skus, 2 * MOST_UNITS))

    def _explosion(
        self,
        basket: Basket,
        combinations: Combinations,
        available: Mapping[str, int],
        before: ExplodedOrder | None,
    ) -> Explosion:
        kept = self._kept_decisions(basket.order_id)
        if not kept and before is not None and _is_there(before, available):
            kept = before.explosion.decisions
        return _repeated(basket, combinations.book, Seen(available=available), kept)

    def _kept_decisions(self, order_id: str) -> tuple[Decision, ...]:
        """What was decided when the order was planned before: it is never decided anew."""
        with self._database.read() as reader:
            for plan_id in records.plan_ids_of(reader, order_id):
                record = records.find(reader, plan_id)
                if record is not None and record.exploded is not None:
                    return record.exploded.explosion.decisions
        return ()

    def _as_order(self, order: Order, explosion: Explosion, combinations: Combinations) -> tuple[Order, ExplodedOrder]:
        catalog = combinations.catalog
        worths = Worths(of=worths_of(catalog, explosion.demand), currency=order.currency)
        lines = exploded_lines(explosion, combinations.book, worths)
        given = {line.line_id: line for line in order.lines}
        as_ordered = {
            outcome.line_id
            for outcome in explosion.lines
            if outcome.item_id not in combinations.known and not outcome.reductions
        }
        now = {line.line_id: line for line in due_now(lines)}
        asked = [
            given[line_id] if (line := now[line_id]).of_line_id in as_ordered else _order_line(line, given)
            for line_id in now
        ]
        asked += [line for line in order.lines if line.parts]
        return replace(order, lines=tuple(asked), chosen=()), ExplodedOrder(explosion=explosion, lines=lines)


def _repeated(basket: Basket, book: Book, seen: Seen, decisions: Sequence[Decision]) -> Explosion:
    """With the decisions that are still of something in the order, should its buyer have changed it."""
    try:
        return explode(basket, book, seen, seed=basket.order_id, decisions=decisions)
    except InvalidRequest as refused:
        foreign = {violation.field for violation in refused.violations}
        left = [one for one in decisions if f"decisions[{one.line_id}:{one.path}]" not in foreign]
        if len(left) == len(decisions):
            raise
        return explode(basket, book, seen, seed=basket.order_id, decisions=left)


def due_now(lines: Collection[ExplodedLine]) -> list[ExplodedLine]:
    """What is sourced now: of each of the order's lines what is due first. What is due later is told, and not held."""
    first: dict[str, int] = {}
    for line in lines:
        first[line.of_line_id] = min(line.due_days, first.get(line.of_line_id, line.due_days))
    return [line for line in lines if line.due_days == first[line.of_line_id]]


def _asks(order: Order, combinations: Combinations) -> bool:
    """Whether anything of the order is to be exploded; a line that says its parts was exploded before."""
    plain = [line.sku for line in order.lines if not line.parts]
    known = combinations.known
    return any(sku in known for sku in plain) or (bool(combinations.book.offers) and len(plain) == len(order.lines))


def _of_channel(order: Order, catalog: Catalog) -> Order:
    """The order with the items that its channel's codes stand for."""
    codes = catalog.channel_items
    if not any((order.channel, line.sku) in codes for line in order.lines if not line.parts):
        return order
    lines = tuple(
        line if line.parts else replace(line, sku=catalog.item_of(order.channel, line.sku)) for line in order.lines
    )
    return replace(order, lines=lines)


def _basket(order: Order) -> Basket:
    return Basket(
        order_id=order.order_id,
        lines=tuple(
            BasketLine(
                line_id=line.line_id,
                item_id=line.sku,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                chosen=line.chosen,
            )
            for line in order.lines
            if not line.parts
        ),
        customer_tier=order.customer_tier,
        chosen=order.chosen,
    )


def _is_there(before: ExplodedOrder, available: Mapping[str, int]) -> bool:
    """Whether all that chance and stock decided on is there still."""
    demand = before.explosion.demand
    decided = {piece.sku for piece in before.explosion.pieces if piece.role is not Role.SOLD}
    return all(demand[sku] <= available.get(sku, 0) for sku in decided)


def _order_line(line: ExplodedLine, given: Mapping[str, OrderLine]) -> OrderLine:
    ordered = given.get(line.of_line_id)
    return OrderLine(
        line_id=line.line_id,
        sku=line.item_id,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        ships_complete=ordered is not None and ordered.ships_complete,
        ships_together=line.ships_together or (ordered is not None and ordered.ships_together),
        parts=line.parts,
    )


def _below(path: str, violation: FieldViolation) -> FieldViolation:
    """The violation of an order that stands at a path; lines of combinations name their item in `sku`."""
    return replace(violation, field=f"{path}.{violation.field}".replace("].item_id", "].sku"))
