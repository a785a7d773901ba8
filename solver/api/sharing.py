"""The services of contracts and settlement."""

import grpc

from solver.api.contracts import ContractServicer
from solver.api.settlements import SettlementServicer
from solver.fulfilment.settled_plans import SettledPlans
from solver.gen.xunyuan.ledger.v1 import contracts_pb2, contracts_pb2_grpc, settlement_pb2, settlement_pb2_grpc
from solver.ledger.contracts.store import ContractStore
from solver.ledger.settlement.settlements import Settlements

SETTLEMENT_PROTOS = (contracts_pb2, settlement_pb2)


def add_settlement_services(
    server: grpc.Server, contracts: ContractStore, settlements: Settlements, plans: SettledPlans
) -> None:
    """One servicer for each."""
    contracts_pb2_grpc.add_ContractServiceServicer_to_server(ContractServicer(contracts), server)
    settlement_pb2_grpc.add_SettlementServiceServicer_to_server(SettlementServicer(settlements, plans), server)
