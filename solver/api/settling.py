"""The services of what is left over in the books: reconciliations, differences and invoices."""

import grpc

from solver.api.differences import DifferenceServicer
from solver.api.invoices import InvoiceServicer
from solver.api.reconciliation import ReconciliationServicer
from solver.clock import Clock
from solver.gen.xunyuan.ledger.v1 import (
    differences_pb2,
    differences_pb2_grpc,
    invoices_pb2,
    invoices_pb2_grpc,
    reconciliation_pb2,
    reconciliation_pb2_grpc,
)
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.invoicing.service import Invoicing
from solver.ledger.reconciling.service import Reconciling

SETTLING_PROTOS = (differences_pb2, invoices_pb2, reconciliation_pb2)


def add_settling_services(
    server: grpc.Server, differences: DifferenceDesk, invoicing: Invoicing, reconciling: Reconciling, clock: Clock
) -> None:
    """One servicer for each."""
    differences_pb2_grpc.add_DifferenceServiceServicer_to_server(DifferenceServicer(differences, clock), server)
    invoices_pb2_grpc.add_InvoiceServiceServicer_to_server(InvoiceServicer(invoicing), server)
    reconciliation_pb2_grpc.add_ReconciliationServiceServicer_to_server(ReconciliationServicer(reconciling), server)
