"""ReconciliationService."""

import grpc

from solver.api.paging import page_after
from solver.api.reading import enum_of, read_all, request_of, values_of
from solver.gen.xunyuan.ledger.v1 import differences_pb2, reconciliation_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import reconciliation_pb2 as pb
from solver.ledger.matching.model import Item, Side
from solver.ledger.reconciling.model import KeptMatch, MatchState
from solver.ledger.reconciling.service import Reconciling
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class ReconciliationServicer(reconciliation_pb2_grpc.ReconciliationServiceServicer):
    """Records of two sides, and what belongs together."""

    def __init__(self, reconciling: Reconciling) -> None:
        self._reconciling = reconciling

    def AddRecords(self, request: pb.AddRecordsRequest, context: grpc.ServicerContext) -> pb.AddRecordsResponse:
        """Take in records."""
        named = request_of("AddRecords", request.request_id, request)
        side = enum_of(request.side, differences_pb2.DifferenceSide, Side, "side")
        items = read_all(request.records, Item, "records")
        return to_proto(self._reconciling.add(named, request.set_id, side, items), pb.AddRecordsResponse)

    def RunReconciliation(
        self, request: pb.RunReconciliationRequest, context: grpc.ServicerContext
    ) -> pb.RunReconciliationResponse:
        """Match what is open."""
        named = request_of("RunReconciliation", request.request_id, request)
        result = self._reconciling.run(
            named,
            request.set_id,
            rules=request.rules,
            actor=request.actor,
            entity=request.entity,
            platform=request.platform,
        )
        return to_proto(result, pb.RunReconciliationResponse)

    def ListRecordMatches(
        self, request: pb.ListRecordMatchesRequest, context: grpc.ServicerContext
    ) -> pb.ListRecordMatchesResponse:
        """Read matches, page by page."""
        states = values_of(request.states, pb.MatchState, MatchState, "states")
        shown, token = page_after(
            lambda after, most: self._reconciling.matches(request.set_id, states, after=after, most=most),
            lambda one: one.match_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListRecordMatchesResponse(matches=[_message(one) for one in shown], next_page_token=token)

    def DecideRecordMatch(
        self, request: pb.DecideRecordMatchRequest, context: grpc.ServicerContext
    ) -> pb.DecideRecordMatchResponse:
        """Answer a question."""
        named = request_of("DecideRecordMatch", request.request_id, request)
        decided = self._reconciling.decide(
            named,
            request.set_id,
            request.question_id,
            request.match_id,
            actor=request.actor,
            reason=request.reason,
        )
        return pb.DecideRecordMatchResponse(matches=[_message(one) for one in decided])


def _message(one: KeptMatch) -> pb.KeptRecordMatch:
    message = to_proto(one, pb.KeptRecordMatch)
    message.match_id = one.match_id
    return message
