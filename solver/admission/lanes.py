"""Which calls share a line and its workers, so that long ones never stand before short ones."""

from collections.abc import Mapping
from enum import StrEnum


class Lane(StrEnum):
    """A line with workers of its own.

    VITAL calls stop work or ask whether the service lives; ORDER calls decide on an order; HEAVY ones work on many
    orders, on the whole of the books, or for as long as they are given; LIGHT are all others.
    """

    VITAL = "vital"
    LIGHT = "light"
    ORDER = "order"
    HEAVY = "heavy"


_SERVICES: Mapping[Lane, Mapping[str, tuple[str, ...]]] = {
    Lane.VITAL: {
        "grpc.health.v1.Health": ("Check",),
        "xunyuan.sourcing.v1.BatchService": ("CancelBatch",),
    },
    Lane.ORDER: {
        "xunyuan.sourcing.v1.OverrideService": ("OverridePlan",),
        "xunyuan.sourcing.v1.SourcingService": ("PlanFulfillment", "Promise"),
    },
    Lane.HEAVY: {
        "xunyuan.catalog.v1.CatalogService": ("ImportCatalog",),
        "xunyuan.catalog.v1.CombinationService": ("ExplodeOrders",),
        "xunyuan.ledger.v1.BooksService": (
            "AuditVouchers",
            "ClosePeriod",
            "ImportChart",
            "ImportRates",
            "ListPeriodBalances",
        ),
        "xunyuan.ledger.v1.LedgerService": ("AuditBooks", "GetTrialBalance"),
        "xunyuan.ledger.v1.ReconciliationService": ("AddRecords", "RunReconciliation"),
        "xunyuan.ledger.v1.SettlementService": ("RecordSettledOrders", "RecordSettledPlans", "RunSettlement"),
        "xunyuan.ledger.v1.ValuationService": ("ListCostMoves", "ListInventoryValues", "ListMargins"),
        "xunyuan.sourcing.v1.BatchService": ("PlanBatch", "StartBatch"),
        "xunyuan.sourcing.v1.OverrideService": ("OverridePlan",),
        "xunyuan.sourcing.v1.ReplanningService": ("ReplanOrders",),
        "xunyuan.sourcing.v1.ShadowService": ("ShadowOrder",),
        "xunyuan.sourcing.v1.SourcingService": ("ExplainPlan", "OptimizeFulfillment"),
        "xunyuan.stock.v1.ChannelService": ("Rebalance",),
        "xunyuan.stock.v1.StockImportService": ("ImportStock",),
        "xunyuan.stock.v1.StockService": ("HoldStockBatch",),
    },
}

LANES: Mapping[str, Lane] = {
    f"/{service}/{method}": lane
    for lane, services in _SERVICES.items()
    for service, methods in services.items()
    for method in methods
}


def lane_of(method: str) -> Lane:
    """The lane of a method, named as gRPC does: `/package.Service/Method`."""
    return LANES.get(method, Lane.LIGHT)
