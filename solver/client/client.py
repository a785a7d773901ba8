"""A typed client: the domain's dataclasses in, the domain's dataclasses out.

with Client("127.0.0.1:50151") as client:
    standing = client.plan(order)
    client.confirm(standing.plan_id)
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any

from google.protobuf.message import Message

from solver.client.access import AccessClient
from solver.client.batches import BatchClient
from solver.client.books import BooksClient
from solver.client.catalog import CatalogClient
from solver.client.channel import call, new_request_id, open_channel
from solver.client.channels import ChannelClient
from solver.client.combinations import CombinationClient
from solver.client.commitments import CommitmentClient
from solver.client.conditions import ConditionClient
from solver.client.differences import DifferenceClient
from solver.client.feed import FeedClient
from solver.client.holds import HoldCalls
from solver.client.invoices import InvoiceClient
from solver.client.overrides import OverrideClient
from solver.client.plan_events import PlanEventClient
from solver.client.policies import RolloutClient
from solver.client.recipients import RecipientClient
from solver.client.reconciliation import ReconciliationClient
from solver.client.replanning import ReplanningClient
from solver.client.security import ClientSecurity
from solver.client.settlement import ContractClient, SettlementClient
from solver.client.shadows import ShadowClient
from solver.client.stock_values import StockValueClient
from solver.client.valuation import ValuationClient
from solver.client.warehouse import WarehouseClient
from solver.client.warnings import WarningClient
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.model import DEFAULT_HOLD, FulfilmentPlan
from solver.fulfilment.promising.model import DEFAULT_VALIDITY, DeliveryFee, DeliveryOption, Promise, PromiseCommand
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, catalog_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import ledger_pb2, ledger_pb2_grpc
from solver.gen.xunyuan.network.v1 import network_pb2, network_pb2_grpc
from solver.gen.xunyuan.policy.v1 import policy_pb2, policy_pb2_grpc
from solver.gen.xunyuan.sourcing.v1 import order_pb2, sourcing_pb2, sourcing_pb2_grpc
from solver.gen.xunyuan.stock.v1 import atp_pb2_grpc, stock_pb2, stock_pb2_grpc
from solver.ledger.model import TrialBalanceRow, Voucher
from solver.orders.model import Order
from solver.policies.model import PolicyDocument
from solver.scenario.batches import LAYERS, OPENING_REFERENCE, batches, load_id
from solver.scenario.model import Scenario
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.stock.model import BackorderLimit, Movement, StockLevel
from solver.wire.codec import fill_proto, to_proto
from solver.wire.explanations import explanation_from_proto
from solver.wire.ledger import trial_balance_from_proto, voucher_from_proto
from solver.wire.plans import plan_from_proto
from solver.wire.policies import policy_from_proto
from solver.wire.promises import promise_from_proto
from solver.wire.stock import level_from_proto

PLAN_SECONDS = 10.0
BULK_SECONDS = 60.0
Progress = Callable[[str, int], None]


class Client(HoldCalls):
    """One connection, for any number of threads.

    `plan_seconds` bounds calls in the order path, `bulk_seconds` those that move or solve a lot. `security` has
    the token and the certificates, where the service asks for them. Every method raises
    CallFailed, or InvalidRequest for a value that cannot be sent at all. A mutating method makes its own request id;
    give one to be able to repeat the call after a crash.
    """

    def __init__(
        self,
        target: str,
        *,
        plan_seconds: float = PLAN_SECONDS,
        bulk_seconds: float = BULK_SECONDS,
        security: ClientSecurity | None = None,
    ) -> None:
        self._channel = open_channel(target, security)
        self._plan_seconds = plan_seconds
        self._bulk_seconds = bulk_seconds
        self._catalog = catalog_pb2_grpc.CatalogServiceStub(self._channel)
        self._ledger = ledger_pb2_grpc.LedgerServiceStub(self._channel)
        self._network = network_pb2_grpc.NetworkServiceStub(self._channel)
        self._policies = policy_pb2_grpc.PolicyServiceStub(self._channel)
        self._sourcing = sourcing_pb2_grpc.SourcingServiceStub(self._channel)
        self._atp = atp_pb2_grpc.AtpServiceStub(self._channel)
        self._stock = stock_pb2_grpc.StockServiceStub(self._channel)
        self.access = AccessClient(self._channel, bulk_seconds)
        self.books = BooksClient(self._channel, bulk_seconds)
        self.catalog = CatalogClient(self._channel, bulk_seconds)
        self.channels = ChannelClient(self._channel, bulk_seconds)
        self.combinations = CombinationClient(self._channel, bulk_seconds)
        self.warehouse = WarehouseClient(self._channel, bulk_seconds)
        self.feed = FeedClient(self._channel, bulk_seconds)
        self.warnings = WarningClient(self._channel, bulk_seconds)
        self.stock_values = StockValueClient(self._channel, bulk_seconds)
        self.valuation = ValuationClient(self._channel, bulk_seconds)
        self.differences = DifferenceClient(self._channel, bulk_seconds)
        self.invoices = InvoiceClient(self._channel, bulk_seconds)
        self.reconciliations = ReconciliationClient(self._channel, bulk_seconds)
        self.contracts = ContractClient(self._channel, bulk_seconds)
        self.settlements = SettlementClient(self._channel, bulk_seconds)
        self.commitments = CommitmentClient(self._channel, plan_seconds)
        self.conditions = ConditionClient(self._channel, plan_seconds)
        self.batches = BatchClient(self._channel, bulk_seconds)
        self.replanning = ReplanningClient(self._channel, bulk_seconds)
        self.recipients = RecipientClient(self._channel, plan_seconds)
        self.rollouts = RolloutClient(self._channel, plan_seconds)
        self.overrides = OverrideClient(self._channel, plan_seconds)
        self.plan_events = PlanEventClient(self._channel, bulk_seconds)
        self.shadows = ShadowClient(self._channel, bulk_seconds)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def plan(
        self,
        order: Order,
        *,
        policy: Policy | None = None,
        policy_id: str = "",
        policy_version: int = 0,
        hold_for: timedelta = DEFAULT_HOLD,
        validate_only: bool = False,
        request_id: str | None = None,
    ) -> FulfilmentPlan:
        """The best plan for an order, its stock held for `hold_for`; with `validate_only` nothing is held or stored.

        Without `policy` it is decided under the kept policy `policy_id` (version 0: the latest that is valid); without
        either under the kept policy that is for the order, or else under the service's default.
        """
        request = sourcing_pb2.PlanFulfillmentRequest(
            request_id=request_id or new_request_id(),
            order=to_proto(order, order_pb2.Order),
            validate_only=validate_only,
            policy_id=policy_id,
            policy_version=policy_version,
        )
        request.hold_for.FromTimedelta(hold_for)
        if policy is not None:
            fill_proto(policy, request.policy)
        answer = call(self._sourcing.PlanFulfillment, request, timeout_seconds=self._plan_seconds)
        return plan_from_proto(answer.plan)

    def promise(
        self,
        order: Order,
        *,
        policy: Policy | None = None,
        policy_id: str = "",
        policy_version: int = 0,
        options: Sequence[DeliveryOption] = (),
        fees: Sequence[DeliveryFee] = (),
        valid_for: timedelta = DEFAULT_VALIDITY,
    ) -> Promise:
        """When a basket could be there and at what cost, by each of `options`; nothing is held.

        An order with a delivery's `promised_at`, planned under its `policy` while the promise is valid, keeps it.
        """
        command = PromiseCommand(
            order=order,
            policy=policy,
            policy_id=policy_id,
            policy_version=policy_version,
            options=tuple(options),
            fees=tuple(fees),
            valid_for=valid_for,
        )
        request = to_proto(command, sourcing_pb2.PromiseRequest)
        return promise_from_proto(call(self._sourcing.Promise, request, timeout_seconds=self._plan_seconds).promise)

    def get_plan(self, plan_id: str) -> FulfilmentPlan:
        """A plan as it stands now."""
        request = sourcing_pb2.GetPlanRequest(plan_id=plan_id)
        return plan_from_proto(call(self._sourcing.GetPlan, request, timeout_seconds=self._plan_seconds).plan)

    def find_plans(self, plan_id_prefix: str) -> tuple[str, ...]:
        """The first 20 ids of plans that begin like this."""
        request = sourcing_pb2.FindPlansRequest(plan_id_prefix=plan_id_prefix)
        return tuple(call(self._sourcing.FindPlans, request, timeout_seconds=self._plan_seconds).plan_ids)

    def explain(self, plan_id: str) -> Explanation:
        """Why a plan is as it is, and what would make it another."""
        request = sourcing_pb2.ExplainPlanRequest(plan_id=plan_id)
        answer = call(self._sourcing.ExplainPlan, request, timeout_seconds=self._bulk_seconds)
        return explanation_from_proto(answer.explanation)

    def confirm(self, plan_id: str, *, request_id: str | None = None) -> tuple[FulfilmentPlan, str]:
        """Commit a plan's stock; the plan, and the id of the voucher of what it owes (empty: nothing)."""
        request = sourcing_pb2.ConfirmPlanRequest(request_id=request_id or new_request_id(), plan_id=plan_id)
        answer = call(self._sourcing.ConfirmPlan, request, timeout_seconds=self._plan_seconds)
        return plan_from_proto(answer.plan), answer.voucher_id

    def release(self, plan_id: str, *, request_id: str | None = None) -> FulfilmentPlan:
        """Give a plan's stock back."""
        request = sourcing_pb2.ReleasePlanRequest(request_id=request_id or new_request_id(), plan_id=plan_id)
        return plan_from_proto(call(self._sourcing.ReleasePlan, request, timeout_seconds=self._plan_seconds).plan)

    def optimize(self, command: OptimizeCommand) -> tuple[Plan, ...]:
        """Solve a whole problem with the optimiser alone: one plan for each order, nothing held."""
        request = to_proto(command, sourcing_pb2.OptimizeFulfillmentRequest)
        answer = call(self._sourcing.OptimizeFulfillment, request, timeout_seconds=self._bulk_seconds)
        return tuple(plan_from_proto(plan).plan for plan in answer.plans)

    def upsert_policies(self, texts: Sequence[str], *, request_id: str | None = None) -> tuple[PolicyDocument, ...]:
        """Keep policies written as YAML or JSON; what the service understood, one for each text."""
        request = policy_pb2.UpsertPoliciesRequest(request_id=request_id or new_request_id(), documents=texts)
        answer = call(self._policies.UpsertPolicies, request, timeout_seconds=self._bulk_seconds)
        return tuple(policy_from_proto(policy) for policy in answer.policies)

    def policies(self) -> Iterator[PolicyDocument]:
        """Every version of every kept and every shipped policy; pages are fetched as they are needed."""
        request = policy_pb2.ListPoliciesRequest()
        while True:
            answer = call(self._policies.ListPolicies, request, timeout_seconds=self._bulk_seconds)
            yield from (policy_from_proto(policy) for policy in answer.policies)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def get_policy(self, policy_id: str, version: int = 0) -> PolicyDocument:
        """One version of a policy; 0: the latest."""
        request = policy_pb2.GetPolicyRequest(policy_id=policy_id, version=version)
        return policy_from_proto(call(self._policies.GetPolicy, request, timeout_seconds=self._plan_seconds).policy)

    def receive_stock(self, movements: Iterable[Movement], reference: str, *, request_id: str | None = None) -> int:
        """Book goods received; the journal entry's number."""
        request = stock_pb2.ReceiveStockRequest(request_id=request_id or new_request_id(), reference=reference)
        request.movements.extend(to_proto(movement, stock_pb2.Movement) for movement in movements)
        return call(self._stock.ReceiveStock, request, timeout_seconds=self._bulk_seconds).entry_id

    def adjust_stock(self, movements: Iterable[Movement], reference: str, *, request_id: str | None = None) -> int:
        """Correct what is on hand; the journal entry's number."""
        request = stock_pb2.AdjustStockRequest(request_id=request_id or new_request_id(), reference=reference)
        request.movements.extend(to_proto(movement, stock_pb2.Movement) for movement in movements)
        return call(self._stock.AdjustStock, request, timeout_seconds=self._bulk_seconds).entry_id

    def stock_levels(self, skus: Sequence[str] = (), site_ids: Sequence[str] = ()) -> Iterator[StockLevel]:
        """The level of each SKU at each site, within the filters given; pages are fetched as they are needed."""
        request = stock_pb2.ListStockLevelsRequest(skus=skus, site_ids=site_ids)
        while True:
            answer = call(self._stock.ListStockLevels, request, timeout_seconds=self._bulk_seconds)
            yield from (level_from_proto(level) for level in answer.levels)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def set_backorder_limits(self, limits: Iterable[BackorderLimit], *, request_id: str | None = None) -> None:
        """Say how many units sites may have promised beyond what is there."""
        request = stock_pb2.SetBackorderLimitsRequest(request_id=request_id or new_request_id())
        request.limits.extend(to_proto(limit, stock_pb2.BackorderLimit) for limit in limits)
        call(self._stock.SetBackorderLimits, request, timeout_seconds=self._bulk_seconds)

    def vouchers(self, plan_id: str) -> tuple[Voucher, ...]:
        """The vouchers that a plan left."""
        request = ledger_pb2.ListVouchersRequest(plan_id=plan_id)
        answer = call(self._ledger.ListVouchers, request, timeout_seconds=self._plan_seconds)
        return tuple(voucher_from_proto(voucher) for voucher in answer.vouchers)

    def trial_balance(self, currency: str = "") -> tuple[TrialBalanceRow, ...]:
        """The balance of every account in money."""
        request = ledger_pb2.GetTrialBalanceRequest(currency=currency)
        answer = call(self._ledger.GetTrialBalance, request, timeout_seconds=self._bulk_seconds)
        return tuple(trial_balance_from_proto(row) for row in answer.balances)

    def audit_books(self) -> tuple[str, ...]:
        """What disagrees in the books, in words. Empty: they balance."""
        answer = call(self._ledger.AuditBooks, ledger_pb2.AuditBooksRequest(), timeout_seconds=self._bulk_seconds)
        return tuple(answer.discrepancies)

    def load(self, scenario: Scenario, *, progress: Progress | None = None) -> None:
        """Load everything of a scenario but its orders. `progress` is told noun and rows after each portion.

        Loading the same scenario twice changes nothing, also when the service loaded it at its start.
        """
        for number, (noun, rows) in enumerate(batches(scenario)):
            if noun in LAYERS:
                self._set_layer(noun, rows, load_id(scenario, number))
            else:
                method, request = self._upsert(noun, rows)
                request.request_id = load_id(scenario, number)
                call(method, request, timeout_seconds=self._bulk_seconds)
            if progress is not None:
                progress(noun, len(rows))

    def _upsert(self, noun: str, rows: Sequence[Any]) -> tuple[Any, Any]:
        """The method that takes this noun, and the request with the rows."""
        if noun == "stock":
            request = stock_pb2.ReceiveStockRequest(reference=OPENING_REFERENCE)
            for row in rows:
                request.movements.add(site_id=row.source_id, sku=row.sku, units=row.units)
            return self._stock.ReceiveStock, request
        method, request_type = {
            "regions": (self._network.UpsertRegions, network_pb2.UpsertRegionsRequest),
            "carriers": (self._network.UpsertCarriers, network_pb2.UpsertCarriersRequest),
            "services": (self._network.UpsertServices, network_pb2.UpsertServicesRequest),
            "sources": (self._network.UpsertSources, network_pb2.UpsertSourcesRequest),
            "calendars": (self._network.UpsertCalendars, network_pb2.UpsertCalendarsRequest),
            "transfers": (self._network.UpsertTransfers, network_pb2.UpsertTransfersRequest),
            "materials": (self._catalog.UpsertMaterials, catalog_pb2.UpsertMaterialsRequest),
            "sales_items": (self._catalog.UpsertSalesItems, catalog_pb2.UpsertSalesItemsRequest),
        }[noun]
        upsert: Message = request_type()
        for row in rows:
            fill_proto(row, getattr(upsert, noun).add())
        return method, upsert

    def _set_layer(self, noun: str, rows: Sequence[Any], request_id: str) -> None:
        """Combinations, who may sell what, and what may be promised beyond what is there."""
        setters: dict[str, Callable[..., object]] = {
            "logical_warehouses": self.channels.set_warehouses,
            "channels": self.channels.set_channels,
            "quotas": self.channels.set_quotas,
            "backorders": self.set_backorder_limits,
            "combinations": self.combinations.upsert,
        }
        setters[noun](rows, request_id=request_id)
