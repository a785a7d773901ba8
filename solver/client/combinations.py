"""Combinations of a service: kept, read, moved on in life, exploded, counted, and what a return gives back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc

from solver.catalog.combinations.availability import CombinationAvailability
from solver.catalog.combinations.basket import Basket
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.lines import ExplodedOrder
from solver.catalog.combinations.model import Combination
from solver.catalog.life import LifeState
from solver.catalog.sharing.returns import PaidPart
from solver.client.channel import call, new_request_id
from solver.errors import Violations
from solver.fulfilment.exploding.command import ExplodeCommand, ReturnQuestion
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, combinations_pb2_grpc
from solver.gen.xunyuan.catalog.v1 import combinations_pb2 as pb
from solver.wire.codec import fill_proto, from_proto, to_proto


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedReturn:
    """What a return gives back: the share of what comes back, less by how much what is kept costs more then.

    `worth` is what has been paid for each part that is kept.
    """

    share_minor: int
    repriced_minor: int
    refund_minor: int
    worth: tuple[PaidPart, ...]


class CombinationClient:
    """CombinationService. Every method raises CallFailed, or InvalidRequest for a value that cannot be sent at all."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._stub = combinations_pb2_grpc.CombinationServiceStub(channel)
        self._seconds = seconds

    def upsert(self, combinations: Sequence[Combination | KeptCombination], *, request_id: str | None = None) -> int:
        """Keep 1 to 1,000 combinations as the versions that follow, all or none; returns how many.

        A combination by itself is active from now on; a KeptCombination says version, state and times.
        """
        request = pb.UpsertCombinationsRequest(request_id=request_id or new_request_id())
        for one in combinations:
            kept = one if isinstance(one, KeptCombination) else KeptCombination(combination=one)
            fill_proto(kept, request.combinations.add())
        return call(self._stub.UpsertCombinations, request, timeout_seconds=self._seconds).written

    def get(self, combination_ids: Sequence[str], *, version: int = 0) -> list[KeptCombination]:
        """Combinations in the order asked; version 0: the one in force."""
        request = pb.BatchGetCombinationsRequest(combination_ids=combination_ids, version=version)
        answer = call(self._stub.BatchGetCombinations, request, timeout_seconds=self._seconds)
        return [_read(message, KeptCombination) for message in answer.combinations]

    def change_state(
        self,
        combination_ids: Sequence[str],
        state: LifeState,
        *,
        version: int = 0,
        effective_from: datetime | None = None,
        effective_until: datetime | None = None,
        request_id: str | None = None,
    ) -> int:
        """Move all on in life, or none; returns how many. Version 0: the latest. Times that are None stay."""
        request = pb.ChangeCombinationStatesRequest(
            request_id=request_id or new_request_id(),
            combination_ids=combination_ids,
            state=catalog_pb2.LifeState.Value(f"LIFE_STATE_{state.name}"),
            version=version,
        )
        for name, moment in (("effective_from", effective_from), ("effective_until", effective_until)):
            if moment is not None:
                fill_proto(moment, getattr(request, name))
        return call(self._stub.ChangeCombinationStates, request, timeout_seconds=self._seconds).written

    def explode(
        self, orders: Sequence[Basket], currency: str, *, channel: str = "", ignore_stock: bool = False
    ) -> list[ExplodedOrder]:
        """What 1 to 1,000 orders come to, each by itself, in sequence. Nothing is held, no draw is kept."""
        command = ExplodeCommand(orders=tuple(orders), currency=currency, channel=channel, ignore_stock=ignore_stock)
        request = to_proto(command, pb.ExplodeOrdersRequest)
        answer = call(self._stub.ExplodeOrders, request, timeout_seconds=self._seconds)
        return [_read(message, ExplodedOrder) for message in answer.orders]

    def availability(self, combination_ids: Sequence[str], channel: str = "") -> list[CombinationAvailability]:
        """How many of each a channel can sell now, in the order asked."""
        request = pb.BatchGetCombinationAvailabilityRequest(combination_ids=combination_ids, channel=channel)
        answer = call(self._stub.BatchGetCombinationAvailability, request, timeout_seconds=self._seconds)
        return [_read(message, CombinationAvailability) for message in answer.combinations]

    def quote_return(self, question: ReturnQuestion) -> QuotedReturn:
        """What a return gives back, and what the rest is worth then. Nothing is kept or posted."""
        request = to_proto(question, pb.QuoteReturnRequest)
        answer: QuotedReturn = _read(call(self._stub.QuoteReturn, request, timeout_seconds=self._seconds), QuotedReturn)
        return answer


def _read(message: Any, noun: type[Any]) -> Any:
    violations = Violations()
    made = from_proto(message, noun, "", violations)
    violations.refuse_any("the answer")
    return made
