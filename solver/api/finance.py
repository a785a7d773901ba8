"""The services of finance: contracts and settlement, reconciliations, differences and invoices, the value of stock."""

import grpc

from solver.api.contracts import ContractServicer
from solver.api.differences import DifferenceServicer
from solver.api.invoices import InvoiceServicer
from solver.api.reconciliation import ReconciliationServicer
from solver.api.settlements import SettlementServicer
from solver.api.valuation import ValuationServicer
from solver.clock import Clock
from solver.fulfilment.finance import Finance
from solver.gen.xunyuan.ledger.v1 import (
    contracts_pb2,
    contracts_pb2_grpc,
    differences_pb2,
    differences_pb2_grpc,
    invoices_pb2,
    invoices_pb2_grpc,
    reconciliation_pb2,
    reconciliation_pb2_grpc,
    settlement_pb2,
    settlement_pb2_grpc,
    valuation_pb2,
    valuation_pb2_grpc,
)
from solver.ledger.contracts.store import ContractStore

FINANCE_PROTOS = (valuation_pb2, contracts_pb2, settlement_pb2, differences_pb2, invoices_pb2, reconciliation_pb2)


def add_finance_services(server: grpc.Server, contracts: ContractStore, finance: Finance, clock: Clock) -> None:
    """One servicer for contracts, and one for each part of finance."""
    settlement = SettlementServicer(finance.settlements, finance.settled_plans)
    differences = DifferenceServicer(finance.differences, clock)
    contracts_pb2_grpc.add_ContractServiceServicer_to_server(ContractServicer(contracts), server)
    settlement_pb2_grpc.add_SettlementServiceServicer_to_server(settlement, server)
    differences_pb2_grpc.add_DifferenceServiceServicer_to_server(differences, server)
    invoices_pb2_grpc.add_InvoiceServiceServicer_to_server(InvoiceServicer(finance.invoicing), server)
    reconciliation = ReconciliationServicer(finance.reconciling)
    reconciliation_pb2_grpc.add_ReconciliationServiceServicer_to_server(reconciliation, server)
    valuation_pb2_grpc.add_ValuationServiceServicer_to_server(ValuationServicer(finance.valuation), server)
