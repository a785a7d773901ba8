"""Explodes orders on the stock of the moment. What is decided by chance or stock is decided once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from solver.catalog.catalog import Catalog
from solver.catalog.combination_store import Combinations
from solver.catalog.combinations.basket import Basket, Given, Seen, basket_of
from solver.catalog.combinations.lines import ExplodedLine, ExplodedOrder, Worths, exploded_lines
from solver.catalog.combinations.outcome import Explosion
from solver.catalog.combinations.reach import reach
from solver.catalog.worths import worths_of
from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.fulfilment.exploding import draws_kept, gifts_given
from solver.fulfilment.exploding.prices import with_stated_prices
from solver.fulfilment.exploding.repeating import (
    drawn_units,
    draws_of,
    in_one,
    is_there,
    planned_decisions,
    repeated,
)
from solver.fulfilment.exploding.together import Together
from solver.fulfilment.sources import CatalogSource
from solver.orders.model import Order, OrderLine
from solver.stock.following.live import LiveAvailability
from solver.stock.rows import UnitsBySite
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader, Transaction
from solver.validation import MOST_UNITS

CombinationSource = Callable[[], Combinations | None]


def no_combinations() -> None:
    """Where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An order to explode. `before`: what it was exploded to in this call; `together`: who takes first."""

    basket: Basket
    channel: str
    customer_id: str
    combinations: Combinations
    skus: Collection[str]
    before: ExplodedOrder | None
    together: Together

    @property
    def limited_gifts(self) -> set[str]:
        """Gifts with a limit over all orders that it may come to."""
        book = self.combinations.book
        tops = [*(line.item_id for line in self.basket.lines), *(one.combination_id for one, _ in book.offers)]
        return {gift_id for top in tops for gift_id in book.limited_gifts.get(top, ())}


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
        together: Together | None = None,
        keeps_draws: bool = False,
    ) -> tuple[Order, ExplodedOrder | None]:
        """The order as it can be sourced, with what it came from; itself and None where nothing is to be exploded.

        With `keeps_draws` what is drawn is written down before this returns. Draws that were written down stand, and
        so do all decisions of an earlier plan of the order but gifts whose limit is reached. `before` is what it was
        exploded to in this same call: substitutes and gifts stand as long as they are still there. `together` are
        orders that take first. Raises InvalidRequest.
        """
        catalog, combinations = self._catalog.catalog, self._combinations()
        if catalog.channel_items:
            order = _of_channel(order, catalog)
        if combinations is None or not _asks(order, combinations):
            return order, None
        basket = basket_of(order)
        asked = _Asked(
            basket=basket,
            channel=order.channel,
            customer_id=order.customer_id,
            combinations=combinations,
            skus=reach(basket, combinations.book),
            before=before,
            together=together or Together(),
        )
        try:
            explosion, is_new = self._seen_now(asked)
            if keeps_draws and is_new:
                explosion = self._database.run(lambda tx: self._drawn(tx, asked))
            return self._as_order(order, explosion, combinations)
        except InvalidRequest as refused:
            raise InvalidRequest(refused.what, [_below(path, one) for one in refused.violations]) from refused

    def is_plain(self, order: Order) -> bool:
        """Whether nothing of the order is to be exploded."""
        combinations = self._combinations()
        return combinations is None or not _asks(_of_channel(order, self._catalog.catalog), combinations)

    def check(self, order: Order, path: str, violations: Violations) -> None:
        """Record what `exploded` would refuse."""
        try:
            self.exploded(order, path=path)
        except InvalidRequest as refused:
            violations.found += refused.violations

    def there(self, channel: str, skus: Collection[str]) -> UnitsBySite:
        """Units by SKU and site that a channel can take now, net of holds and of what is kept for others."""
        self._stock.withdraw_if_due(self._database)
        with self._database.read() as reader:
            there, _ = self._live.available_and_held(reader, skus)
            return self._entitled(reader, channel, there)

    def _entitled(self, reader: Reader, channel: str, there: UnitsBySite) -> UnitsBySite:
        return self._stock.entitled(reader, channel, there, dict.fromkeys(there, 2 * MOST_UNITS))

    def _seen_now(self, asked: _Asked) -> tuple[Explosion, bool]:
        """What the order comes to on the stock of this moment, and whether anything was drawn that is not kept."""
        there = self.there(asked.channel, asked.skus)
        with self._database.read() as reader:
            return self._explosion(reader, asked, there)

    def _drawn(self, tx: Transaction, asked: _Asked) -> Explosion:
        """The same with what is drawn written down: no other draw sees these units as there any more."""
        there = self._entitled(tx, asked.channel, self._stock.available(tx, asked.skus))
        explosion, is_new = self._explosion(tx, asked, there)
        if is_new:  # unless the same order was drawn by another caller meanwhile
            order_id, decisions = asked.basket.order_id, explosion.decisions
            draws_kept.keep(tx, order_id, decisions, drawn_units(explosion), self._stock.now(tx))
        return explosion

    def _explosion(self, reader: Reader, asked: _Asked, there: UnitsBySite) -> tuple[Explosion, bool]:
        order_id, now = asked.basket.order_id, self._stock.now(reader)
        pending = draws_kept.pending(reader, asked.skus, now, asked.together.pending_but_of(order_id))
        taken = asked.together.units
        available = {sku: max(0, sum(of.values()) - taken[sku] - pending.get(sku, 0)) for sku, of in there.items()}
        given = self._given(reader, asked)
        drawn = draws_kept.find(reader, order_id)
        kept = in_one(drawn, planned_decisions(reader, order_id, given))
        before = asked.before
        if before is not None and is_there(before.explosion, available, given):
            kept = in_one(drawn, before.explosion.decisions)
        explosion = repeated(asked.basket, asked.combinations.book, Seen(available=available, given=given), kept)
        known = draws_of(drawn)
        return explosion, any(known.get(place) != one for place, one in draws_of(explosion.decisions).items())

    def _given(self, reader: Reader, asked: _Asked) -> dict[str, Given]:
        gift_ids = asked.limited_gifts
        if not gift_ids:
            return {}
        given = gifts_given.given_before(reader, gift_ids, asked.customer_id, self._stock.now(reader))
        return {one: asked.together.given(one, asked.customer_id, before) for one, before in given.items()}

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
        asked = with_stated_prices(asked, lines, given)
        asked += [line for line in order.lines if line.parts]
        return replace(order, lines=tuple(asked), chosen=()), ExplodedOrder(explosion=explosion, lines=lines)


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
