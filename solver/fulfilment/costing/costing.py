"""Cost follows the units: whatever the stock book posts moves the value book in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from solver.fulfilment.costing.crossings import AT_SITES, ON_THEIR_WAY, Crossing, crossings, touches_stock
from solver.fulfilment.costing.orders import ordered_by, returned_from
from solver.fulfilment.questions import Questions
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Discrepancy, Entry, Transfer
from solver.ledger.valuation.book import ValueBook
from solver.ledger.valuation.model import CostCause, Flow, Occasion, ValuationTerms
from solver.stock.expected.consignment_model import Consignment, ConsignmentKind
from solver.stock.model import Movement
from solver.stock.physical.papers import Papers
from solver.storage.database import Reader, Transaction

_RECEIPT_COSTS = "what the units of this receipt cost"
_consignments = Papers(kind="consignment", noun=Consignment)

# An owner hands over before another has; what leaves leaves at the cost of what was there before anything comes.
_RANKS = dict.fromkeys(CostCause, 2) | {
    CostCause.TRANSFER_OUT: 0,
    CostCause.TRANSFER_IN: 1,
    CostCause.RECEIPT: 3,
    CostCause.FOUND: 3,
    CostCause.RETURN: 3,
}

Costs = dict[tuple[str, str], tuple[int, int]]  # site and SKU -> units, what they cost


class Costing:
    """Stands between the stock book and the value book. Where no terms of valuation are set, it does nothing."""

    def __init__(self, journal: Journal, values: ValueBook, questions: Questions) -> None:
        self._journal = journal
        self._values = values
        self._questions = questions

    def follow(self, tx: Transaction, entry: Entry, transfers: Sequence[Transfer]) -> None:
        """Value what an entry of the stock book moved, just after it was posted."""
        if not touches_stock(transfers):
            return
        terms = self._values.terms(tx)
        if terms is None:
            return
        found = crossings(transfers, lambda account: owner_of(tx, terms, account))
        if found:
            occasion = Occasion(entry_id=entry.entry_id, at=entry.at, reference=entry.subject)
            self._values.move(tx, terms, occasion, self._flows(tx, terms, entry, found))

    @staticmethod
    @contextmanager
    def at_cost(tx: Transaction, movements: Sequence[Movement]) -> Iterator[None]:
        """Value the receipt that is posted inside by what its movements say that their units cost."""
        costs: Costs = {}
        for one in movements:
            if one.unit_cost_minor is not None and one.units > 0:
                units, minor = costs.get((one.site_id, one.sku), (0, 0))
                costs[one.site_id, one.sku] = (units + one.units, minor + one.units * one.unit_cost_minor)
        tx.memo[_RECEIPT_COSTS] = costs
        try:
            yield
        finally:
            tx.memo.pop(_RECEIPT_COSTS, None)

    def owned(self, reader: Reader, terms: ValuationTerms) -> dict[tuple[str, str], int]:
        """Units by owner and SKU as the stock book has them."""
        units: dict[tuple[str, str], int] = {}
        for one in self._journal.balances(reader, Book.STOCK, tuple(AT_SITES | ON_THEIR_WAY)):
            entity = owner_of(reader, terms, one.account) if one.posted else None
            if entity is not None:
                key = (entity, one.account.unit)
                units[key] = units.get(key, 0) + one.posted
        return {key: count for key, count in units.items() if count}

    def audit(self, reader: Reader) -> tuple[Discrepancy, ...]:
        """Every owner and SKU of which the value book has other units than the stock book, or the money book another
        value than the value book; empty when they tie.
        """
        terms = self._values.terms(reader)
        return () if terms is None else self._values.audit(reader, self.owned(reader, terms))

    def _flows(self, tx: Transaction, terms: ValuationTerms, entry: Entry, found: Sequence[Crossing]) -> list[Flow]:
        """The crossings of an owner's SKU by cause, with what is known of each: its cost, its order."""
        costs: Costs = tx.memo.get(_RECEIPT_COSTS, {})
        order_id, channel = self._ordered(tx, entry, found)
        units: dict[tuple[str, str, CostCause, str, bool], list[int]] = {}
        for one in found:
            has_cost, minor = _cost_of(costs, one)
            for is_costed, count in ((True, has_cost), (False, one.units - has_cost)):
                if count:
                    sums = units.setdefault((one.entity, one.sku, one.cause, one.counterpart, is_costed), [0, 0])
                    sums[0] += count
                    sums[1] += minor if is_costed else 0
        flows = [
            Flow(
                entity=entity,
                sku=sku,
                cause=cause,
                units=count,
                value_minor=minor if is_costed else None,
                counterpart=counterpart,
                order_id=order_id,
                channel=channel,
            )
            for (entity, sku, cause, counterpart, is_costed), (count, minor) in units.items()
        ]
        seller = terms.entity_of_channel.get(channel, terms.entity)
        return [part for one in sorted(flows, key=lambda flow: _RANKS[flow.cause]) for part in _sold_by(seller, one)]

    def _ordered(self, tx: Transaction, entry: Entry, found: Sequence[Crossing]) -> tuple[str, str]:
        causes = {one.cause for one in found}
        if CostCause.SHIPMENT in causes:
            return ordered_by(tx, self._questions, entry.subject)
        if CostCause.RETURN in causes:
            return returned_from(tx, self._questions, entry.subject)
        return "", ""


def owner_of(reader: Reader, terms: ValuationTerms, account: AccountKey) -> str | None:
    """In whose books the units of an account are; None: in none of ours.

    What a supplier sent is his until it arrives; what moves between sites is its sender's until then.
    """
    if account.book is not Book.STOCK:
        return None
    site_id = account.holder
    if account.kind in ON_THEIR_WAY:
        consignment = _consignments.find(reader, account.holder)
        if consignment.kind is ConsignmentKind.PURCHASE:
            return None
        site_id = consignment.from_site_id
    elif account.kind not in AT_SITES:
        return None
    return None if site_id in terms.not_owned else terms.entity_of_site.get(site_id, terms.entity)


def _cost_of(costs: Mapping[tuple[str, str], tuple[int, int]], crossing: Crossing) -> tuple[int, int]:
    """How many of the units that came have a cost of their own, and which."""
    if crossing.cause is not CostCause.RECEIPT:
        return 0, 0
    units, minor = costs.get((crossing.site_id, crossing.sku), (0, 0))
    return (units, minor) if units <= crossing.units else (0, 0)


def _sold_by(seller: str, flow: Flow) -> Iterator[Flow]:
    """What another than its owner sells is handed over to the seller first, at cost; what comes back to him is not."""
    if flow.cause is CostCause.SHIPMENT and flow.order_id and seller != flow.entity:
        owner = flow.entity
        yield replace(flow, cause=CostCause.TRANSFER_OUT, counterpart=seller, order_id="")
        yield replace(
            flow, entity=seller, cause=CostCause.TRANSFER_IN, counterpart=owner, units=-flow.units, order_id=""
        )
        yield replace(flow, entity=seller)
    elif flow.cause is CostCause.RETURN and flow.order_id and seller != flow.entity:
        yield replace(flow, entity=seller)
        yield replace(flow, entity=seller, cause=CostCause.TRANSFER_OUT, units=-flow.units, counterpart=flow.entity)
        yield replace(flow, cause=CostCause.TRANSFER_IN, counterpart=seller)
    else:
        yield flow
