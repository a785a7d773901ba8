"""The value book: what every owner's stock cost, moved with the units, voucher by voucher."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from solver.errors import NotFound, StateConflict, Violations
from solver.journal.model import MAX_AMOUNT, Discrepancy
from solver.ledger.books import declared
from solver.ledger.ledger import Ledger
from solver.ledger.valuation import rows
from solver.ledger.valuation.by_hand import INVENTORY
from solver.ledger.valuation.layers import Layers, devalue, put, recost, take
from solver.ledger.valuation.model import CostCause, CostMove, Flow, InventoryValue, Occasion, ValuationTerms
from solver.ledger.valuation.tie import untied
from solver.ledger.valuation.vouchers import events_of, kind_of
from solver.storage.database import Reader, Transaction


class ValueBook:
    """Layers of cost over one ledger. Every method that changes something does so in the caller's transaction."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def terms(self, reader: Reader) -> ValuationTerms | None:
        """By which terms stock is valued; None: it is not."""
        return rows.terms(reader)

    def move(self, tx: Transaction, terms: ValuationTerms, occasion: Occasion, flows: Sequence[Flow]) -> None:
        """Let cost follow units that an entry of the stock book moved, in the order given.

        Each owner's part leaves one voucher. Raises BrokenInvariant where more leaves than the value book has.
        """
        moves: list[tuple[Flow, CostMove]] = []
        handed: dict[tuple[str, str, str], int] = {}
        next_id = rows.next_move_id(tx)
        for flow in flows:
            move = self._moved(tx, terms, occasion, flow, next_id + len(moves), handed)
            moves.append((flow, move))
        self._keep(tx, terms, moves)

    def resolved(self, reader: Reader, terms: ValuationTerms) -> ValuationTerms:
        """The terms with each entity's declared code in place of the home's empty one.

        Raises InvalidRequest for entities that are not declared.
        """
        declaration = declared.in_force(reader)

        def code(entity: str) -> str:
            found = declaration.entity_of(entity)
            return entity if found is None else found.code

        return replace(
            terms,
            entity=code(terms.entity),
            entity_of_site={site_id: code(entity) for site_id, entity in terms.entity_of_site.items()},
            entity_of_channel={channel: code(entity) for channel, entity in terms.entity_of_channel.items()},
        )

    def set_terms(
        self, tx: Transaction, occasion: Occasion, terms: ValuationTerms, owned: Mapping[tuple[str, str], int]
    ) -> None:
        """Value stock by these terms from now on. What there is (`owned`: by entity and SKU) opens the value book.

        Raises StateConflict: INVENTORY_POSTED where the money book has inventory that no stock book knows,
        OWNER_CHANGED where the terms give stock that is there to another owner, CURRENCY_CHANGED.
        """
        before = rows.terms(tx)
        if before is None:
            self._refuse_posted(tx)
            rows.keep_terms(tx, terms)
            flows = [
                Flow(entity=entity, sku=sku, cause=CostCause.OPENING, units=units)
                for (entity, sku), units in owned.items()
            ]
            self.move(tx, terms, occasion, flows)
            return
        _refuse_other_owners(rows.values(tx), owned)
        if before.currency != terms.currency:
            text = f"stock is valued in {before.currency}: a change of currency would need a new value for every unit"
            raise StateConflict(text, reason="CURRENCY_CHANGED", metadata={"currency": before.currency})
        rows.keep_terms(tx, terms)

    def audit(self, reader: Reader, owned: Mapping[tuple[str, str], int]) -> tuple[Discrepancy, ...]:
        """Where units differ from the stock book's (`owned`: by entity and SKU), or values from the money book's."""
        return untied(rows.values(reader), owned, self._inventory(reader))

    def write_down(self, tx: Transaction, occasion: Occasion, entity: str, sku: str, amount_minor: int) -> CostMove:
        """Value what is there of a SKU so much less (存货跌价), for the reason that `occasion` refers to.

        Raises InvalidRequest where it is worth less than that, and StateConflict (NOT_VALUED) without terms.
        """
        terms = self.required(tx)
        before = rows.layers(tx, entity, sku)
        value_minor = sum(layer.value_minor for layer in before)
        violations = Violations()
        remedy = f"1 to {value_minor}: what all {sku} of {entity or 'the company'} are worth"
        violations.require(0 < amount_minor <= value_minor, "amount_minor", amount_minor, remedy)
        violations.refuse_any("the write-down")
        rows.keep_layers(tx, entity, sku, before, devalue(before, amount_minor))
        flow = Flow(entity=entity, sku=sku, cause=CostCause.WRITE_DOWN, units=0)
        move = _move(occasion, flow, rows.next_move_id(tx), -amount_minor)
        return self._keep(tx, terms, [(flow, move)])[0]

    def cost_receipt(self, tx: Transaction, occasion: Occasion, move_id: int, unit_cost_minor: int) -> CostMove:
        """Say what the units of a receipt cost that came in without a cost; what fell on units that are gone is told.

        Raises NotFound, InvalidRequest, and StateConflict (RECEIPT_COSTED, NOT_VALUED).
        """
        terms = self.required(tx)
        received = rows.find_move(tx, move_id)
        if received is None:
            raise NotFound(f"there is no cost move {move_id}", metadata={"move_id": str(move_id)})
        if not received.uncosted_units:
            raise StateConflict(
                f"cost move {move_id} has its cost; a correction is an adjustment voucher",
                reason="RECEIPT_COSTED",
                metadata={"move_id": str(move_id)},
            )
        value_minor = _worth(unit_cost_minor, received.uncosted_units, "unit_cost_minor")
        before = rows.layers(tx, received.entity, received.sku)
        after, gone_minor = recost(before, terms.method, move_id, received.uncosted_units, value_minor)
        rows.keep_layers(tx, received.entity, received.sku, before, after)
        rows.is_costed(tx, move_id)
        flow = Flow(entity=received.entity, sku=received.sku, cause=CostCause.COSTED, units=0, value_minor=gone_minor)
        move = _move(occasion, flow, rows.next_move_id(tx), value_minor - gone_minor)
        return self._keep(tx, terms, [(flow, move)])[0]

    def required(self, reader: Reader) -> ValuationTerms:
        """The terms. Raises StateConflict (NOT_VALUED) where there are none."""
        terms = rows.terms(reader)
        if terms is None:
            raise StateConflict("stock is not valued here: set the terms of valuation first", reason="NOT_VALUED")
        return terms

    def values(self, reader: Reader, entity: str | None = None) -> tuple[InventoryValue, ...]:
        """Units and value of every SKU that is there, by owner. Raises StateConflict (NOT_VALUED)."""
        currency = self.required(reader).currency
        return tuple(
            InventoryValue(entity=of, sku=sku, currency=currency, units=units, value_minor=value_minor)
            for of, sku, units, value_minor in rows.values(reader, entity)
        )

    def _inventory(self, reader: Reader) -> dict[str, int]:
        """What the money book says that each owner's stock is worth."""
        return {row.entity: row.balance_minor for row in self._ledger.trial_balance(reader) if row.account == INVENTORY}

    def _refuse_posted(self, reader: Reader) -> None:
        for entity, minor in self._inventory(reader).items():
            if minor:
                raise StateConflict(
                    f"the money book has inventory of {minor} that was posted by hand: reverse it, and let the value "
                    "book open with the stock that there is",
                    reason="INVENTORY_POSTED",
                    metadata={"entity": entity, "minor": str(minor)},
                )

    def _moved(
        self,
        tx: Transaction,
        terms: ValuationTerms,
        occasion: Occasion,
        flow: Flow,
        move_id: int,
        handed: dict[tuple[str, str, str], int],
    ) -> CostMove:
        before = rows.layers(tx, flow.entity, flow.sku)
        if flow.units < 0:
            after, cost_minor = take(before, -flow.units)
            rows.keep_layers(tx, flow.entity, flow.sku, before, after)
            handed[flow.entity, flow.counterpart, flow.sku] = cost_minor
            return _move(occasion, flow, move_id, -cost_minor)
        value_minor = self._value_in(tx, occasion, flow, before, handed)
        after = put(before, terms.method, move_id, flow.units, value_minor or 0)
        rows.keep_layers(tx, flow.entity, flow.sku, before, after)
        uncosted = flow.units if value_minor is None else 0
        return replace(_move(occasion, flow, move_id, value_minor or 0), uncosted_units=uncosted)

    @staticmethod
    def _value_in(
        tx: Transaction, occasion: Occasion, flow: Flow, there: Layers, handed: Mapping[tuple[str, str, str], int]
    ) -> int | None:
        """What units that come in cost: as said, as handed over, as they left, as the others, or as bought today."""
        if flow.value_minor is not None:
            return flow.value_minor
        if flow.cause is CostCause.TRANSFER_IN and (flow.counterpart, flow.entity, flow.sku) in handed:
            return handed[flow.counterpart, flow.entity, flow.sku]
        if flow.cause is CostCause.RETURN and flow.order_id:
            units, value_minor = rows.of_order(tx, flow.order_id, flow.sku, flow.entity)
            if units >= flow.units:
                return value_minor * flow.units // units
        if flow.cause in (CostCause.RETURN, CostCause.FOUND) and there:
            units = sum(layer.units for layer in there)
            return sum(layer.value_minor for layer in there) * flow.units // units
        unit_cost_minor = rows.cost_of(tx, flow.sku, occasion.at.date())
        return None if unit_cost_minor is None else unit_cost_minor * flow.units

    def _keep(
        self, tx: Transaction, terms: ValuationTerms, moves: Sequence[tuple[Flow, CostMove]]
    ) -> tuple[CostMove, ...]:
        """Write the moves, each owner's with its voucher."""
        kept: list[CostMove] = []
        for entity in dict.fromkeys(flow.entity for flow, _ in moves):
            of_entity = [(flow, move) for flow, move in moves if flow.entity == entity]
            for event in events_of(terms, of_entity, self._ledger.open_day(tx, entity, of_entity[0][1].at.date())):
                voucher = self._ledger.post(tx, event)
                voucher_id = "" if voucher is None else voucher.voucher_id
                kept += [
                    replace(move, voucher_id=voucher_id) for _, move in of_entity if event.kind == kind_of(move.cause)
                ]
        rows.keep_moves(tx, kept)
        return tuple(kept)


