"""No field of a noun is without its twin on the wire, and no field of a message without its twin in the noun."""

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from solver.api.access import ACCESS_PROTOS
from solver.api.warehouse import WAREHOUSE_PROTOS
from solver.catalog.catalog import ResolvedCode
from solver.catalog.categories import Category
from solver.catalog.fields.model import Field, FieldKind, Layer
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem, Material, Part, SalesItem
from solver.catalog.row_faults import RowFault
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.batching.operation_model import BatchOperation, OperationState
from solver.fulfilment.command import OptimizeCommand, PricedLane, ServiceState, SourceState, StockAmount
from solver.fulfilment.conditions.scans import Scan, ScanEvent
from solver.fulfilment.hold_model import HoldOutcome, HoldWish
from solver.fulfilment.model import FulfilmentPlan, PlanCommand, PlanState
from solver.fulfilment.promising.model import (
    Delivery,
    DeliveryFee,
    DeliveryOption,
    OptionPromise,
    Promise,
    PromiseCommand,
)
from solver.fulfilment.replanning.model import (
    ExceptionKind,
    Move,
    PlanChange,
    PlanException,
    ReplanCommand,
    Replanned,
    ReplanOutcome,
)
from solver.fulfilment.shadowing.model import (
    OutcomesCommand,
    ShadowCommand,
    ShadowedOrder,
    ShadowOutcome,
    ShadowPlan,
    ShadowStock,
)
from solver.fulfilment.valuing.model import StockValue, StockValuing, ValuedPolicy
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, category_pb2, combination_pb2, combinations_pb2, explosion_pb2
from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.gen.xunyuan.network.v1 import conditions_pb2, network_pb2, source_pb2, tariff_pb2
from solver.gen.xunyuan.policy.v1 import policy_pb2
from solver.gen.xunyuan.sourcing.v1 import (
    batch_pb2,
    explanation_pb2,
    order_pb2,
    overrides_pb2,
    plan_events_pb2,
    plan_pb2,
    promise_pb2,
    recipients_pb2,
    replan_pb2,
    shadow_pb2,
    sourcing_pb2,
    stock_values_pb2,
    wave_pb2,
)
from solver.gen.xunyuan.stock.v1 import atp_pb2, commitments_pb2, feed_pb2, stock_pb2
from solver.journal.model import EntryState
from solver.ledger.model import Leg, TrialBalanceRow, Voucher
from solver.network.calendar import Calendar
from solver.network.capacity import DailyCapacity, Work
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    Hours,
    RateCard,
    Region,
    RegionZone,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.network.schedule import Schedule
from solver.network.surcharge import Surcharge, SurchargeKind
from solver.network.transfer import Transfer
from solver.network.transit import TransitPool, TransitTimes
from solver.orders.model import Address, Order, OrderLine
from solver.orders.shipment import Shipment
from solver.policies.model import PolicyDocument, Scope
from solver.sourcing.explanation.model import (
    Blame,
    Candidate,
    Change,
    ChangeKind,
    Explanation,
    Limit,
    LimitKind,
    Verdict,
)
from solver.sourcing.plan import (
    Engine,
    LevelValue,
    LineAnswer,
    Package,
    PackedUnits,
    Plan,
    Reason,
    ReasonCode,
    RunnerUp,
    Stop,
)
from solver.sourcing.policy import Level, Policy
from solver.sourcing.problem import Lot, Stage
from solver.stock.expected.atp_model import Atp, AtpDay
from solver.stock.feed.model import FeedMessage
from solver.stock.holding.commitment_model import (
    Commitment,
    CommitmentRow,
    CommitmentState,
    CommittedUnits,
    RejectedInto,
    ShortPick,
)
from solver.stock.model import BackorderLimit, Claim, HeldUnits, Movement, StockHold, StockLevel
from solver.stock.safety import SafetyStock
from solver.waves.limits import Progress
from solver.waves.plan import WavePlan
from tests.wire.access_twins import ACCESS_ENUMS, ACCESS_TWINS
from tests.wire.channel_twins import CHANNEL_PROTOS, CHANNEL_TWINS
from tests.wire.combination_twins import COMBINATION_ENUMS, COMBINATION_TWINS
from tests.wire.feed_twins import FEED_ENUMS, FEED_PROTOS, FEED_TWINS
from tests.wire.ledger_twins import LEDGER_ALONE, LEDGER_ENUMS, LEDGER_PROTOS, LEDGER_TWINS
from tests.wire.plan_event_twins import PLAN_EVENT_ALONE, PLAN_EVENT_ENUMS, PLAN_EVENT_TWINS
from tests.wire.settling_twins import SETTLING_ALONE, SETTLING_ENUMS, SETTLING_PROTOS, SETTLING_TWINS
from tests.wire.warehouse_twins import WAREHOUSE_ENUMS, WAREHOUSE_TWINS
from tests.wire.wave_twins import WAVE_ENUMS, WAVE_TWINS

