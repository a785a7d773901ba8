"""The services of an application. Access, health and reflection are of the server."""

import grpc

from solver.api.access import ACCESS_PROTOS
from solver.api.atp import AtpServicer
from solver.api.batches import BatchServicer
from solver.api.books import BooksServicer
from solver.api.catalog import CatalogServicer
from solver.api.channels import ChannelServicer
from solver.api.combinations import CombinationServicer
from solver.api.commitments import CommitmentServicer
from solver.api.conditions import ConditionServicer
from solver.api.feed import FeedServicer
from solver.api.finance import FINANCE_PROTOS, add_finance_services
from solver.api.ledger import LedgerServicer
from solver.api.network import NetworkServicer
from solver.api.overrides import OverrideServicer
from solver.api.plan_events import PlanEventServicer
from solver.api.policies import PolicyServicer
from solver.api.recipients import RecipientServicer
from solver.api.replanning import ReplanningServicer
from solver.api.shadow import ShadowServicer
from solver.api.sourcing import SourcingServicer
from solver.api.stock import StockServicer
from solver.api.stock_values import StockValueServicer
from solver.api.warehouse import WAREHOUSE_PROTOS, add_warehouse_services
from solver.api.warnings import WarningServicer
from solver.app import Application
from solver.fulfilment.exploding.desk import CombinationDesk
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, catalog_pb2_grpc, combinations_pb2, combinations_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import books_pb2, books_pb2_grpc, ledger_pb2, ledger_pb2_grpc
from solver.gen.xunyuan.network.v1 import conditions_pb2, conditions_pb2_grpc, network_pb2, network_pb2_grpc
from solver.gen.xunyuan.policy.v1 import policy_pb2, policy_pb2_grpc
from solver.gen.xunyuan.sourcing.v1 import (
    batch_pb2,
    batch_pb2_grpc,
    overrides_pb2,
    overrides_pb2_grpc,
    plan_events_pb2,
    plan_events_pb2_grpc,
    recipients_pb2,
    recipients_pb2_grpc,
    replan_pb2,
    replan_pb2_grpc,
    shadow_pb2,
    shadow_pb2_grpc,
    sourcing_pb2,
    sourcing_pb2_grpc,
    stock_values_pb2,
    stock_values_pb2_grpc,
)
from solver.gen.xunyuan.stock.v1 import (
    atp_pb2,
    atp_pb2_grpc,
    channels_pb2,
    channels_pb2_grpc,
    commitments_pb2,
    commitments_pb2_grpc,
    feed_pb2,
    feed_pb2_grpc,
    stock_pb2,
    stock_pb2_grpc,
    warnings_pb2,
    warnings_pb2_grpc,
)
from solver.ledger.books.desk import LedgerDesk

SERVICES = tuple(
    descriptor.full_name
    for module in (
        *ACCESS_PROTOS,
        catalog_pb2,
        combinations_pb2,
        books_pb2,
        ledger_pb2,
        *FINANCE_PROTOS,
        network_pb2,
        conditions_pb2,
        policy_pb2,
        sourcing_pb2,
        replan_pb2,
        plan_events_pb2,
        overrides_pb2,
        recipients_pb2,
        batch_pb2,
        shadow_pb2,
        stock_values_pb2,
        stock_pb2,
        *WAREHOUSE_PROTOS,
        atp_pb2,
        commitments_pb2,
        feed_pb2,
        channels_pb2,
        warnings_pb2,
    )
    for descriptor in module.DESCRIPTOR.services_by_name.values()
)


def add_services(server: grpc.Server, application: Application, *, watchers: int) -> None:
    """One servicer for each service; so many callers may watch what shops show, and as many what becomes of plans."""
    database = application.database
    catalog_pb2_grpc.add_CatalogServiceServicer_to_server(CatalogServicer(application.catalog), server)
    combinations_pb2_grpc.add_CombinationServiceServicer_to_server(
        CombinationServicer(application.combinations, CombinationDesk(application.planner.exploding)), server
    )
    network_pb2_grpc.add_NetworkServiceServicer_to_server(NetworkServicer(application.network), server)
    conditions_pb2_grpc.add_ConditionServiceServicer_to_server(ConditionServicer(application.reports), server)
    replan_pb2_grpc.add_ReplanningServiceServicer_to_server(ReplanningServicer(application.replanner), server)
    recipients_pb2_grpc.add_RecipientServiceServicer_to_server(RecipientServicer(application.vault), server)
    overrides_pb2_grpc.add_OverrideServiceServicer_to_server(OverrideServicer(application.overriding), server)
    shadow_pb2_grpc.add_ShadowServiceServicer_to_server(
        ShadowServicer(application.shadowing, application.clock), server
    )
    stock_values_pb2_grpc.add_StockValueServiceServicer_to_server(
        StockValueServicer(application.planner.valuing), server
    )
    batch_pb2_grpc.add_BatchServiceServicer_to_server(
        BatchServicer(application.batches, application.operations, application.clock), server
    )
    policy_pb2_grpc.add_PolicyServiceServicer_to_server(
        PolicyServicer(application.policies, application.database), server
    )
    stock_pb2_grpc.add_StockServiceServicer_to_server(
        StockServicer(database, application.stockroom, application.stock, application.holding), server
    )
    atp_pb2_grpc.add_AtpServiceServicer_to_server(AtpServicer(application.promising), server)
    commitments_pb2_grpc.add_CommitmentServiceServicer_to_server(CommitmentServicer(application.committing), server)
    channels_pb2_grpc.add_ChannelServiceServicer_to_server(ChannelServicer(application.channels), server)
    feed_pb2_grpc.add_FeedServiceServicer_to_server(FeedServicer(application.feed, watchers), server)
    warnings_pb2_grpc.add_WarningServiceServicer_to_server(WarningServicer(application.alerting), server)
    add_warehouse_services(server, application.warehouse)
    books_pb2_grpc.add_BooksServiceServicer_to_server(
        BooksServicer(LedgerDesk(database, application.clock, application.ledger)), server
    )
    add_finance_services(server, application.contracts, application.finance, application.clock)
    ledger_pb2_grpc.add_LedgerServiceServicer_to_server(
        LedgerServicer(database, application.ledger, application.journal, application.stock), server
    )
    sourcing_pb2_grpc.add_SourcingServiceServicer_to_server(
        SourcingServicer(
            application.planner,
            application.made_plans,
            application.confirming,
            application.policies,
            application.clock,
        ),
        server,
    )
    plan_events_pb2_grpc.add_PlanEventServiceServicer_to_server(
        PlanEventServicer(application.plan_events, application.endpoints, watchers), server
    )
