"""What a Python caller of the service needs: `from solver.client import Client, Order, OrderLine, Address, ...`."""

from solver.access.model import (
    Allowance,
    ApiKey,
    AuditRecord,
    Binding,
    CallerTerms,
    Decision,
    KeyState,
    KeyWish,
    Role,
    Scope,
)
from solver.catalog.fields.model import Layer as CatalogLayer
from solver.catalog.life import LifeState
from solver.catalog.model import Material, Part, SalesItem
from solver.client.client import Client
from solver.client.errors import CallFailed
from solver.client.security import ClientSecurity
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.batching.operation_model import BatchOperation, OperationState
from solver.fulfilment.command import OptimizeCommand, PricedLane, ServiceState, SourceState, StockAmount
from solver.fulfilment.conditions.scans import Scan, ScanEvent
from solver.fulfilment.hold_model import HoldOutcome, HoldWish
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.overriding.model import OverriddenPlan, Override, OverrideCommand, StatedPackage
from solver.fulfilment.plan_events.model import PlanAudience, PlanEvent, PlanEventKind, PlanEventPage
from solver.fulfilment.promising.model import Delivery, DeliveryFee, DeliveryOption, OptionPromise, Promise
from solver.fulfilment.replanning.model import Move, PlanChange, PlanException, ReplanCommand, Replanned, ReplanOutcome
from solver.fulfilment.settled_plan import SettledPlan
from solver.fulfilment.shadowing.model import (
    OutcomesCommand,
    ShadowCommand,
    ShadowedOrder,
    ShadowOutcome,
    ShadowPlan,
    ShadowStock,
)
from solver.fulfilment.valuing.model import StockValue, StockValuing, ValuedPolicy
from solver.fulfilment.warehousing.partners import DropshipReport
from solver.journal.model import EntryState as HoldState
from solver.ledger.books.accruals import Bill, BillLine
from solver.ledger.books.model import Amount as EventAmount
from solver.ledger.books.model import Event as LedgerEvent
from solver.ledger.books.rates import Rate as ExchangeRate
from solver.ledger.books.readings import BalanceFilter
from solver.ledger.contracts.facts import Refund, RefundedLine, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.differences.model import ClosingAmount, Ticket, TicketState
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceKind, InvoiceState, InvoiceWish, SaleLine
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.matching.model import Difference, DifferenceKind
from solver.ledger.matching.model import Item as ReconciledRecord
from solver.ledger.matching.model import Side as DifferenceSide
from solver.ledger.reconciling.model import MatchState
from solver.ledger.valuation.margins import MarginBy
from solver.ledger.valuation.model import (
    CostCause,
    CostMove,
    InventoryValue,
    Margin,
    UnitCost,
    ValuationMethod,
    ValuationTerms,
)
from solver.network.calendar import Calendar
from solver.network.capacity import DailyCapacity, Work
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.network.model import Band, RateCard, Region, Service, Source, SourceKind
from solver.network.schedule import Schedule
from solver.network.transfer import Transfer
from solver.orders.model import Address, Order, OrderLine
from solver.orders.shipment import Shipment
from solver.persons.model import Recipient
from solver.policies.model import PolicyDocument
from solver.scenario.model import Scenario
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Engine, PackedUnits, Plan, Term
from solver.sourcing.policy import Level, Policy
from solver.sourcing.problem import Lot, Stage
from solver.stock.expected.atp_model import Atp
from solver.stock.expected.consignment_model import ArrivedUnits, ConsignmentState, SentUnits
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.model import FeedMessage, ShownValue
from solver.stock.feed.pushing import Pusher, PushFailed
from solver.stock.holding.commitment_model import (
    Commitment,
    CommitmentRow,
    CommitmentState,
    RejectedInto,
    ShortPick,
)
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.picture_model import StockPicture
from solver.stock.layers.shops import Listing, Shop
from solver.stock.model import BackorderLimit, Claim, HeldUnits, Movement, StockHold, StockLevel
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import DealerSale
from solver.stock.partners.dropship import SkuLevel
from solver.stock.physical.count_model import CountLine, CountState
from solver.stock.physical.import_model import ImportedRow
from solver.stock.physical.moves import StateChange, StockMove
from solver.stock.physical.return_model import AnnouncedUnits, Grade, GradedUnits, ReturnedUnits, ReturnState
from solver.stock.physical.states import StockState
from solver.stock.safety import SafetyStock
from solver.stock.warnings.warning_model import StockThreshold, StockWarning, WarningKind
from solver.waves.limits import WaveLimits
from solver.waves.wave import CarrierCapacity, OrderTerms, QuotaBasis, SourceTerms, WaveTerms, WorkMinutes
from solver.waves.wave import Quota as WaveQuota
from solver.webhooks.model import DeadLetter, EndpointCommand, WebhookEndpoint

