"""The client's side of counts."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import counts_pb2, counts_pb2_grpc
from solver.stock.physical.count_model import Count, CountLine, CountState
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class CountClient:
    """Methods of `Client.warehouse.counts`: each answers with the count as it stands now.

    Each raises what those of `Client` raise.
    """

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = counts_pb2_grpc.CountServiceStub(channel)

    def open(
        self,
        count_id: str,
        site_id: str,
        *,
        zone: str = "",
        bin_: str = "",
        skus: Sequence[str] = (),
        request_id: str | None = None,
    ) -> Count:
        """Begin a count of a site, or of a zone, a bin or some SKUs of it."""
        request = counts_pb2.OpenCountRequest(
            request_id=request_id or new_request_id(),
            count_id=count_id,
            site_id=site_id,
            zone=zone,
            bin=bin_,
            skus=skus,
        )
        return noun_of(call(self._stub.OpenCount, request, timeout_seconds=self._seconds).count, Count)

    def submit(self, count_id: str, lines: Iterable[CountLine], *, request_id: str | None = None) -> Count:
        """Note what was found."""
        request = counts_pb2.SubmitCountRequest(request_id=request_id or new_request_id(), count_id=count_id)
        request.lines.extend(to_proto(line, counts_pb2.CountLine) for line in lines)
        return noun_of(call(self._stub.SubmitCount, request, timeout_seconds=self._seconds).count, Count)

    def approve(self, count_id: str, *, request_id: str | None = None) -> Count:
        """Correct the books by the differences."""
        request = counts_pb2.ApproveCountRequest(request_id=request_id or new_request_id(), count_id=count_id)
        return noun_of(call(self._stub.ApproveCount, request, timeout_seconds=self._seconds).count, Count)

    def reject(self, count_id: str, remark: str = "", *, request_id: str | None = None) -> Count:
        """End a count without effect."""
        named = request_id or new_request_id()
        request = counts_pb2.RejectCountRequest(request_id=named, count_id=count_id, remark=remark)
        return noun_of(call(self._stub.RejectCount, request, timeout_seconds=self._seconds).count, Count)

    def get(self, count_id: str) -> Count:
        """A count."""
        request = counts_pb2.GetCountRequest(count_id=count_id)
        return noun_of(call(self._stub.GetCount, request, timeout_seconds=self._seconds).count, Count)

    def all(self, site_ids: Sequence[str] = (), states: Sequence[CountState] = ()) -> Iterator[Count]:
        """The counts at these sites in these states; pages are fetched as they are needed."""
        named = [counts_pb2.CountState.Value(f"COUNT_STATE_{state.name}") for state in states]
        request = counts_pb2.ListCountsRequest(site_ids=site_ids, states=named)
        while True:
            answer = call(self._stub.ListCounts, request, timeout_seconds=self._seconds)
            yield from (noun_of(count, Count) for count in answer.counts)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
