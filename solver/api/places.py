"""PlaceService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read_all, request_of
from solver.errors import Violations
from solver.fulfilment.warehousing.places import Placing
from solver.gen.xunyuan.stock.v1 import places_pb2 as pb
from solver.gen.xunyuan.stock.v1 import places_pb2_grpc
from solver.stock.physical.moves import StateChange, StockMove
from solver.stock.physical.places import PlaceLevel
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class PlaceServicer(places_pb2_grpc.PlaceServiceServicer):
    """Moves within sites, changes of state, and what lies where."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing

    def MoveStock(self, request: pb.MoveStockRequest, context: grpc.ServicerContext) -> pb.MoveStockResponse:
        """Move units within their sites."""
        named = request_of("MoveStock", request.request_id, request)
        moves = read_all(request.moves, StockMove, "moves")
        return pb.MoveStockResponse(entry_id=self._placing.move(named, moves, request.reference))

    def ChangeStockState(
        self, request: pb.ChangeStockStateRequest, context: grpc.ServicerContext
    ) -> pb.ChangeStockStateResponse:
        """Bring units into other states."""
        named = request_of("ChangeStockState", request.request_id, request)
        changes = read_all(request.changes, StateChange, "changes")
        return pb.ChangeStockStateResponse(entry_id=self._placing.change_states(named, changes, request.reference))

    def ListPlaces(self, request: pb.ListPlacesRequest, context: grpc.ServicerContext) -> pb.ListPlacesResponse:
        """Read what lies where, page by page."""
        violations = Violations()
        for path, wanted in (("skus", request.skus), ("site_ids", request.site_ids)):
            violations.require(len(wanted) <= MOST_ROWS, path, f"{len(wanted)} rows", f"send at most {MOST_ROWS:,}")
        violations.refuse_any("the filter")
        levels = self._placing.levels(skus=tuple(request.skus) or None, site_ids=tuple(request.site_ids) or None)
        shown, token = page(levels, _key, page_size=request.page_size, page_token=request.page_token, most=MOST_ROWS)
        return pb.ListPlacesResponse(levels=[to_proto(one, pb.PlaceLevel) for one in shown], next_page_token=token)


def _key(level: PlaceLevel) -> str:
    return "\0".join((level.sku, level.place.site_id, level.place.place_id, level.state))