__all__ = [
    "Address",
    "Allowance",
    "AnnouncedUnits",
    "ApiKey",
    "ArrivedUnits",
    "Atp",
    "AuditRecord",
    "BackorderLimit",
    "BalanceFilter",
    "Band",
    "BatchCommand",
    "BatchOperation",
    "Bill",
    "BillLine",
    "Binding",
    "Buyer",
    "Calendar",
    "CallFailed",
    "CallerTerms",
    "CarrierCapacity",
    "CarrierHealth",
    "CarrierState",
    "CatalogLayer",
    "Channel",
    "Claim",
    "Client",
    "ClientSecurity",
    "ClosingAmount",
    "Commitment",
    "CommitmentRow",
    "CommitmentState",
    "Conditions",
    "ConsignmentState",
    "CostCause",
    "CostMove",
    "CountLine",
    "CountState",
    "DailyCapacity",
    "DeadLetter",
    "DealerSale",
    "DealerTerms",
    "Decision",
    "Delivery",
    "DeliveryFee",
    "DeliveryOption",
    "Difference",
    "DifferenceKind",
    "DifferenceSide",
    "DropshipReport",
    "EndpointCommand",
    "Engine",
    "EventAmount",
    "ExchangeRate",
    "Explanation",
    "Feed",
    "FeedMessage",
    "FulfilmentPlan",
    "Grade",
    "GradedUnits",
    "HeldUnits",
    "HoldOutcome",
    "HoldState",
    "HoldWish",
    "ImportedRow",
    "InventoryValue",
    "Invoice",
    "InvoiceKind",
    "InvoiceState",
    "InvoiceWish",
    "KeyState",
    "KeyWish",
    "LedgerEvent",
    "Level",
    "LifeState",
    "Listing",
    "LogicalWarehouse",
    "Lot",
    "Margin",
    "MarginBy",
    "MatchState",
    "Material",
    "MendedLine",
    "Move",
    "Movement",
    "OperationState",
    "OptimizeCommand",
    "OptionPromise",
    "Order",
    "OrderLine",
    "OrderTerms",
    "OutcomesCommand",
    "OverriddenPlan",
    "Override",
    "OverrideCommand",
    "PackedUnits",
    "Part",
    "Plan",
    "PlanAudience",
    "PlanChange",
    "PlanEvent",
    "PlanEventKind",
    "PlanEventPage",
    "PlanException",
    "PlanState",
    "Policy",
    "PolicyDocument",
    "PricedLane",
    "Promise",
    "PushFailed",
    "Pusher",
    "Quota",
    "QuotaBasis",
    "RateCard",
    "Recipient",
    "ReconciledRecord",
    "Refund",
    "RefundedLine",
    "Region",
    "RejectedInto",
    "ReplanCommand",
    "ReplanOutcome",
    "Replanned",
    "ReturnState",
    "ReturnedUnits",
    "Role",
    "SafetyStock",
    "SaleLine",
    "SalesItem",
    "Scan",
    "ScanEvent",
    "Scenario",
    "Schedule",
    "Scope",
    "SentUnits",
    "Service",
    "ServiceState",
    "SettledLine",
    "SettledOrder",
    "SettledPlan",
    "ShadowCommand",
    "ShadowOutcome",
    "ShadowPlan",
    "ShadowStock",
    "ShadowedOrder",
    "Shipment",
    "ShippedPackage",
    "Shop",
    "ShortPick",
    "ShownCopy",
    "ShownValue",
    "SkuLevel",
    "Source",
    "SourceCondition",
    "SourceKind",
    "SourceState",
    "SourceStatus",
    "SourceTerms",
    "Stage",
    "StateChange",
    "StatedPackage",
    "StockAmount",
    "StockHold",
    "StockLevel",
    "StockMove",
    "StockPicture",
    "StockState",
    "StockThreshold",
    "StockValue",
    "StockValuing",
    "StockWarning",
    "TakenBack",
    "Term",
    "Ticket",
    "TicketState",
    "Transfer",
    "UnitCost",
    "ValuationMethod",
    "ValuationTerms",
    "ValuedPolicy",
    "WarningKind",
    "WaveLimits",
    "WaveQuota",
    "WaveTerms",
    "WebhookEndpoint",
    "Work",
    "WorkMinutes",
]
