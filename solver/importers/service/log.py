"""The plans that a service made as a scenario: its orders on the stock that it had, which a replay decides again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from solver.catalog.catalog import Catalog
from solver.clock import SystemClock
from solver.errors import XunyuanError
from solver.fulfilment import records
from solver.fulfilment.model import PlanRecord
from solver.fulfilment.question import lines_of, skus_of
from solver.fulfilment.questions import Questions
from solver.importers.service.kept import kept_world
from solver.importers.service.layered import Beginning, Layered, layered, without_layers
from solver.importers.service.meanwhile import meanwhile
from solver.journal.archived import archived_through
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.journal.since import Flow, flows_since, free_before
from solver.network.network import Network
from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument
from solver.policies.store import PolicyStore
from solver.scenario.model import Inbound, OpeningStock, Scenario
from solver.sourcing.plan import Package
from solver.sourcing.policy import Policy
from solver.stock.accounts import GOOD
from solver.stock.holding.standing import PLANNED
from solver.storage.database import Database, Reader
from solver.validation import MOST_UNITS

_NEXT_MOMENT = timedelta(microseconds=1)  # what comes at the very moment of an order comes before it
_PAID = ("freight", "lane_price", "surcharges", "transfer", "handling", "packaging")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPlan:
    """A plan with the order that it was made for, and under which policy."""

    record: PlanRecord
    order: Order
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A scenario made of a service's plans, with the policies that they were made under, the most usual first.

    `documents` are those of them that were kept by the service: files of the scenario, by `file_of`.
    """

    scenario: Scenario
    plans: tuple[LoggedPlan, ...]
    policies: tuple[Policy, ...]
    documents: tuple[PolicyDocument, ...] = ()


def file_of(document: PolicyDocument) -> str:
    """What a policy's document is called in the scenario's folder."""
    return f"{document.policy_id}-{document.version}.yaml"


def import_log(database: Database, name: str) -> Log:
    """Every first plan of an order, on the stock as it was just before the first of them.

    The database may have a service on it. Raises XunyuanError where no plan is kept there.
    """
    world = kept_world(database, name, f"Plans of a service: {name}")
    questions = Questions()
    with database.read() as reader:
        made, left_out = _plans(reader, questions)
        if not made:
            raise XunyuanError("no plan is kept there: nothing was planned by PlanFulfillment or PlanBatch")
        networks = [*questions.networks(reader, (plan.record.plan_id for plan in made))]
        begins = Journal(SystemClock()).find_hold(reader, PLANNED, made[0].record.plan_id)
        assert begins is not None, "a plan is kept with its hold"
        opening = free_before(reader, Book.STOCK, GOOD, begins.entry_id)
        placed = [plan.order.placed_at for plan in made]
        all_flows = [*flows_since(reader, Book.STOCK, GOOD, begins.entry_id)]
        begun = Beginning(
            entry_id=begins.entry_id,
            free=opening,
            came={(flow.holder, flow.unit) for flow in all_flows if flow.phase == "post" and flow.amount > 0},
        )
        layers = layered(reader, begun, min(placed), max(placed))
        flows = [*without_layers(all_flows, layers, {plan.record.plan_id for plan in made})]
    seen = sorted(zip(placed, networks, strict=True), key=lambda pair: pair[0])
    meant = meanwhile(_network(world), seen, _ends_at(made))
    network = meant.network
    policies = _policies(made)
    documents, named = _documents(database, policies)
    inbound, lost_units = _comings(flows, made)
    scenario = replace(
        world,
        policy=policies[0],
        policies=named,
        disturbances=meant.disturbances,
        assumptions=(
            *_assumptions(made, policies, named, left_out, lost_units, meant.untold),
            *layers.assumptions(),
        ),
        regions=tuple(network.regions.values()),
        sources=tuple(network.sources.values()),
        carriers=tuple(network.carriers.values()),
        services=tuple(network.services.values()),
        calendars=tuple(network.calendars.values()),
        transfers=tuple(network.transfers.values()),
        stock=_stock(opening),
        inbound=inbound,
        orders=tuple(plan.order for plan in made),
        history=tuple(_shipment(plan, package) for plan in made for package in plan.record.plan.packages),
    )
    return Log(scenario=_of_what_is_named(scenario, layers), plans=tuple(made), policies=policies, documents=documents)


def _plans(reader: Reader, questions: Questions) -> tuple[list[LoggedPlan], int]:
    """The first plan of each order, in the sequence in which they were made; how many others there are.

    Of plans that were held before the journal was archived it is not known any more on which stock; they are others.
    """
    made: dict[str, LoggedPlan] = {}
    others, through = 0, archived_through(reader)
    for record in records.every(reader):
        asked = questions.asked(reader, record.plan_id)
        held = Journal(SystemClock()).find_hold(reader, PLANNED, record.plan_id) if through else None
        is_archived = held is not None and held.entry_id <= through
        if asked is None or record.plan.order_id in made or is_archived:
            others += 1
            continue
        order, policy = asked
        made[order.order_id] = LoggedPlan(record=record, order=order, policy=policy)
    return [*made.values()], others


def _network(world: Scenario) -> Network:
    return Network.of(
        regions=world.regions,
        sources=world.sources,
        carriers=world.carriers,
        services=world.services,
        calendars=world.calendars,
        transfers=world.transfers,
    )


def _ends_at(made: Sequence[LoggedPlan]) -> datetime:
    """A day after the last order, as the horizon of a scenario that states none."""
    return max(plan.order.placed_at for plan in made) + timedelta(days=1)


