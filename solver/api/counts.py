"""CountService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read, read_all, request_of, values_of
from solver.fulfilment.warehousing.counts import Counting, CountScope
from solver.gen.xunyuan.stock.v1 import counts_pb2 as pb
from solver.gen.xunyuan.stock.v1 import counts_pb2_grpc
from solver.stock.physical.count_model import Count, CountLine, CountState
from solver.wire.codec import to_proto

MOST_COUNTS = 100


class CountServicer(counts_pb2_grpc.CountServiceServicer):
    """Blind counts."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting

    def OpenCount(self, request: pb.OpenCountRequest, context: grpc.ServicerContext) -> pb.OpenCountResponse:
        """Begin a count."""
        named = request_of("OpenCount", request.request_id, request)
        return pb.OpenCountResponse(count=_message(self._counting.open(named, read(request, CountScope, ""))))

    def SubmitCount(self, request: pb.SubmitCountRequest, context: grpc.ServicerContext) -> pb.SubmitCountResponse:
        """Note what was found."""
        named = request_of("SubmitCount", request.request_id, request)
        lines = read_all(request.lines, CountLine, "lines")
        return pb.SubmitCountResponse(count=_message(self._counting.submit(named, request.count_id, lines)))

    def ApproveCount(self, request: pb.ApproveCountRequest, context: grpc.ServicerContext) -> pb.ApproveCountResponse:
        """Correct the books."""
        named = request_of("ApproveCount", request.request_id, request)
        return pb.ApproveCountResponse(count=_message(self._counting.approve(named, request.count_id)))

    def RejectCount(self, request: pb.RejectCountRequest, context: grpc.ServicerContext) -> pb.RejectCountResponse:
        """End a count without effect."""
        named = request_of("RejectCount", request.request_id, request)
        return pb.RejectCountResponse(count=_message(self._counting.reject(named, request.count_id, request.remark)))

    def GetCount(self, request: pb.GetCountRequest, context: grpc.ServicerContext) -> pb.GetCountResponse:
        """Read a count."""
        return pb.GetCountResponse(count=_message(self._counting.get(request.count_id)))

    def ListCounts(self, request: pb.ListCountsRequest, context: grpc.ServicerContext) -> pb.ListCountsResponse:
        """Read counts, page by page."""
        states = values_of(request.states, pb.CountState, CountState, "states")
        counts = self._counting.all(site_ids=tuple(request.site_ids), states=states)
        shown, token = page(
            counts,
            lambda count: count.count_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_COUNTS,
        )
        return pb.ListCountsResponse(counts=[_message(one) for one in shown], next_page_token=token)


def _message(count: Count) -> pb.Count:
    return to_proto(count, pb.Count)
