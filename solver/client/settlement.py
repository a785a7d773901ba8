"""The client's side of contracts and settlement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.settled_plan import SettledPlan
from solver.gen.xunyuan.ledger.v1 import contracts_pb2, contracts_pb2_grpc, settlement_pb2, settlement_pb2_grpc
from solver.ledger.contracts.facts import Refund, SettledOrder
from solver.ledger.contracts.model import Contract
from solver.ledger.contracts.sharing import Sharing
from solver.ledger.contracts.what_if import Difference
from solver.ledger.settlement.model import Item, Payment, Statement
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of
from solver.wire.sharing import contract_from_proto, sharing_from_proto


class ContractClient:
    """Methods of `Client.contracts`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = contracts_pb2_grpc.ContractServiceStub(channel)

    def upsert(self, documents: Sequence[str], *, request_id: str | None = None) -> tuple[Contract, ...]:
        """Let the service keep contracts, all or none; as it read them."""
        request = contracts_pb2.UpsertContractsRequest(request_id=request_id or new_request_id(), documents=documents)
        answer = call(self._stub.UpsertContracts, request, timeout_seconds=self._seconds)
        return tuple(contract_from_proto(one) for one in answer.contracts)

    def list(self) -> Iterator[Contract]:
        """Every version of every contract; pages are fetched as they are needed."""
        request = contracts_pb2.ListContractsRequest()
        while True:
            answer = call(self._stub.ListContracts, request, timeout_seconds=self._seconds)
            yield from (contract_from_proto(one) for one in answer.contracts)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def get(self, contract_id: str, version: int = 0) -> Contract:
        """One version of a contract; 0: the latest."""
        request = contracts_pb2.GetContractRequest(contract_id=contract_id, version=version)
        return contract_from_proto(call(self._stub.GetContract, request, timeout_seconds=self._seconds).contract)

    def share(self, orders: Iterable[SettledOrder]) -> tuple[Sharing, ...]:
        """What orders come to, with every step; nothing is stored."""
        request = contracts_pb2.QuoteSharingRequest(orders=_orders(orders))
        answer = call(self._stub.QuoteSharing, request, timeout_seconds=self._seconds)
        return tuple(sharing_from_proto(one) for one in answer.sharings)

    def what_if(self, orders: Iterable[SettledOrder], documents: Sequence[str]) -> tuple[Difference, ...]:
        """What orders would come to with these contracts in place of those of the same ids; nothing is stored."""
        request = contracts_pb2.QuoteOtherContractsRequest(orders=_orders(orders), documents=documents)
        answer = call(self._stub.QuoteOtherContracts, request, timeout_seconds=self._seconds)
        return tuple(noun_of(one, Difference) for one in answer.differences)


class SettlementClient:
    """Methods of `Client.settlements`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = settlement_pb2_grpc.SettlementServiceStub(channel)

    def record_orders(self, orders: Iterable[SettledOrder], *, request_id: str | None = None) -> int:
        """Record settled orders, all or none; how many were new."""
        request = settlement_pb2.RecordSettledOrdersRequest(
            request_id=request_id or new_request_id(), orders=_orders(orders)
        )
        return call(self._stub.RecordSettledOrders, request, timeout_seconds=self._seconds).recorded

    def record_plans(self, plans: Iterable[SettledPlan], *, request_id: str | None = None) -> int:
        """Record confirmed plans as settled orders, all or none; how many were new."""
        request = settlement_pb2.RecordSettledPlansRequest(
            request_id=request_id or new_request_id(),
            plans=[to_proto(one, settlement_pb2.SettledPlan) for one in plans],
        )
        return call(self._stub.RecordSettledPlans, request, timeout_seconds=self._seconds).recorded

    def record_refunds(self, refunds: Iterable[Refund], *, request_id: str | None = None) -> int:
        """Record refunds, all or none; how many were new."""
        request = settlement_pb2.RecordRefundsRequest(
            request_id=request_id or new_request_id(),
            refunds=[to_proto(one, settlement_pb2.Refund) for one in refunds],
        )
        return call(self._stub.RecordRefunds, request, timeout_seconds=self._seconds).recorded

    def run(self, party: str, currency: str, day: date, *, request_id: str | None = None) -> Statement:
        """Settle with a party for the period in which a day lies."""
        request = settlement_pb2.RunSettlementRequest(
            request_id=request_id or new_request_id(), party=party, currency=currency, day=day.isoformat()
        )
        answer = call(self._stub.RunSettlement, request, timeout_seconds=self._seconds)
        return noun_of(answer.statement, Statement)

    def statement(self, run_id: str) -> Statement:
        """One run as it stands."""
        request = settlement_pb2.GetSettlementRequest(run_id=run_id)
        return noun_of(call(self._stub.GetSettlement, request, timeout_seconds=self._seconds).statement, Statement)

    def statements(self, party: str = "") -> Iterator[Statement]:
        """Runs of a party, or of all; pages are fetched as they are needed."""
        request = settlement_pb2.ListSettlementsRequest(party=party)
        while True:
            answer = call(self._stub.ListSettlements, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Statement) for one in answer.statements)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def items(self, run_id: str) -> Iterator[Item]:
        """What a run settled, order by order; pages are fetched as they are needed."""
        request = settlement_pb2.ListSettlementItemsRequest(run_id=run_id)
        while True:
            answer = call(self._stub.ListSettlementItems, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Item) for one in answer.items)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def payments(self, begin: date, end: date) -> tuple[Payment, ...]:
        """What runs that end on these days pay and ask for."""
        request = settlement_pb2.ListPaymentsRequest(from_day=begin.isoformat(), until_day=end.isoformat())
        answer = call(self._stub.ListPayments, request, timeout_seconds=self._seconds)
        return tuple(noun_of(one, Payment) for one in answer.payments)

    def parties(self) -> tuple[tuple[str, str], ...]:
        """Everybody who has anything of an order, with the currency."""
        request = settlement_pb2.ListSettlementPartiesRequest()
        answer = call(self._stub.ListSettlementParties, request, timeout_seconds=self._seconds)
        return tuple((one.party, one.currency) for one in answer.parties)

    def sharing(self, order_id: str) -> Sharing:
        """How a recorded order is shared out after its refunds, with every step."""
        request = settlement_pb2.GetSharingRequest(order_id=order_id)
        return sharing_from_proto(call(self._stub.GetSharing, request, timeout_seconds=self._seconds).sharing)


def _orders(orders: Iterable[SettledOrder]) -> list[contracts_pb2.SettledOrder]:
    return [to_proto(one, contracts_pb2.SettledOrder) for one in orders]
