"""The services of what is left over in the books: differences and invoices."""

import grpc

from solver.api.differences import DifferenceServicer
from solver.api.invoices import InvoiceServicer
from solver.clock import Clock
from solver.gen.xunyuan.ledger.v1 import (
    differences_pb2,
    differences_pb2_grpc,
    invoices_pb2,
    invoices_pb2_grpc,
)
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.invoicing.service import Invoicing

SETTLING_PROTOS = (differences_pb2, invoices_pb2)


def add_settling_services(server: grpc.Server, differences: DifferenceDesk, invoicing: Invoicing, clock: Clock) -> None:
    """One servicer for each."""
    differences_pb2_grpc.add_DifferenceServiceServicer_to_server(DifferenceServicer(differences, clock), server)
    invoices_pb2_grpc.add_InvoiceServiceServicer_to_server(InvoiceServicer(invoicing), server)
