"""The client's side of reconciliations."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.ledger.v1 import differences_pb2, reconciliation_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import reconciliation_pb2 as pb
from solver.ledger.matching.model import Item, Side
from solver.ledger.reconciling.model import Imported, KeptMatch, MatchState, RunResult
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ReconciliationClient:
    """Methods of `Client.reconciliations`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = reconciliation_pb2_grpc.ReconciliationServiceStub(channel)

    def add(self, set_id: str, side: Side, items: Iterable[Item], *, request_id: str | None = None) -> Imported:
        """Take in up to 1,000 records of a side."""
        request = pb.AddRecordsRequest(
            request_id=request_id or new_request_id(),
            set_id=set_id,
            side=differences_pb2.DifferenceSide.Value(f"DIFFERENCE_SIDE_{side.name}"),
        )
        request.records.extend(to_proto(one, pb.ReconciledRecord) for one in items)
        return noun_of(call(self._stub.AddRecords, request, timeout_seconds=self._seconds), Imported)

    def run(
        self,
        set_id: str,
        *,
        actor: str,
        rules: str = "",
        entity: str = "",
        platform: str = "",
        request_id: str | None = None,
    ) -> RunResult:
        """Match what is open."""
        request = pb.RunReconciliationRequest(
            request_id=request_id or new_request_id(),
            set_id=set_id,
            rules=rules,
            actor=actor,
            entity=entity,
            platform=platform,
        )
        return noun_of(call(self._stub.RunReconciliation, request, timeout_seconds=self._seconds), RunResult)

    def matches(self, set_id: str, states: Sequence[MatchState] = ()) -> Iterator[KeptMatch]:
        """Every match in these states, or in any."""
        token = ""
        while True:
            request = pb.ListRecordMatchesRequest(set_id=set_id, page_token=token)
            request.states.extend(pb.MatchState.Value(f"MATCH_STATE_{state.name}") for state in states)
            answer = call(self._stub.ListRecordMatches, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, KeptMatch) for one in answer.matches)
            token = answer.next_page_token
            if not token:
                return

    def decide(
        self, set_id: str, question_id: str, match_id: str, *, actor: str, reason: str, request_id: str | None = None
    ) -> tuple[KeptMatch, ...]:
        """Answer a question by one of its candidates, or by none (an empty id)."""
        request = pb.DecideRecordMatchRequest(
            request_id=request_id or new_request_id(),
            set_id=set_id,
            question_id=question_id,
            match_id=match_id,
            actor=actor,
            reason=reason,
        )
        answer = call(self._stub.DecideRecordMatch, request, timeout_seconds=self._seconds)
        return tuple(noun_of(one, KeptMatch) for one in answer.matches)
