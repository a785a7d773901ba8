"""The client's side of places and states."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import places_pb2, places_pb2_grpc
from solver.stock.physical.moves import StateChange, StockMove
from solver.stock.physical.places import PlaceLevel
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class PlaceClient:
    """Methods of `Client.warehouse.places`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._places = places_pb2_grpc.PlaceServiceStub(channel)

    def move(self, moves: Iterable[StockMove], reference: str = "", *, request_id: str | None = None) -> int:
        """Move units within their sites; the journal entry's number."""
        request = places_pb2.MoveStockRequest(request_id=request_id or new_request_id(), reference=reference)
        request.moves.extend(to_proto(one, places_pb2.StockMove) for one in moves)
        return call(self._places.MoveStock, request, timeout_seconds=self._seconds).entry_id

    def change_states(
        self, changes: Iterable[StateChange], reference: str = "", *, request_id: str | None = None
    ) -> int:
        """Bring units into other states; the journal entry's number."""
        request = places_pb2.ChangeStockStateRequest(request_id=request_id or new_request_id(), reference=reference)
        request.changes.extend(to_proto(one, places_pb2.StateChange) for one in changes)
        return call(self._places.ChangeStockState, request, timeout_seconds=self._seconds).entry_id

    def all(self, skus: Sequence[str] = (), site_ids: Sequence[str] = ()) -> Iterator[PlaceLevel]:
        """What lies where, within the filters given; pages are fetched as they are needed."""
        request = places_pb2.ListPlacesRequest(skus=skus, site_ids=site_ids)
        while True:
            answer = call(self._places.ListPlaces, request, timeout_seconds=self._seconds)
            yield from (noun_of(level, PlaceLevel) for level in answer.levels)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
