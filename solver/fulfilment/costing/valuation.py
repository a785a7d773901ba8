"""The value of stock as callers set it up and ask for it: checked, done once."""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.costing.costing import Costing
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.journal.journal import Journal
from solver.journal.model import MAX_AMOUNT
from solver.ledger.invoicing.tax_file import shipped_taxes
from solver.ledger.valuation import rows
from solver.ledger.valuation.book import ValueBook
from solver.ledger.valuation.margins import MarginBy, margins
from solver.ledger.valuation.model import CostMove, InventoryValue, Margin, Occasion, UnitCost, ValuationTerms
from solver.money import is_currency
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import check_between, check_id, check_reference, check_rows, check_unique, unknown

_encode = msgspec.json.encode
_moves = msgspec.json.Decoder(CostMove)


class Valuation:
    """What stock cost and earned. Nothing is valued before terms are set."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        journal: Journal,
        values: ValueBook,
        costing: Costing,
        catalog: CatalogSource,
        network: NetworkSource,
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._values = values
        self._costing = costing
        self._catalog = catalog
        self._network = network

    def set_terms(self, request: Request, terms: ValuationTerms, costs: Sequence[UnitCost] = ()) -> ValuationTerms:
        """Value stock by these terms from now on; what is there comes in at these costs, or those noted before.

        Raises InvalidRequest, RequestIdReused, StateConflict (INVENTORY_POSTED, OWNER_CHANGED, CURRENCY_CHANGED).
        """
        violations = Violations()
        self._check_terms(terms, violations)
        self._check_costs(costs, violations, least=0)
        violations.refuse_any("the terms of valuation")

        def act(tx: Transaction) -> bytes:
            rows.keep_costs(tx, costs)
            occasion = Occasion(entry_id=0, at=self._journal.now(tx), reference="terms of valuation")
            resolved = self._values.resolved(tx, terms)
            self._values.set_terms(tx, occasion, resolved, self._costing.owned(tx, resolved))
            return _encode(resolved)

        return msgspec.json.decode(once(self._database, self._clock, request, act).body, type=ValuationTerms)

    def note_costs(self, request: Request, costs: Sequence[UnitCost]) -> int:
        """What SKUs cost from a day on, for receipts that do not say; how many were noted. Raises InvalidRequest."""
        violations = Violations()
        self._check_costs(costs, violations, least=1)
        violations.refuse_any("the unit costs")

        def act(tx: Transaction) -> bytes:
            rows.keep_costs(tx, costs)
            return str(len(costs)).encode()

        return int(once(self._database, self._clock, request, act).body)

    def write_down(self, request: Request, entity: str, sku: str, amount_minor: int, reason: str) -> CostMove:
        """Value all units of an owner's SKU so much less in all. Raises InvalidRequest, StateConflict (NOT_VALUED)."""
        violations = Violations()
        check_id(sku, "sku", violations)
        violations.require(bool(reason.strip()), "reason", reason, "say why it is worth less")
        violations.refuse_any("the write-down")
        return self._moved(
            request, reason, lambda tx, occasion: self._values.write_down(tx, occasion, entity, sku, amount_minor)
        )

    def cost_receipt(self, request: Request, move_id: int, unit_cost_minor: int) -> CostMove:
        """Say what a unit cost of a receipt whose cost nobody knew.

        Raises NotFound, InvalidRequest, StateConflict (RECEIPT_COSTED, NOT_VALUED).
        """
        return self._moved(
            request, "", lambda tx, occasion: self._values.cost_receipt(tx, occasion, move_id, unit_cost_minor)
        )

    def terms(self) -> ValuationTerms | None:
        """By which terms stock is valued; None: it is not."""
        with self._database.read() as reader:
            return self._values.terms(reader)

    def values(self, entity: str | None = None) -> tuple[InventoryValue, ...]:
        """Units and value of every SKU that is there, by owner. Raises StateConflict (NOT_VALUED)."""
        with self._database.read() as reader:
            return self._values.values(reader, entity)

    def moves(self, *, sku: str = "", order_id: str = "", after: int = 0, most: int) -> list[CostMove]:
        """How the value of a SKU, of an order's goods or of all stock came about, the oldest move first."""
        with self._database.read() as reader:
            return rows.moves(reader, sku=sku, order_id=order_id, after=after, most=most)

    def uncosted(self, *, after: int = 0, most: int) -> list[CostMove]:
        """Receipts that came in at 0 because nobody knew their cost, the oldest first."""
        with self._database.read() as reader:
            return rows.uncosted(reader, after=after, most=most)

    def margins(self, by: MarginBy, from_on: date, until_on: date, entity: str | None = None) -> list[Margin]:
        """Sales, their cost and the gross margin, booked from one day to before another."""
        violations = Violations()
        violations.require(from_on < until_on, "until_on", until_on, f"give a day after {from_on}")
        violations.refuse_any("the days of the margins")
        with self._database.read() as reader:
            return margins(reader, by, from_on, until_on, entity)

    def _moved(self, request: Request, reason: str, move: Callable[[Transaction, Occasion], CostMove]) -> CostMove:
        def act(tx: Transaction) -> bytes:
            return _encode(move(tx, Occasion(entry_id=0, at=self._journal.now(tx), reference=reason)))

        return _moves.decode(once(self._database, self._clock, request, act).body)

    def _check_terms(self, terms: ValuationTerms, violations: Violations) -> None:
        remedy = "give an ISO 4217 code, such as CNY"
        violations.require(is_currency(terms.currency), "currency", terms.currency, remedy)
        sources, taxes = self._network.network.sources, shipped_taxes()
        for site_id in terms.entity_of_site:
            check_reference(site_id, sources, "source", f"entity_of_site[{site_id}]", violations)
        for position, site_id in enumerate(terms.not_owned):
            check_reference(site_id, sources, "source", f"not_owned[{position}]", violations)
        check_unique(terms.not_owned, "not_owned", violations)
        if not terms.tax_place:
            return
        if terms.tax_place not in taxes:
            violations.add("tax_place", terms.tax_place, unknown(terms.tax_place, taxes, "place", "docs/invoices.md"))
            return
        items = taxes[terms.tax_place].items
        for path, item in [("tax_item", terms.tax_item), *_paths(terms)]:
            if item not in items:
                violations.add(path, item, unknown(item, items, "tax item", "docs/invoices.md lists them"))

    def _check_costs(self, costs: Sequence[UnitCost], violations: Violations, *, least: int) -> None:
        if least:
            check_rows(costs, "costs", violations)
        materials = self._catalog.catalog.materials
        check_unique([f"{one.sku} from {one.from_on}" for one in costs], "costs", violations)
        for position, one in enumerate(costs):
            check_reference(one.sku, materials, "material", f"costs[{position}].sku", violations)
            check_between(one.unit_cost_minor, 0, MAX_AMOUNT, f"costs[{position}].unit_cost_minor", violations)


def _paths(terms: ValuationTerms) -> list[tuple[str, str]]:
    return [(f"tax_items[{sku}]", item) for sku, item in terms.tax_items.items()]
