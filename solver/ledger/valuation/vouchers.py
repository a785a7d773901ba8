"""Which event in the money book a move of cost is, and what it says there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from solver.ledger.books.model import Amount, Event
from solver.ledger.valuation.model import CostCause, CostMove, Flow, ValuationTerms

# Deliveries do not say from whom they are; the supplier's invoice does.
_SUPPLIERS = "suppliers"

# cause -> event, charge
_CHARGES: Mapping[CostCause, tuple[str, str]] = {
    CostCause.OPENING: ("stock_opened", "opening_stock"),
    CostCause.RECEIPT: ("goods_received", "goods"),
    CostCause.FOUND: ("stock_counted", "found"),
    CostCause.LOSS: ("stock_counted", "lost"),
    CostCause.RETURN: ("goods_returned", "cost_of_goods"),
    CostCause.TRANSFER_IN: ("goods_transferred", "goods_in"),
    CostCause.TRANSFER_OUT: ("goods_transferred", "goods_out"),
    CostCause.SHIPMENT: ("goods_shipped", "cost_of_goods"),
    CostCause.SCRAP: ("goods_scrapped", "scrapped"),
    CostCause.SENT_BACK: ("goods_sent_back", "goods"),
    CostCause.WRITE_DOWN: ("write_down", "write_down"),
    CostCause.COSTED: ("receipt_costed", "goods"),
}


def kind_of(cause: CostCause) -> str:
    """The event that a cause is."""
    return _CHARGES[cause][0]


def events_of(terms: ValuationTerms, moves: Sequence[tuple[Flow, CostMove]], on: date) -> Iterator[Event]:
    """One event for each kind among the moves that one entry made of one owner's stock."""
    for kind in dict.fromkeys(kind_of(flow.cause) for flow, _ in moves):
        of_kind = [(flow, move) for flow, move in moves if kind_of(flow.cause) == kind]
        first = of_kind[0][1]
        yield Event(
            kind=kind,
            entity=first.entity,
            currency=terms.currency,
            on=on,
            source=f"stock/{first.entry_id}" if first.entry_id else f"cost/{first.move_id}",
            amounts=tuple(amount for flow, move in of_kind for amount in _amounts(flow, move)),
            reason=first.reference,
        )


def _amounts(flow: Flow, move: CostMove) -> Iterator[Amount]:
    _, charge = _CHARGES[flow.cause]
    party = flow.counterpart or _SUPPLIERS
    yield _amount(flow, charge, abs(move.value_minor), party)
    if flow.cause is CostCause.COSTED and flow.value_minor:
        yield _amount(flow, "used", flow.value_minor, party)


def _amount(flow: Flow, charge: str, amount_minor: int, party: str) -> Amount:
    return Amount(
        charge=charge,
        amount_minor=amount_minor,
        party=party,
        order_id=flow.order_id,
        sku=flow.sku,
        channel=flow.channel,
    )