def _documents(database: Database, policies: Sequence[Policy]) -> tuple[tuple[PolicyDocument, ...], tuple[str, ...]]:
    """The documents to be written, and by which names all of several policies are compared; none where one has none."""
    kept = PolicyStore(database, SystemClock()).documents
    shipped = {one.key for one in shipped_policies()}
    found = [kept.get((one.policy_id, one.version)) for one in policies]
    known = [one for one in found if one is not None]
    named = tuple(one.policy_id if one.key in shipped else file_of(one) for one in known)
    is_whole = len(known) == len(policies) > 1
    return tuple(one for one in known if one.key not in shipped), named if is_whole else ()


def _comings(flows: Iterable[Flow], made: Sequence[LoggedPlan]) -> tuple[tuple[Inbound, ...], int]:
    """Units that came between two plans come between their orders; and how many left otherwise.

    What plans themselves hold is left to the replay.
    """
    plans = {plan.record.plan_id: plan.order.placed_at for plan in made}
    comings: Counter[tuple[datetime, str, str]] = Counter()
    waiting: list[Flow] = []
    lost_units = 0
    before: datetime | None = None
    for flow in flows:
        if flow.amount > 0:
            waiting.append(flow)
        elif flow.phase == "hold" and flow.kind == PLANNED and flow.subject in plans:
            placed_at = plans[flow.subject]
            for came in waiting:
                after = came.at if before is None else max(came.at, before + _NEXT_MOMENT)
                comings[min(after, placed_at), came.holder, came.unit] += came.amount
            waiting.clear()
            before = placed_at
        else:
            lost_units -= flow.amount
    return tuple(
        Inbound(source_id=source_id, sku=sku, units=min(units, MOST_UNITS), arrives_at=at)
        for (at, source_id, sku), units in sorted(comings.items())
    ), lost_units


def _stock(opening: dict[tuple[str, str], int]) -> tuple[OpeningStock, ...]:
    return tuple(
        OpeningStock(source_id=source_id, sku=sku, units=min(units, MOST_UNITS))
        for (source_id, sku), units in sorted(opening.items())
        if units > 0
    )


def _shipment(plan: LoggedPlan, package: Package) -> Shipment:
    units: Counter[str] = Counter()
    for packed in package.contents:
        units[packed.sku] += packed.units
    amounts = {str(term): minor for term, minor in package.cost_minor.items()}
    return Shipment(
        order_id=plan.order.order_id,
        source_id=package.source_id,
        carrier_id=package.carrier_id,
        service_id=package.service_id,
        units=dict(units),
        freight_minor=amounts.get("freight", 0),
        paid_minor=sum(amounts.get(term, 0) for term in _PAID),
    )


def _policies(made: Sequence[LoggedPlan]) -> tuple[Policy, ...]:
    """Each once, the most usual first."""
    counts: list[tuple[Policy, int]] = []
    for plan in made:
        for position, (policy, count) in enumerate(counts):
            if policy == plan.policy:
                counts[position] = policy, count + 1
                break
        else:
            counts.append((plan.policy, 1))
    return tuple(policy for policy, _ in sorted(counts, key=lambda pair: -pair[1]))


def _assumptions(
    made: Sequence[LoggedPlan],
    policies: Sequence[Policy],
    named: Sequence[str],
    left_out: int,
    lost_units: int,
    untold: int,
) -> Iterable[str]:
    yield f"Orders are those of {len(made):,} plans; opening stock is what was free just before the first of them."
    yield (
        "The network is that of the first plan; what was reported on carriers and sources are disturbances from the "
        "first order that was planned so until the first that was not."
    )
    if untold:
        yield f"{untold:,} services and sources changed otherwise meanwhile: here they stay as they were."
    yield "History is what the plans say: whether and when it was shipped is not told."
    if left_out:
        yield f"{left_out:,} plans are left out: later ones of the same orders, or archived."
    if len(policies) > 1:
        told = ", ".join(
            f"{one.policy_id} {one.version}" if one.policy_id else "one without a name" for one in policies
        )
        stands = "all of which are compared" if named else "the most usual of which stands here"
        yield f"The plans were made under {len(policies)} policies, {stands}: {told}."
    if lost_units:
        yield f"{lost_units:,} units left otherwise, by adjustments, transfers or other holds: here they stay."
    placed = [(plan.order.placed_at, plan.order.order_id) for plan in made]
    if moved := sum(later < earlier for earlier, later in pairwise(placed)):
        yield f"{moved:,} orders were planned out of turn: a replay goes by when they were placed."


def _of_what_is_named(scenario: Scenario, layers: Layered) -> Scenario:
    """Without the goods that neither orders nor stock name, and stock of what the catalog does not have."""
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    ordered = {line.sku for order in scenario.orders for line in order.lines}
    skus = {sku: None for order in scenario.orders for sku in skus_of(lines_of(order, catalog))}
    told = layers.of(skus)
    return replace(
        scenario,
        materials=tuple(one for one in scenario.materials if one.sku in skus),
        sales_items=tuple(one for one in scenario.sales_items if one.item_id in ordered),
        stock=tuple(row for row in scenario.stock if row.sku in skus),
        inbound=tuple(row for row in scenario.inbound if row.sku in skus),
        logical_warehouses=told.logical_warehouses,
        channels=told.channels if told.is_anything else (),
        quotas=told.quotas,
        backorders=told.backorders,
        consignments=told.consignments,
    )
