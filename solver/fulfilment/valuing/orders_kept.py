"""The orders that the service has planned, read from its books as they come: a sample of those to come."""

from collections import deque
from collections.abc import Collection, Iterable
from datetime import datetime

from solver.catalog.catalog import Catalog
from solver.clock import to_micros
from solver.foresight.seen_orders import SeenOrders
from solver.fulfilment.questions import Questions
from solver.journal.flows import first_entry_since, held_after
from solver.orders.model import Order, OrderLine
from solver.stock.stock import HELD
from solver.storage.database import Database, Reader

MOST_KEPT = 20_000  # the latest orders
_AT_ONCE = 500


class OrdersKept:
    """The latest orders that were planned, each once, in the sequence in which they were placed."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._entry_id: int | None = None
        self._known: set[str] = set()
        self._orders: deque[Order] = deque(maxlen=MOST_KEPT)

    def catch_up(self, database: Database, since: datetime) -> None:
        """Read what is new, at first since then, a few hundred plans at a time: no snapshot stays open for long."""
        while True:
            with database.read() as reader:
                if self._entry_id is None:
                    self._entry_id = first_entry_since(reader, to_micros(since)) - 1
                new = held_after(reader, HELD, self._entry_id, _AT_ONCE)
                self._add(reader, [plan_id for _, plan_id in new])
            if new:
                self._entry_id = new[-1][0]
            if len(new) < _AT_ONCE:
                return

    def seen(self, catalog: Catalog, region_ids: Collection[str]) -> SeenOrders | None:
        """What they ask for; None where there are none."""
        known = self.known(catalog, region_ids)
        if not known:
            return None
        seen = SeenOrders(catalog, known[0].placed_at)
        for order in known:
            seen.see(order)
        return seen

    def known(self, catalog: Catalog, region_ids: Collection[str]) -> list[Order]:
        """Those whose regions and SKUs are still there, in the sequence in which they were placed."""
        return [
            order
            for order in sorted(self._orders, key=lambda order: order.placed_at)
            if order.destination.region_id in region_ids and all(_is_known(line, catalog) for line in order.lines)
        ]

    @property
    def latest(self) -> Order | None:
        """The order that was read last."""
        return self._orders[-1] if self._orders else None

    def _add(self, reader: Reader, plan_ids: Iterable[str]) -> None:
        for plan_id in plan_ids:
            asked = self._questions.asked(reader, plan_id)
            if asked is None or asked[0].order_id in self._known:
                continue  # an order that was planned again was seen before
            if len(self._orders) == MOST_KEPT:
                self._known.discard(self._orders[0].order_id)
            self._known.add(asked[0].order_id)
            self._orders.append(asked[0])


def _is_known(line: OrderLine, catalog: Catalog) -> bool:
    return all(part.sku in catalog.materials for part in line.parts) if line.parts else line.sku in catalog