def _refuse_other_owners(valued: Iterable[tuple[str, str, int, int]], owned: Mapping[tuple[str, str], int]) -> None:
    has = {(entity, sku): units for entity, sku, units, _ in valued}
    moved = sorted(key for key in has.keys() | owned.keys() if has.get(key, 0) != owned.get(key, 0))
    if moved:
        entity, sku = moved[0]
        was, would = has.get(moved[0], 0), owned.get(moved[0], 0)
        raise StateConflict(
            f"stock of {len(moved)} SKUs and owners would change hands, first {sku} of {entity or 'home'}: {was} units "
            f"now, {would} by these terms; move it by a transfer between sites, or change the terms of a site that is "
            "empty",
            reason="OWNER_CHANGED",
            metadata={"entity": entity, "sku": sku},
        )


def _move(occasion: Occasion, flow: Flow, move_id: int, value_minor: int) -> CostMove:
    return CostMove(
        move_id=move_id,
        entry_id=occasion.entry_id,
        entity=flow.entity,
        sku=flow.sku,
        cause=flow.cause,
        units=flow.units,
        value_minor=value_minor,
        at=occasion.at,
        reference=occasion.reference,
        order_id=flow.order_id,
        voucher_id="",
    )


def _worth(unit_cost_minor: int, units: int, field: str) -> int:
    """What so many units cost. Raises InvalidRequest for a cost that no book can hold."""
    violations = Violations()
    most = MAX_AMOUNT // units
    violations.require(0 <= unit_cost_minor <= most, field, unit_cost_minor, f"0 to {most:,} minor units")
    violations.refuse_any("the cost")
    return unit_cost_minor * units
