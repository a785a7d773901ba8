"""Holds on the wire, by hand: as `codec` does it and several times as fast, for calls that come by the thousand."""

from solver.clock import to_micros
from solver.errors import Violations
from solver.fulfilment.hold_model import HoldOutcome, HoldWish
from solver.fulfilment.model import DEFAULT_HOLD
from solver.gen.xunyuan.stock.v1 import stock_pb2 as pb
from solver.journal.model import EntryState
from solver.stock.model import Claim, StockHold
from solver.wire.codec import from_proto

_MICROS = 1_000_000
_STATES = {state: pb.HoldState.Value(f"HOLD_STATE_{state.name}") for state in EntryState}


def wish_of(message: pb.HoldStockRequest | pb.HoldWish, path: str, violations: Violations) -> HoldWish | None:
    """The wish; None, with the cause recorded, where its duration cannot be said."""
    if message.HasField("hold_for"):
        return from_proto(message, HoldWish, path, violations)
    claims = tuple(
        Claim(site_id=one.site_id, sku=one.sku, units=one.units, consignment_id=one.consignment_id)
        for one in message.claims
    )
    return HoldWish(
        hold_id=message.hold_id,
        claims=claims,
        hold_for=DEFAULT_HOLD,
        channel=message.channel,
        order_id=message.order_id,
    )


def fill_hold(hold: StockHold, message: pb.StockHold) -> None:
    """Write the hold into an empty message."""
    message.hold_id = hold.hold_id
    message.state = _STATES[hold.state]
    seconds, micros = divmod(to_micros(hold.expires_at), _MICROS)
    message.expires_at.seconds, message.expires_at.nanos = seconds, micros * 1000
    add = message.contents.add
    for one in hold.contents:
        add(
            site_id=one.site_id,
            sku=one.sku,
            units=one.units,
            backordered_units=one.backordered_units,
            consignment_id=one.consignment_id,
        )
    message.channel, message.order_id = hold.channel, hold.order_id


def fill_outcome(outcome: HoldOutcome, message: pb.HoldOutcome) -> None:
    """Write the outcome into an empty message."""
    message.hold_id = outcome.hold_id
    if outcome.hold is not None:
        fill_hold(outcome.hold, message.hold)
    message.refused_reason, message.refused_text = outcome.refused_reason, outcome.refused_text
    message.refused_metadata.update(outcome.refused_metadata)
