"""What the client offers: its names, its methods, and whatever these take."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import solver.client
from solver.client import Client


def test_the_public_surface_is_what_it_is() -> None:
    assert solver.client.__all__ == [
        "Address", "Allowance", "AnnouncedUnits", "ApiKey", "ArrivedUnits", "Atp", "AuditRecord", "BackorderLimit",
        "BalanceFilter", "Band", "BatchCommand", "BatchOperation", "Bill", "BillLine", "Binding", "Buyer", "Calendar",
        "CallFailed", "CallerTerms", "CarrierCapacity", "CarrierHealth", "CarrierState", "CatalogLayer", "Channel",
        "Claim", "Client", "ClientSecurity", "ClosingAmount", "Commitment", "CommitmentRow", "CommitmentState",
        "Conditions", "ConsignmentState", "CostCause", "CostMove", "CountLine", "CountState", "DailyCapacity",
        "DeadLetter", "DealerSale", "DealerTerms", "Decision", "Delivery", "DeliveryFee", "DeliveryOption",
        "Difference", "DifferenceKind", "DifferenceSide", "DropshipReport", "EndpointCommand", "Engine", "EventAmount",
        "ExchangeRate", "Explanation", "Feed", "FeedMessage", "FulfilmentPlan", "Grade", "GradedUnits", "HeldUnits",
        "HoldOutcome", "HoldState", "HoldWish", "ImportedRow", "InventoryValue", "Invoice", "InvoiceKind",
        "InvoiceState", "InvoiceWish", "KeyState", "KeyWish", "LedgerEvent", "Level", "LifeState", "Listing",
        "LogicalWarehouse", "Lot", "Margin", "MarginBy", "MatchState", "Material", "MendedLine", "Move", "Movement",
        "OperationState", "OptimizeCommand", "OptionPromise", "Order", "OrderLine", "OrderTerms", "OutcomesCommand",
        "OverriddenPlan", "Override", "OverrideCommand", "PackedUnits", "Part", "Plan", "PlanAudience", "PlanChange",
        "PlanEvent", "PlanEventKind", "PlanEventPage", "PlanException", "PlanState", "Policy", "PolicyDocument",
        "PricedLane", "Promise", "PushFailed", "Pusher", "Quota", "QuotaBasis", "RateCard", "Recipient",
        "ReconciledRecord", "Refund", "RefundedLine", "Region", "RejectedInto", "ReplanCommand", "ReplanOutcome",
        "Replanned", "ReturnState", "ReturnedUnits", "Role", "SafetyStock", "SaleLine", "SalesItem", "Scan",
        "ScanEvent", "Scenario", "Schedule", "Scope", "SentUnits", "Service", "ServiceState", "SettledLine",
        "SettledOrder", "SettledPlan", "ShadowCommand", "ShadowOutcome", "ShadowPlan", "ShadowStock", "ShadowedOrder",
        "Shipment", "ShippedPackage", "Shop", "ShortPick", "ShownCopy", "ShownValue", "SkuLevel", "Source",
        "SourceCondition", "SourceKind", "SourceState", "SourceStatus", "SourceTerms", "Stage", "StateChange",
        "StatedPackage", "StockAmount", "StockHold", "StockLevel", "StockMove", "StockPicture", "StockState",
        "StockThreshold", "StockValue", "StockValuing", "StockWarning", "TakenBack", "Term", "Ticket", "TicketState",
        "Transfer", "UnitCost", "ValuationMethod", "ValuationTerms", "ValuedPolicy", "WarningKind", "WaveLimits",
        "WaveQuota", "WaveTerms", "WebhookEndpoint", "Work", "WorkMinutes",
    ]  # fmt: skip
    assert all(hasattr(solver.client, name) for name in solver.client.__all__)
    methods = {name for name in dir(Client) if not name.startswith("_")}
    assert methods == {
        "adjust_stock", "atp", "audit_books", "close", "confirm", "confirm_hold", "explain", "extend_hold",
        "find_plans", "get_hold", "get_plan", "get_policy", "hold_stock", "hold_stock_batch", "load", "optimize",
        "plan", "policies", "promise", "receive_stock", "release", "release_hold", "set_backorder_limits",
        "set_safety_stock", "split_hold", "stock_levels", "transfer_hold", "trial_balance", "upsert_policies",
        "vouchers",
    }  # fmt: skip


def test_whatever_a_method_takes_is_at_hand_where_the_client_is() -> None:
    """But for combinations: they are written as documents (`solver.catalog.combinations.written`)."""
    at_hand = {getattr(solver.client, name) for name in solver.client.__all__}
    lacking = {one for one in taken_by_methods() if "combinations" not in one.__module__} - at_hand
    assert {one.__name__ for one in lacking} == {"ReturnQuestion"}, "which is about combinations too"


def taken_by_methods() -> Iterator[type]:
    """The product's own types among the arguments of the client's methods."""
    for module in pkgutil.iter_modules(solver.client.__path__):
        for of in vars(importlib.import_module(f"solver.client.{module.name}")).values():
            if not isinstance(of, type) or not of.__name__.endswith(("Client", "HoldCalls")):
                continue
            for name, method in vars(of).items():
                if callable(method) and not name.startswith("_"):
                    hints = {
                        argument: hint for argument, hint in get_type_hints(method).items() if argument != "return"
                    }
                    yield from (one for hint in hints.values() for one in own_types(hint))


def own_types(hint: Any) -> Iterator[type]:
    for part in get_args(hint):
        yield from own_types(part)
    if isinstance(hint, type) and hint.__module__.startswith("solver."):
        yield hint
