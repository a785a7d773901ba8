"""The client's calls about holds, and about what may be held by which day."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from solver.client.channel import call, new_request_id
from solver.fulfilment.hold_model import HoldOutcome, HoldWish
from solver.fulfilment.model import DEFAULT_HOLD
from solver.gen.xunyuan.stock.v1 import atp_pb2, atp_pb2_grpc, stock_pb2, stock_pb2_grpc
from solver.stock.expected.atp_model import Atp
from solver.stock.model import Claim, StockHold
from solver.stock.safety import SafetyStock
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of
from solver.wire.stock import hold_from_proto, outcome_from_proto


class HoldCalls:
    """Part of `Client`."""

    _atp: atp_pb2_grpc.AtpServiceStub
    _stock: stock_pb2_grpc.StockServiceStub
    _plan_seconds: float
    _bulk_seconds: float

    def hold_stock(
        self,
        hold_id: str,
        claims: Iterable[Claim],
        *,
        hold_for: timedelta = DEFAULT_HOLD,
        channel: str = "",
        order_id: str = "",
        request_id: str | None = None,
    ) -> StockHold:
        """Set exactly these units aside for `hold_for` from now, in place of what the hold of this name had."""
        request = stock_pb2.HoldStockRequest(
            request_id=request_id or new_request_id(), hold_id=hold_id, channel=channel, order_id=order_id
        )
        request.claims.extend(to_proto(claim, stock_pb2.Claim) for claim in claims)
        request.hold_for.FromTimedelta(hold_for)
        return hold_from_proto(call(self._stock.HoldStock, request, timeout_seconds=self._plan_seconds).hold)

    def get_hold(self, hold_id: str) -> StockHold:
        """A hold as it stands now."""
        request = stock_pb2.GetHoldRequest(hold_id=hold_id)
        return hold_from_proto(call(self._stock.GetHold, request, timeout_seconds=self._plan_seconds).hold)

    def confirm_hold(self, hold_id: str, *, request_id: str | None = None) -> StockHold:
        """Commit what is held."""
        request = stock_pb2.ConfirmHoldRequest(request_id=request_id or new_request_id(), hold_id=hold_id)
        return hold_from_proto(call(self._stock.ConfirmHold, request, timeout_seconds=self._plan_seconds).hold)

    def release_hold(self, hold_id: str, claims: Iterable[Claim] = (), *, request_id: str | None = None) -> StockHold:
        """Give these units back, the rest stays held; no claims: give everything back."""
        request = stock_pb2.ReleaseHoldRequest(request_id=request_id or new_request_id(), hold_id=hold_id)
        request.claims.extend(to_proto(claim, stock_pb2.Claim) for claim in claims)
        return hold_from_proto(call(self._stock.ReleaseHold, request, timeout_seconds=self._plan_seconds).hold)

    def hold_stock_batch(
        self, wishes: Iterable[HoldWish], *, all_or_none: bool = False, request_id: str | None = None
    ) -> tuple[HoldOutcome, ...]:
        """Set units aside under up to 1,000 names; each is held or refused by itself, or all or none are held."""
        request = stock_pb2.HoldStockBatchRequest(request_id=request_id or new_request_id(), all_or_none=all_or_none)
        request.wishes.extend(to_proto(wish, stock_pb2.HoldWish) for wish in wishes)
        answer = call(self._stock.HoldStockBatch, request, timeout_seconds=self._bulk_seconds)
        return tuple(outcome_from_proto(outcome) for outcome in answer.outcomes)

    def extend_hold(
        self, hold_id: str, hold_for: timedelta = DEFAULT_HOLD, *, request_id: str | None = None
    ) -> StockHold:
        """Let a hold stand for `hold_for` from now; it is never shortened."""
        request = stock_pb2.ExtendHoldRequest(request_id=request_id or new_request_id(), hold_id=hold_id)
        request.hold_for.FromTimedelta(hold_for)
        return hold_from_proto(call(self._stock.ExtendHold, request, timeout_seconds=self._plan_seconds).hold)

    def split_hold(
        self,
        hold_id: str,
        to_hold_id: str,
        claims: Iterable[Claim],
        *,
        order_id: str = "",
        request_id: str | None = None,
    ) -> tuple[StockHold, StockHold]:
        """Move these units to a new hold of the same expiry; what is left of the hold, and the new one."""
        request = stock_pb2.SplitHoldRequest(
            request_id=request_id or new_request_id(), hold_id=hold_id, to_hold_id=to_hold_id, order_id=order_id
        )
        request.claims.extend(to_proto(claim, stock_pb2.Claim) for claim in claims)
        answer = call(self._stock.SplitHold, request, timeout_seconds=self._plan_seconds)
        return hold_from_proto(answer.hold), hold_from_proto(answer.to_hold)

    def transfer_hold(
        self, hold_id: str, to_hold_id: str, *, order_id: str = "", request_id: str | None = None
    ) -> StockHold:
        """Pass a hold on to another name, to another order, or both."""
        request = stock_pb2.TransferHoldRequest(
            request_id=request_id or new_request_id(), hold_id=hold_id, to_hold_id=to_hold_id, order_id=order_id
        )
        return hold_from_proto(call(self._stock.TransferHold, request, timeout_seconds=self._plan_seconds).hold)

    def atp(
        self, skus: Sequence[str], site_ids: Sequence[str] = (), *, days: int = 0, channel: str = ""
    ) -> tuple[Atp, ...]:
        """What may be promised by each day, by SKU and site; 0 days: 30. No sites: all that have or await a SKU."""
        request = atp_pb2.GetAtpRequest(skus=skus, site_ids=site_ids, days=days, channel=channel)
        answer = call(self._atp.GetAtp, request, timeout_seconds=self._bulk_seconds)
        return tuple(noun_of(one, Atp) for one in answer.answers)

    def set_safety_stock(self, rows: Iterable[SafetyStock], *, request_id: str | None = None) -> None:
        """Say how many units plans leave at sites; holds of callers may take them."""
        request = atp_pb2.SetSafetyStockRequest(request_id=request_id or new_request_id())
        request.rows.extend(to_proto(row, atp_pb2.SafetyStock) for row in rows)
        call(self._atp.SetSafetyStock, request, timeout_seconds=self._bulk_seconds)
