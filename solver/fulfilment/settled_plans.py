"""Confirmed plans as settled orders: who shipped what of an order, and what carriers' tariffs say that it costs."""

from collections.abc import Sequence
from datetime import date

from solver.catalog.catalog import Catalog
from solver.catalog.model import Part
from solver.catalog.ordered import parts_of
from solver.errors import StateConflict, Violations
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.planner import Planner
from solver.fulfilment.settled_plan import SettledPlan
from solver.fulfilment.sources import CatalogSource
from solver.ledger.contracts.facts import SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.rounding import shared_out
from solver.ledger.settlement.settlements import Settlements
from solver.orders.model import Order, OrderLine, OrderPart
from solver.sourcing.plan import Package, Plan, Term
from solver.storage.database import Database
from solver.storage.once import Request
from solver.units import round_half_up_div
from solver.validation import check_id, check_rows, check_unique

_SETTLED = (PlanState.CONFIRMED, PlanState.SHIPPED)
_SURCHARGES = "surcharges"
_SEPARATOR = "/"


class SettledPlans:
    """Hands plans to settlement."""

    def __init__(
        self, *, database: Database, catalog: CatalogSource, planner: Planner, settlements: Settlements
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._planner = planner
        self._settlements = settlements

    def record(self, request: Request, plans: Sequence[SettledPlan]) -> int:
        """Take in plans, all or none; how many orders are new.

        Raises NotFound, StateConflict (PLAN_NOT_CONFIRMED), and what `Settlements.record_orders` raises.
        """
        violations = Violations()
        check_rows(plans, "plans", violations)
        for position, one in enumerate(plans):
            check_id(one.plan_id, f"plans[{position}].plan_id", violations)
        check_unique([one.plan_id for one in plans], "plans", violations)
        violations.refuse_any("the list of settled plans")
        return self._settlements.record_orders(request, [self._settled(one) for one in plans])

    def _settled(self, one: SettledPlan) -> SettledOrder:
        standing: FulfilmentPlan = self._planner.made.get(one.plan_id)
        with self._database.read() as reader:
            asked = self._planner.questions.asked(reader, one.plan_id)
        if standing.state not in _SETTLED or asked is None:
            raise StateConflict(
                f"plan {one.plan_id} is {standing.state}; settle once it is confirmed and all of it has shipped",
                reason="PLAN_NOT_CONFIRMED",
                metadata={"plan_id": one.plan_id[:128]},
            )
        return settled_order(standing.plan, asked[0], self._catalog.catalog, one.delivered_on)


def settled_order(plan: Plan, order: Order, catalog: Catalog, delivered_on: date | None) -> SettledOrder:
    """The order as its plan ships it: a line for each SKU of a line at each source. What is unfilled was not paid.

    Prices, list prices and tax are what the order's lines state; freight is the lanes' with its surcharges, of which
    confirming the plan booked all but these.
    """
    lines = tuple(
        line for number, package in enumerate(plan.packages) for line in _lines(number, package, plan, order, catalog)
    )
    return SettledOrder(
        order_id=order.order_id,
        currency=order.currency,
        placed_on=order.placed_at.date(),
        delivered_on=delivered_on,
        channel=order.channel,
        lines=lines,
        paid_minor=sum(line.paid_minor for line in lines),
        packages=tuple(_package(number, package) for number, package in enumerate(plan.packages)),
    )


def _package(number: int, package: Package) -> ShippedPackage:
    freight = package.cost_minor.get(Term.FREIGHT, 0)
    return ShippedPackage(
        package_id=str(number + 1),
        carrier_id=package.carrier_id,
        source_id=package.source_id,
        tariff_minor=freight + package.cost_minor.get(_SURCHARGES, 0),
        booked_minor=freight,
    )


def _lines(number: int, package: Package, plan: Plan, order: Order, catalog: Catalog) -> list[SettledLine]:
    made = []
    for packed in package.contents:
        line = next(one for one in order.lines if one.line_id == packed.line_id)
        listed, paid, tax = _money(line, plan, catalog)[number, packed.sku]
        made.append(
            SettledLine(
                line_id=_SEPARATOR.join((line.line_id, packed.sku, str(number + 1))),
                sku=packed.sku,
                units=packed.units,
                list_minor=listed,
                paid_minor=paid,
                tax_minor=tax,
                source_id=package.source_id,
                category=catalog.materials[packed.sku].category_id,
                service_level=package.service_id,
                distance_meters=package.distance_meters,
            )
        )
    return made


def _money(line: OrderLine, plan: Plan, catalog: Catalog) -> dict[tuple[int, str], tuple[int, int, int]]:
    """List price, what was paid, and the tax within, of the line's units that ship, by package and SKU.

    Each SKU has the part of them that it is of the line's price.
    """
    parts: Sequence[Part | OrderPart] = parts_of(line, catalog)
    weights = {part.sku: weight for part, weight in zip(parts, _weights(parts, catalog), strict=True)}
    pieces = [
        (number, packed.sku, packed.units)
        for number, package in enumerate(plan.packages)
        for packed in package.contents
        if packed.line_id == line.line_id
    ]
    answer = next(one for one in plan.lines if one.line_id == line.line_id)
    shipped = answer.planned_units + answer.backordered_units
    paid = line.unit_price_minor * shipped
    listed = round_half_up_div(line.list_minor * shipped, line.quantity) if line.list_minor else paid
    tax = min(paid, round_half_up_div(line.tax_minor * shipped, line.quantity))
    by_worth = [weights[sku] * units for _, sku, units in pieces]
    paid_of_each = shared_out(paid, by_worth)
    figures = zip(shared_out(listed, by_worth), paid_of_each, shared_out(tax, paid_of_each), strict=True)
    return {(number, sku): of for (number, sku, _), of in zip(pieces, figures, strict=True)}


def _weights(parts: Sequence[Part | OrderPart], catalog: Catalog) -> list[int]:
    """What one unit of each part weighs in the line's price: by the parts' own prices, their worth, or alike."""
    prices = [part.price_minor if isinstance(part, OrderPart) else 0 for part in parts]
    if any(prices):
        whole = 1
        for part in parts:
            whole *= part.units
        return [price * whole // part.units for price, part in zip(prices, parts, strict=True)]
    worth = [catalog.materials[part.sku].value_minor for part in parts]
    return worth if all(worth) else [1 for _ in parts]
