"""LedgerService."""

import grpc

from solver.fulfilment.auditing import broken_rules
from solver.gen.xunyuan.ledger.v1 import ledger_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import ledger_pb2_grpc
from solver.journal.journal import Journal
from solver.ledger.ledger import Ledger
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.wire.codec import to_proto
from solver.wire.ledger import voucher_to_proto


class LedgerServicer(ledger_pb2_grpc.LedgerServiceServicer):
    """Vouchers, balances, and the audit of both books."""

    def __init__(self, database: Database, ledger: Ledger, journal: Journal, stock: Stock) -> None:
        self._database = database
        self._ledger = ledger
        self._journal = journal
        self._stock = stock

    def ListVouchers(self, request: pb.ListVouchersRequest, context: grpc.ServicerContext) -> pb.ListVouchersResponse:
        """Read a plan's vouchers; a plan that owes nothing, or is not confirmed, has none."""
        with self._database.read() as reader:
            vouchers = self._ledger.vouchers(reader, request.plan_id)
        return pb.ListVouchersResponse(vouchers=[voucher_to_proto(voucher) for voucher in vouchers])

    def GetTrialBalance(
        self, request: pb.GetTrialBalanceRequest, context: grpc.ServicerContext
    ) -> pb.GetTrialBalanceResponse:
        """Read the balance of every account in money."""
        with self._database.read() as reader:
            rows = self._ledger.trial_balance(reader, request.currency or None)
        return pb.GetTrialBalanceResponse(balances=[to_proto(row, pb.AccountBalance) for row in rows])

    def AuditBooks(self, request: pb.AuditBooksRequest, context: grpc.ServicerContext) -> pb.AuditBooksResponse:
        """Rebuild every balance from the journal and compare; hold the books of stock against each other."""
        with self._database.read() as reader:
            discrepancies = broken_rules(self._journal, reader)
        return pb.AuditBooksResponse(
            books_balance=not discrepancies, discrepancies=[str(discrepancy) for discrepancy in discrepancies]
        )
