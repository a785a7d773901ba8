"""Confirmed plans as settled orders: who shipped what, and what the tariffs say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from solver.app import Application
from solver.catalog.combinations.lines import ExplodedLine
from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict
from solver.fulfilment.exploding.prices import with_stated_prices
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
        application.finance.settled_plans.record(request_for("RecordSettledPlans", "a"), plans)
    assert refused.value.reason == "PLAN_NOT_CONFIRMED"
    application.confirming.confirm(request_for("ConfirmPlan", "c"), plan_id)
    assert application.finance.settled_plans.record(request_for("RecordSettledPlans", "b"), plans) == 1
    clock.advance(timedelta(days=40))
    store, carrier = (
        application.finance.settlements.run(request_for("RunSettlement", party), party, "CNY", MARCH)
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
    standing = application.made_plans.get(planned(application, line))
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


def test_list_price_and_tax_that_a_line_states_are_settled_and_shared_out_to_the_cent(
    application: Application,
) -> None:
    parts = (OrderPart(sku="TEA", units=2, price_minor=6_000), OrderPart(sku="CUP", units=1, price_minor=2_001))
    line = OrderLine(
        line_id="1", sku="SET", quantity=2, unit_price_minor=8_001, parts=parts, list_minor=20_001, tax_minor=1_841
    )
    standing = application.made_plans.get(planned(application, line))
    order = order_of(("TEA", 1), lines=(line,), channel="mall")
    settled = settled_order(standing.plan, order, application.catalog.catalog, None)
    figures = {one.sku: (one.list_minor, one.paid_minor, one.tax_minor) for one in settled.lines}
    # 12,000 of 16,002 are tea's: 14,998.9 of the list price and 1,380.6 of the tax.
    assert figures == {"TEA": (14_999, 12_000, 1_381), "CUP": (5_002, 4_002, 460)}
    half = replace(standing.plan, lines=tuple(replace(one, planned_units=1) for one in standing.plan.lines))
    settled = settled_order(half, order, application.catalog.catalog, None)
    assert sum(one.list_minor for one in settled.lines) == 10_001  # 10,000.5
    assert sum(one.tax_minor for one in settled.lines) == 921  # 920.5


def test_a_stated_list_price_and_tax_reach_the_contract(application: Application, clock: ManualClock) -> None:
    by_list = STORE.replace("share: {rate: 60%, bears: {freight: 50%}}", "share: {of: list, rate: 60%}")
    application.contracts.upsert(request_for("UpsertContracts", "c", by_list), [parse(by_list, "c")])
    line = OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=5_000, list_minor=12_000, tax_minor=1_150)
    plan_id = planned(application, line)
    application.confirming.confirm(request_for("ConfirmPlan", "c"), plan_id)
    plans = [SettledPlan(plan_id=plan_id, delivered_on=date(2026, 3, 4))]
    application.finance.settled_plans.record(request_for("RecordSettledPlans", "b"), plans)
    clock.advance(timedelta(days=40))
    run = application.finance.settlements.run(request_for("RunSettlement", "s"), "store-co", "CNY", MARCH)
    assert run.payout_minor == 7_200  # 60 % of 120.00, though 100.00 were paid
    sharing = application.finance.settlements.sharing("O-1")
    assert [one.amount_minor for one in sharing.steps if one.rule == "tax"] == [1_150]


LINE = OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=5_000)


@pytest.mark.parametrize(
    ("line", "field"), [(replace(LINE, list_minor=-1), "list_minor"), (replace(LINE, tax_minor=10_001), "tax_minor")]
)
def test_a_line_that_states_what_cannot_be_is_refused(application: Application, line: OrderLine, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        planned(application, line)
    assert [one.field for one in refused.value.violations] == [f"order.lines[0].{field}"]


def test_what_a_combination_states_is_shared_out_to_what_it_became() -> None:
    became = [
        ExplodedLine(line_id=f"1.{sku}", of_line_id="1", item_id=sku, quantity=units, unit_price_minor=price, parts=())
        for sku, units, price in (("TEA", 2, 300), ("CUP", 1, 100))
    ]
    given = {"1": OrderLine(line_id="1", sku="SET", quantity=1, list_minor=1_000, tax_minor=71)}
    asked = [OrderLine(line_id=one.line_id, sku=one.item_id, quantity=one.quantity) for one in became]
    told = with_stated_prices(asked, became, given)
    assert [(one.list_minor, one.tax_minor) for one in told] == [(857, 61), (143, 10)]
