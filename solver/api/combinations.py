"""CombinationService."""

import grpc

from solver.api.reading import enum_of, read, read_all, request_of
from solver.catalog.combination_store import CombinationStore
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.life import LifeState
from solver.fulfilment.exploding.command import ExplodeCommand, ReturnQuestion
from solver.fulfilment.exploding.desk import CombinationDesk
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, combination_pb2, combinations_pb2_grpc, explosion_pb2
from solver.gen.xunyuan.catalog.v1 import combinations_pb2 as pb
from solver.storage.once import request_for
from solver.wire.codec import time_of, to_proto


class CombinationServicer(combinations_pb2_grpc.CombinationServiceServicer):
    """Combinations kept, exploded, counted and given back."""

    def __init__(self, store: CombinationStore, desk: CombinationDesk) -> None:
        self._store = store
        self._desk = desk

    def UpsertCombinations(
        self, request: pb.UpsertCombinationsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertCombinationsResponse:
        """Keep combinations."""
        rows = read_all(request.combinations, KeptCombination, "combinations")
        named = request_for("UpsertCombinations", request.request_id, rows)
        return pb.UpsertCombinationsResponse(written=self._store.upsert(named, rows))

    def BatchGetCombinations(
        self, request: pb.BatchGetCombinationsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCombinationsResponse:
        """Read combinations."""
        found = self._store.read(request.combination_ids, request.version)
        return pb.BatchGetCombinationsResponse(
            combinations=[to_proto(one, combination_pb2.KeptCombination) for one in found]
        )

    def ChangeCombinationStates(
        self, request: pb.ChangeCombinationStatesRequest, context: grpc.ServicerContext
    ) -> pb.ChangeCombinationStatesResponse:
        """Move combinations on in life."""
        written = self._store.change_state(
            request_of("ChangeCombinationStates", request.request_id, request),
            tuple(request.combination_ids),
            enum_of(request.state, catalog_pb2.LifeState, LifeState, "state"),
            version=request.version,
            effective_from=time_of(request, "effective_from") if request.HasField("effective_from") else None,
            effective_until=time_of(request, "effective_until") if request.HasField("effective_until") else None,
        )
        return pb.ChangeCombinationStatesResponse(written=written)

    def ExplodeOrders(
        self, request: pb.ExplodeOrdersRequest, context: grpc.ServicerContext
    ) -> pb.ExplodeOrdersResponse:
        """Explode orders; nothing is held."""
        made = self._desk.explode(read(request, ExplodeCommand, ""))
        return pb.ExplodeOrdersResponse(orders=[to_proto(one, explosion_pb2.ExplodedOrder) for one in made])

    def BatchGetCombinationAvailability(
        self, request: pb.BatchGetCombinationAvailabilityRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCombinationAvailabilityResponse:
        """Say how many there are."""
        found = self._desk.availability(tuple(request.combination_ids), request.channel)
        return pb.BatchGetCombinationAvailabilityResponse(
            combinations=[to_proto(one, pb.CombinationAvailability) for one in found]
        )

    def QuoteReturn(self, request: pb.QuoteReturnRequest, context: grpc.ServicerContext) -> pb.QuoteReturnResponse:
        """Say what a return gives back."""
        back = self._desk.quote_return(read(request, ReturnQuestion, ""))
        return pb.QuoteReturnResponse(
            share_minor=back.share_minor,
            repriced_minor=back.repriced_minor,
            refund_minor=back.refund_minor,
            worth=[to_proto(part, pb.PaidPart) for part in back.worth],
        )
