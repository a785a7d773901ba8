"""The nouns of the feed and of warnings, and their messages."""

from enum import StrEnum
from typing import Any

from solver.gen.xunyuan.stock.v1 import feed_pb2, warnings_pb2
from solver.stock.feed.model import ShownValue
from solver.stock.warnings.warning_model import StockThreshold, StockWarning, WarningKind

FEED_PROTOS = (feed_pb2, warnings_pb2)
FEED_TWINS: list[tuple[type[Any], type[Any]]] = [
    (ShownValue, feed_pb2.ShownValue),
    (StockThreshold, warnings_pb2.StockThreshold),
    (StockWarning, warnings_pb2.StockWarning),
]
FEED_ENUMS: list[tuple[type[StrEnum], Any]] = [(WarningKind, warnings_pb2.WarningKind)]
