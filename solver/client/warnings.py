"""The client's side of early warnings."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import warnings_pb2, warnings_pb2_grpc
from solver.stock.warnings.warning_model import DEMAND_DAYS, StockThreshold, StockWarning
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class WarningClient:
    """Methods of `Client.warnings`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = warnings_pb2_grpc.WarningServiceStub(channel)

    def set_thresholds(self, rows: Iterable[StockThreshold], *, request_id: str | None = None) -> None:
        """Say when to warn of SKUs, in place of what was said for the same SKU, site and channel."""
        request = warnings_pb2.SetStockThresholdsRequest(request_id=request_id or new_request_id())
        request.thresholds.extend(to_proto(row, warnings_pb2.StockThreshold) for row in rows)
        call(self._stub.SetStockThresholds, request, timeout_seconds=self._seconds)

    def thresholds(self) -> Iterator[StockThreshold]:
        """All that are kept; pages are fetched as they are needed."""
        request = warnings_pb2.ListStockThresholdsRequest()
        while True:
            answer = call(self._stub.ListStockThresholds, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, StockThreshold) for one in answer.thresholds)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def warnings(
        self, skus: Sequence[str] = (), site_ids: Sequence[str] = (), *, demand_days: int = DEMAND_DAYS
    ) -> Iterator[StockWarning]:
        """What is about to go wrong, the most urgent first; pages are fetched as they are needed."""
        request = warnings_pb2.ListStockWarningsRequest(skus=skus, site_ids=site_ids, demand_days=demand_days)
        while True:
            answer = call(self._stub.ListStockWarnings, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, StockWarning) for one in answer.warnings)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
