"""Stock on the wire."""

from datetime import UTC

from solver.fulfilment.hold_model import HoldOutcome
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.journal.model import EntryState
from solver.stock.model import HeldUnits, StockHold, StockLevel


def level_from_proto(message: stock_pb2.StockLevel) -> StockLevel:
    """What a client reads."""
    return StockLevel(
        site_id=message.site_id,
        sku=message.sku,
        on_hand=message.on_hand,
        held=message.held,
        committed=message.committed,
        available=message.available,
        backordered=message.backordered,
        backorderable=message.backorderable,
        missing=message.missing,
        defective=message.defective,
        frozen=message.frozen,
        inspection=message.inspection,
        reserved=message.reserved,
        stale=message.stale,
    )


def hold_from_proto(message: stock_pb2.StockHold) -> StockHold:
    """What a client reads."""
    return StockHold(
        hold_id=message.hold_id,
        state=EntryState[stock_pb2.HoldState.Name(message.state).removeprefix("HOLD_STATE_")],
        expires_at=message.expires_at.ToDatetime(tzinfo=UTC),
        contents=tuple(
            HeldUnits(
                site_id=one.site_id,
                sku=one.sku,
                units=one.units,
                backordered_units=one.backordered_units,
                consignment_id=one.consignment_id,
            )
            for one in message.contents
        ),
        channel=message.channel,
        order_id=message.order_id,
    )


def outcome_from_proto(message: stock_pb2.HoldOutcome) -> HoldOutcome:
    """What a client reads."""
    return HoldOutcome(
        hold_id=message.hold_id,
        hold=hold_from_proto(message.hold) if message.HasField("hold") else None,
        refused_reason=message.refused_reason,
        refused_text=message.refused_text,
        refused_metadata=dict(message.refused_metadata),
    )
