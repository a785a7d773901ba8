"""StockImportService."""

import grpc

from solver.api.reading import read_all, request_of
from solver.fulfilment.warehousing.importing import StockImport
from solver.gen.xunyuan.stock.v1 import imports_pb2 as pb
from solver.gen.xunyuan.stock.v1 import imports_pb2_grpc
from solver.stock.physical.import_model import ImportedRow
from solver.wire.codec import to_proto


class StockImportServicer(imports_pb2_grpc.StockImportServiceServicer):
    """Stock by the file."""

    def __init__(self, stock_import: StockImport) -> None:
        self._stock_import = stock_import

    def ImportStock(self, request: pb.ImportStockRequest, context: grpc.ServicerContext) -> pb.ImportStockResponse:
        """Book the rows of a file."""
        named = request_of("ImportStock", request.request_id, request)
        outcome = self._stock_import.load(
            named,
            read_all(request.rows, ImportedRow, "rows"),
            request.reference,
            good_rows_only=request.good_rows_only,
            validate_only=request.validate_only,
        )
        return pb.ImportStockResponse(outcome=to_proto(outcome, pb.ImportOutcome))