TWINS: list[tuple[type[Any], type[Any]]] = [
    (Material, catalog_pb2.Material),
    (Part, catalog_pb2.Part),
    (SalesItem, catalog_pb2.SalesItem),
    (ChannelItem, catalog_pb2.ChannelItem),
    (Category, category_pb2.Category),
    (Field, category_pb2.Field),
    (ResolvedCode, catalog_pb2.ResolvedCode),
    (RowFault, catalog_pb2.RowFault),
    (Region, source_pb2.Region),
    (Hours, source_pb2.Hours),
    (Calendar, source_pb2.Calendar),
    (DailyCapacity, source_pb2.DailyCapacity),
    (Schedule, source_pb2.Schedule),
    (Transfer, source_pb2.Transfer),
    (CarrierHealth, conditions_pb2.CarrierHealth),
    (SourceStatus, conditions_pb2.SourceStatus),
    (Conditions, conditions_pb2.Conditions),
    (Scan, conditions_pb2.Scan),
    (Move, replan_pb2.Move),
    (PlanChange, replan_pb2.PlanChange),
    (PlanException, replan_pb2.PlanException),
    (Shipment, shadow_pb2.Shipment),
    (ShadowOutcome, shadow_pb2.ShadowOutcome),
    (ShadowPlan, shadow_pb2.ShadowPlan),
    (ShadowedOrder, shadow_pb2.ShadowedOrder),
    *LEDGER_TWINS,
    *SETTLING_TWINS,
    *ACCESS_TWINS,
    (StockValuing, stock_values_pb2.StockValuing),
    (ValuedPolicy, stock_values_pb2.ValuedPolicy),
    (StockValue, stock_values_pb2.StockValue),
    (Progress, batch_pb2.Progress),
    (BatchOperation, batch_pb2.BatchOperation),
    (Source, source_pb2.Source),
    (Carrier, tariff_pb2.Carrier),
    (Band, tariff_pb2.Band),
    (RateCard, tariff_pb2.RateCard),
    (Surcharge, tariff_pb2.Surcharge),
    (DistanceZone, tariff_pb2.DistanceZone),
    (RegionZone, tariff_pb2.RegionZone),
    (TransitTimes, source_pb2.TransitTimes),
    (ZoneRate, tariff_pb2.ZoneRate),
    (Service, tariff_pb2.Service),
    (Address, order_pb2.Address),
    (OrderLine, order_pb2.OrderLine),
    *COMBINATION_TWINS,
    (Order, order_pb2.Order),
    (Level, order_pb2.Level),
    (Policy, order_pb2.Policy),
    (Scope, policy_pb2.Scope),
    (PolicyDocument, policy_pb2.PolicyDocument),
    (PackedUnits, plan_pb2.PackedUnits),
    (Package, plan_pb2.Package),
    (Reason, plan_pb2.UnfilledReason),
    (LineAnswer, plan_pb2.LineAnswer),
    (RunnerUp, plan_pb2.RunnerUp),
    (LevelValue, plan_pb2.LevelValue),
    (Candidate, explanation_pb2.Candidate),
    (Change, explanation_pb2.Change),
    (Limit, explanation_pb2.Limit),
    (Blame, explanation_pb2.Blame),
    (Explanation, explanation_pb2.Explanation),
    (DeliveryOption, promise_pb2.DeliveryOption),
    (DeliveryFee, promise_pb2.DeliveryFee),
    (Delivery, promise_pb2.Delivery),
    (OptionPromise, promise_pb2.OptionPromise),
    (Promise, promise_pb2.Promise),
    (PromiseCommand, sourcing_pb2.PromiseRequest),
    (Lot, sourcing_pb2.Lot),
    (Work, sourcing_pb2.Work),
    (SourceState, sourcing_pb2.SourceState),
    (ServiceState, sourcing_pb2.ServiceState),
    (StockAmount, sourcing_pb2.StockAmount),
    (PricedLane, sourcing_pb2.Lane),
    (OptimizeCommand, sourcing_pb2.OptimizeFulfillmentRequest),
    (Movement, stock_pb2.Movement),
    (StockLevel, stock_pb2.StockLevel),
    (Claim, stock_pb2.Claim),
    (HeldUnits, stock_pb2.HeldUnits),
    (StockHold, stock_pb2.StockHold),
    (BackorderLimit, stock_pb2.BackorderLimit),
    (HoldWish, stock_pb2.HoldWish),
    (HoldOutcome, stock_pb2.HoldOutcome),
    (CommittedUnits, commitments_pb2.CommittedUnits),
    (Commitment, commitments_pb2.Commitment),
    (CommitmentRow, commitments_pb2.CommitmentRow),
    (ShortPick, commitments_pb2.ShortPick),
    (AtpDay, atp_pb2.AtpDay),
    (Atp, atp_pb2.Atp),
    (SafetyStock, atp_pb2.SafetyStock),
    *WAREHOUSE_TWINS,
    *FEED_TWINS,
    *CHANNEL_TWINS,
    *WAVE_TWINS,
    *PLAN_EVENT_TWINS,
    (TrialBalanceRow, ledger_pb2.AccountBalance),
]
ENUMS: list[tuple[type[StrEnum], Any]] = [
    (LifeState, catalog_pb2.LifeState),
    (Layer, category_pb2.Layer),
    (FieldKind, category_pb2.FieldKind),
    (SourceKind, source_pb2.SourceKind),
    (SurchargeKind, tariff_pb2.SurchargeKind),
    (TransitPool, source_pb2.TransitPool),
    (CarrierState, conditions_pb2.CarrierState),
    (SourceCondition, conditions_pb2.SourceCondition),
    (ScanEvent, conditions_pb2.ScanEvent),
    (ReplanOutcome, replan_pb2.ReplanOutcome),
    (ExceptionKind, replan_pb2.ExceptionKind),
    (ShadowStock, shadow_pb2.ShadowStock),
    (OperationState, batch_pb2.OperationState),
    (Engine, plan_pb2.Engine),
    (Stop, plan_pb2.StopReason),
    (Stage, plan_pb2.StockStage),
    (ReasonCode, plan_pb2.UnfilledCode),
    (Verdict, explanation_pb2.Verdict),
    (ChangeKind, explanation_pb2.ChangeKind),
    (LimitKind, explanation_pb2.LimitKind),
    (PlanState, plan_pb2.PlanState),
    (EntryState, stock_pb2.HoldState),
    (CommitmentState, commitments_pb2.CommitmentState),
    (RejectedInto, commitments_pb2.RejectedInto),
    *WAREHOUSE_ENUMS,
    *FEED_ENUMS,
    *WAVE_ENUMS,
    *PLAN_EVENT_ENUMS,
    *COMBINATION_ENUMS,
    *LEDGER_ENUMS,
    *SETTLING_ENUMS,
    *ACCESS_ENUMS,
]


