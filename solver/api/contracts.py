"""ContractService."""

from collections.abc import Iterable

import grpc

from solver.api.paging import page
from solver.api.reading import read_all
from solver.errors import Violations
from solver.gen.xunyuan.ledger.v1 import contracts_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import contracts_pb2_grpc
from solver.ledger.contracts.document import read_document
from solver.ledger.contracts.facts import SettledOrder, check_order
from solver.ledger.contracts.in_turn import Shared
from solver.ledger.contracts.model import Contract
from solver.ledger.contracts.store import ContractStore
from solver.ledger.contracts.what_if import instead, what_if
from solver.storage.once import request_for
from solver.validation import check_rows
from solver.wire.codec import to_proto
from solver.wire.sharing import contract_to_proto, sharing_to_proto

MOST_CONTRACTS_A_PAGE = 100


class ContractServicer(contracts_pb2_grpc.ContractServiceServicer):
    """Contracts as documents, and what orders come to by them."""

    def __init__(self, store: ContractStore) -> None:
        self._store = store

    def UpsertContracts(
        self, request: pb.UpsertContractsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertContractsResponse:
        """Keep contracts."""
        contracts = _documents(request.documents)
        self._store.upsert(request_for("UpsertContracts", request.request_id, list(request.documents)), contracts)
        return pb.UpsertContractsResponse(contracts=[contract_to_proto(one) for one in contracts])

    def ListContracts(
        self, request: pb.ListContractsRequest, context: grpc.ServicerContext
    ) -> pb.ListContractsResponse:
        """Read every version of every contract, page by page."""
        shown, token = page(
            list(self._store.book.contracts.values()),
            lambda one: f"{one.contract_id}\0{one.version:010}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_CONTRACTS_A_PAGE,
        )
        return pb.ListContractsResponse(contracts=[contract_to_proto(one) for one in shown], next_page_token=token)

    def GetContract(self, request: pb.GetContractRequest, context: grpc.ServicerContext) -> pb.GetContractResponse:
        """Read one contract."""
        return pb.GetContractResponse(contract=contract_to_proto(self._store.get(request.contract_id, request.version)))

    def QuoteSharing(self, request: pb.QuoteSharingRequest, context: grpc.ServicerContext) -> pb.QuoteSharingResponse:
        """Share orders out."""
        in_turn = Shared(self._store.book)
        return pb.QuoteSharingResponse(
            sharings=[sharing_to_proto(in_turn.share(order)) for order in _orders(request.orders)]
        )

    def QuoteOtherContracts(
        self, request: pb.QuoteOtherContractsRequest, context: grpc.ServicerContext
    ) -> pb.QuoteOtherContractsResponse:
        """Share orders out by other contracts."""
        orders, others = _orders(request.orders), _documents(request.documents)
        book = self._store.book
        table = what_if(orders, book, instead(book.contracts.values(), others))
        return pb.QuoteOtherContractsResponse(
            orders_changed=table.orders_changed,
            differences=[to_proto(one, pb.ContractDifference) for one in table.differences],
        )


def _documents(documents: Iterable[str]) -> list[Contract]:
    """Every document. Raises InvalidRequest with everything that is wrong in any of them, each with its line."""
    violations = Violations()
    texts = list(documents)
    check_rows(texts, "documents", violations)
    read = [read_document(text, f"documents[{position}]", violations) for position, text in enumerate(texts)]
    violations.refuse_any("the list of contracts")
    return [one for one in read if one is not None]


def _orders(messages: Iterable[pb.SettledOrder]) -> tuple[SettledOrder, ...]:
    orders = read_all(messages, SettledOrder, "orders")
    violations = Violations()
    check_rows(orders, "orders", violations)
    for position, order in enumerate(orders):
        check_order(order, f"orders[{position}]", violations)
    violations.refuse_any("the list of settled orders")
    return orders
