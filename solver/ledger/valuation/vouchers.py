"""Which event in the money book a move of cost is, and what it says there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from solver.ledger.books.model import Amount, Event
from solver.ledger.valuation.model import Cause, CostMove, Flow, ValuationTerms

# Deliveries do not say from whom they are; the supplier's invoice does.
_SUPPLIERS = "suppliers"

# cause -> event, charge
_CHARGES: Mapping[Cause, tuple[str, str]] = {
    Cause.OPENING: ("stock_opened", "opening_stock"),
    Cause.RECEIPT: ("goods_received", "goods"),
    Cause.FOUND: ("stock_counted", "found"),
    Cause.LOSS: ("stock_counted", "lost"),
    Cause.RETURN: ("goods_returned", "cost_of_goods"),
    Cause.TRANSFER_IN: ("goods_transferred", "goods_in"),
    Cause.TRANSFER_OUT: ("goods_transferred", "goods_out"),
    Cause.SHIPMENT: ("goods_shipped", "cost_of_goods"),
    Cause.SCRAP: ("goods_scrapped", "scrapped"),
    Cause.SENT_BACK: ("goods_sent_back", "goods"),
    Cause.WRITE_DOWN: ("write_down", "write_down"),
    Cause.COSTED: ("receipt_costed", "goods"),
}
STOCK_EVENTS = frozenset(event for event, _ in _CHARGES.values())


def kind_of(cause: Cause) -> str:
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
    if flow.cause is Cause.COSTED and flow.value_minor:
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