def names(noun: type[Any]) -> set[str]:
    return {field.name for field in fields(noun)}


def wire_names(message: type[Any]) -> set[str]:
    return set(message.DESCRIPTOR.fields_by_name)


@pytest.mark.parametrize(("noun", "message"), TWINS, ids=lambda twin: twin.__name__)
def test_noun_and_message_have_the_same_fields(noun: type[Any], message: type[Any]) -> None:
    assert names(noun) == wire_names(message)


def test_a_plan_on_the_wire_is_the_answer_with_its_place_in_life() -> None:
    life = names(FulfilmentPlan) - {"plan"}
    assert wire_names(plan_pb2.Plan) == names(Plan) | life | {"gap_minor"}


def test_a_wave_on_the_wire_is_the_answer_beside_its_plans() -> None:
    assert wire_names(wave_pb2.WavePlan) == names(WavePlan) - {"plans"} | {"gap_minor"}


def test_a_request_to_plan_is_the_command_and_its_id() -> None:
    assert wire_names(sourcing_pb2.PlanFulfillmentRequest) == names(PlanCommand) | {"request_id"}


def test_a_request_to_plan_anew_is_the_command_and_its_id() -> None:
    assert wire_names(replan_pb2.ReplanOrdersRequest) == names(ReplanCommand) | {"request_id"}
    assert wire_names(replan_pb2.ReplanOrdersResponse) == names(Replanned)
    assert wire_names(shadow_pb2.ShadowOrderRequest) == names(ShadowCommand) | {"request_id"}
    assert wire_names(shadow_pb2.RecordOutcomesRequest) == names(OutcomesCommand) | {"request_id"}


