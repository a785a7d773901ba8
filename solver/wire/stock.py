"""Stock levels on the wire."""

from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.stock.model import StockLevel


def level_from_proto(message: stock_pb2.StockLevel) -> StockLevel:
    """What a client reads."""
    return StockLevel(
        site_id=message.site_id,
        sku=message.sku,
        on_hand=message.on_hand,
        held=message.held,
        committed=message.committed,
        available=message.available,
    )
