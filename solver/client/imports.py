"""The client's side of stock by the file."""

from collections.abc import Iterable

import grpc

from solver.client.channel import call
from solver.gen.xunyuan.stock.v1 import imports_pb2, imports_pb2_grpc
from solver.stock.physical.import_model import ImportedRow, ImportOutcome
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ImportClient:
    """Methods of `Client.warehouse.imports`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = imports_pb2_grpc.StockImportServiceStub(channel)

    def load(
        self,
        rows: Iterable[ImportedRow],
        reference: str,
        *,
        request_id: str,
        good_rows_only: bool = False,
        validate_only: bool = False,
    ) -> ImportOutcome:
        """Book the rows of a file as received, or say what is wrong with them."""
        request = imports_pb2.ImportStockRequest(
            request_id=request_id, reference=reference, good_rows_only=good_rows_only, validate_only=validate_only
        )
        request.rows.extend(to_proto(row, imports_pb2.ImportedRow) for row in rows)
        return noun_of(call(self._stub.ImportStock, request, timeout_seconds=self._seconds).outcome, ImportOutcome)
