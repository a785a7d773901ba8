"""Confirmed plans as settled orders: who shipped what, and what the tariffs say."""

from datetime import date, timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.fulfilment.model import PlanCommand
from solver.fulfilment.settled_plan import SettledPlan
from solver.fulfilment.settled_plans import settled_order
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.facts import SettledLine, SettledOrder, ShippedPackage
from solver.orders.model import OrderLine, OrderPart
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, order_of

STORE = """\
contract: store
version: 1
role: store
party: store-co
currency: CNY
from: 2026-01-01
applies_to: {sources: [S-EAST]}
share: {rate: 60%, bears: {freight: 50%}}
"""
CARRIER = """\
contract: trucks
version: 1
role: carrier
party: truck-co
currency: CNY
from: 2026-01-01
logistics: {rate: 90%}
"""
SECONDS = 300.0  # what compiles meanwhile must not fail a test
MARCH = date(2026, 3, 2)


def planned(application: Application, line: OrderLine) -> str:
    order = order_of(("TEA", 1), lines=(line,), channel="mall")
    request = request_for("PlanFulfillment", "plan")
    return application.planner.plan(request, PlanCommand(order=order), seconds_left=SECONDS).plan_id


def test_a_plan_is_settled_by_who_shipped_and_what_the_network_priced(
    application: Application, clock: ManualClock
) -> None:
    contracts = [parse(text, "c") for text in (STORE, CARRIER)]
    application.contracts.upsert(request_for("UpsertContracts", "c", STORE, CARRIER), contracts)
    plan_id = planned(application, OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=5_000))
    plans = [SettledPlan(plan_id=plan_id, delivered_on=date(2026, 3, 4))]
    with pytest.raises(StateConflict) as refused:
        application.settled_plans.record(request_for("RecordSettledPlans", "a"), plans)
    assert refused.value.reason == "PLAN_NOT_CONFIRMED"
    application.planner.confirm(request_for("ConfirmPlan", "c"), plan_id)
    assert application.settled_plans.record(request_for("RecordSettledPlans", "b"), plans) == 1
    clock.advance(timedelta(days=40))
    store, carrier = (
        application.settlements.run(request_for("RunSettlement", party), party, "CNY", MARCH)
        for party in ("store-co", "truck-co")
    )
    assert carrier.payout_minor == 720  # 90 % of the 8.00 that were booked when the plan was confirmed
    assert store.payout_minor == 6_000 - 360
    with application.database.read() as reader:
        accounts = {row.account: row.balance_minor for row in application.ledger.trial_balance(reader)}
    assert accounts["freight_expense"] == 720
    assert accounts["payable_carrier/truck-co"] == 0


def test_a_bundles_money_falls_on_its_parts_and_on_what_ships(application: Application) -> None:
    parts = (OrderPart(sku="TEA", units=2, price_minor=6_000), OrderPart(sku="CUP", units=1, price_minor=2_001))
    line = OrderLine(line_id="1", sku="SET", quantity=2, unit_price_minor=8_001, parts=parts)
    standing = application.planner.get(planned(application, line))
    order = order_of(("TEA", 1), lines=(line,), channel="mall")
    settled = settled_order(standing.plan, order, application.catalog.catalog, None)
    sources = {package.source_id for package in standing.plan.packages}
    assert len(sources) == 1
    [source_id] = sources
    meters = standing.plan.packages[0].distance_meters
    freight = standing.plan.packages[0].cost_minor["freight"]

    def settled_line(sku: str, units: int, paid: int) -> SettledLine:
        return SettledLine(
            line_id=f"1/{sku}/1", sku=sku, units=units, list_minor=paid, paid_minor=paid, source_id=source_id,
            service_level="ground", distance_meters=meters,
        )  # fmt: skip

    assert settled == SettledOrder(
        order_id="O-1",
        currency="CNY",
        placed_on=MONDAY_AT_8.date(),
        channel="mall",
        lines=tuple(
            settled_line(sku, units, paid) for sku, units, paid in sorted((("TEA", 4, 12_000), ("CUP", 2, 4_002)))
        ),
        paid_minor=16_002,
        packages=(
            ShippedPackage(
                package_id="1", carrier_id="truck-co", source_id=source_id, tariff_minor=freight, booked_minor=freight
            ),
        ),
    )