def test_a_request_to_plan_a_batch_is_the_command_and_its_id() -> None:
    assert wire_names(batch_pb2.PlanBatchRequest) == names(BatchCommand) | {"request_id"}


def test_an_answer_of_a_watch_is_a_message_of_the_feed() -> None:
    assert wire_names(feed_pb2.WatchAvailabilityResponse) == names(FeedMessage)


def test_a_voucher_has_twins_by_other_names() -> None:
    assert wire_names(ledger_pb2.Voucher) == names(Voucher) - {"at"} | {"posted_at"}
    assert wire_names(ledger_pb2.Leg) == {"debit_account", "credit_account", "amount_minor"}
    assert names(Leg) == {"debit", "credit", "amount_minor"}


@pytest.mark.parametrize(("kind", "wire"), ENUMS, ids=lambda twin: getattr(twin, "__name__", ""))
def test_enums_agree_by_name_below_their_prefix_and_begin_with_unspecified(kind: type[StrEnum], wire: Any) -> None:
    zero = wire.Name(0)
    prefix = zero.removesuffix("UNSPECIFIED")
    assert zero == f"{prefix}UNSPECIFIED"
    assert {prefix + member.name for member in kind} == set(wire.keys()) - {zero}


def nouns_within(hint: Any) -> set[type[Any]]:
    """The dataclasses and enums that a type mentions."""
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, StrEnum)) and get_origin(hint) is None:
        return {hint}
    return {noun for part in get_args(hint) for noun in nouns_within(part)}


def test_every_noun_within_a_noun_that_crosses_has_a_twin_as_well() -> None:
    listed = {noun for noun, _ in TWINS} | {kind for kind, _ in ENUMS} | {Plan, PlanCommand, FulfilmentPlan}
    crossing = {
        inner
        for noun in (*(noun for noun, _ in TWINS), Plan, PlanCommand, FulfilmentPlan)
        for hint in get_type_hints(noun).values()
        for inner in nouns_within(hint)
    }
    assert {noun.__name__ for noun in crossing - listed} == set()


def test_every_message_that_is_no_envelope_has_a_twin() -> None:
    listed = {message.DESCRIPTOR.full_name for _, message in TWINS}
    listed.add(wave_pb2.WavePlan.DESCRIPTOR.full_name)  # stands beside its plans
    listed |= {message.DESCRIPTOR.full_name for message in (plan_pb2.Plan, ledger_pb2.Voucher, ledger_pb2.Leg)}
    listed |= {message.DESCRIPTOR.full_name for message in LEDGER_ALONE}
    listed |= {message.DESCRIPTOR.full_name for message in SETTLING_ALONE}
    listed.add(PLAN_EVENT_ALONE[1].DESCRIPTOR.full_name)
    listed.add(order_pb2.WordList.DESCRIPTOR.full_name)  # a tuple in a map
    sourcing = (order_pb2, plan_pb2, promise_pb2, explanation_pb2, sourcing_pb2, wave_pb2, replan_pb2, batch_pb2)
    network = (network_pb2, source_pb2, tariff_pb2, conditions_pb2)
    modules = (
        catalog_pb2,
        category_pb2,
        combination_pb2,
        combinations_pb2,
        explosion_pb2,
        ledger_pb2,
        *LEDGER_PROTOS,
        *SETTLING_PROTOS,
        *ACCESS_PROTOS,
        *network,
        policy_pb2,
        *sourcing,
        plan_events_pb2,
        overrides_pb2,
        recipients_pb2,
        shadow_pb2,
        stock_values_pb2,
        stock_pb2,
        *WAREHOUSE_PROTOS,
        commitments_pb2,
        atp_pb2,
    )
    nouns = {
        message.full_name
        for module in (*modules, *CHANNEL_PROTOS, *FEED_PROTOS)
        for name, message in module.DESCRIPTOR.message_types_by_name.items()
        if not name.endswith(("Request", "Response"))
    }
    assert nouns == {name for name in listed if not name.endswith("Request")}


def test_whose_plan_events_are_wanted_is_said_alike() -> None:
    noun, message = PLAN_EVENT_ALONE
    assert wire_names(message) == names(noun)
