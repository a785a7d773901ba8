"""What goods cost where by contracts, and that plans follow the contracts of their day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.fulfilment.batching.by_snapshot import orders_of
from solver.fulfilment.landed_cost import LandedCosts
from solver.fulfilment.model import PlanCommand
from solver.ledger.contracts.document import parse
from solver.orders.model import Order, OrderLine, OrderPart
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.stock.rows import Place
from solver.storage.once import request_for
from solver.waves.wave import NO_TERMS
from tests.begun import begun
from tests.made_world import MATERIALS, MONDAY_AT_8, made_world, order_of

SECONDS = 300.0  # what compiles meanwhile must not fail a test
TUESDAY = MONDAY_AT_8 + timedelta(days=1)
MINDS_LANDED_COST = Policy(settings={"landed_cost_permille": 1000})
MINDS_MARGIN = Policy(settings={"lost_margin_permille": 1000})
MALL = """\
contract: mall
version: 1
role: platform
party: mall
currency: CNY
from: 2026-01-01
commission: {rate: 5%}
"""
DEALER = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2026-01-01
until: 2026-03-02
applies_to: {sources: [S-EAST]}
share: {of: net, rate: 60%}
"""
FROM_TUESDAY = DEALER.replace("until: 2026-03-02\n", "").replace("2026-01-01", "2026-03-03")
CHEAPER = FROM_TUESDAY.replace("version: 1", "version: 2").replace("60%", "52.8%")


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """Tea is worth 50.00 to the company itself."""
    materials = (replace(MATERIALS[0], value_minor=5_000, category_id=""), *MATERIALS[1:])
    with begun(tmp_path, made_world(materials=materials), ManualClock(MONDAY_AT_8)) as application:
        yield application


def keep(application: Application, *texts: str) -> None:
    contracts = [parse(text, "c.yaml") for text in texts]
    application.contracts.upsert(
        request_for("UpsertContracts", f"keep {len(application.contracts.book.contracts)}", texts), contracts
    )


def tea(placed_at: datetime = MONDAY_AT_8, units: int = 1, **changes: object) -> Order:
    line = OrderLine(line_id="1", sku="TEA", quantity=units, unit_price_minor=10_000)
    return replace(order_of(("TEA", 1), placed_at=placed_at, channel="mall", lines=(line,)), **changes)  # type: ignore[arg-type]  # fields by name


def planned(application: Application, order: Order, policy: Policy = MINDS_MARGIN) -> Plan:
    command = PlanCommand(order=order, policy=policy, validate_only=True)
    return application.planner.plan(request_for("PlanFulfillment", ""), command, seconds_left=SECONDS).plan


def costs(application: Application, order: Order, agreed: dict[Place, int] | None = None) -> dict[str, int]:
    places = [("W-EAST", "TEA"), ("S-EAST", "TEA")]
    found = LandedCosts(lambda: application.contracts.book).of(
        order, MINDS_MARGIN, application.catalog.catalog, application.network.network, places, agreed or {}
    )
    return {source_id: minor for (source_id, _), minor in found.items()}


def test_a_units_cost_is_the_partners_share_or_the_goods_worth_and_the_commission(application: Application) -> None:
    keep(application, MALL, DEALER)
    # 5 % of 100.00 for the platform; the dealer has 60 % of the 95.00 that are left.
    assert costs(application, tea()) == {"W-EAST": 5_500, "S-EAST": 6_200}
    assert costs(application, tea(units=3)) == {"W-EAST": 5_500, "S-EAST": 6_200}
    assert costs(application, tea(), {("S-EAST", "TEA"): 4_000}) == {"W-EAST": 5_500, "S-EAST": 4_500}
    parts = (OrderPart(sku="TEA", units=2, price_minor=6_000), OrderPart(sku="CUP", units=1, price_minor=2_000))
    bundle = OrderLine(line_id="1", sku="SET", quantity=1, unit_price_minor=8_000, parts=parts)
    assert costs(application, tea(lines=(bundle,))) == {"W-EAST": 5_150, "S-EAST": 1_860}


def test_without_a_contract_for_a_source_nothing_is_stated(application: Application) -> None:
    keep(application, MALL)
    assert costs(application, tea()) == {}


def test_a_plans_costs_show_what_the_goods_cost_more_and_follow_the_contract_of_the_day(
    application: Application,
) -> None:
    assert planned(application, tea()).packages[0].source_id == "S-EAST"  # 8.60 there, 9.20 at the warehouse
    keep(application, MALL, DEALER, CHEAPER)
    monday = planned(application, tea())
    assert [one.source_id for one in monday.packages] == ["W-EAST"]
    assert "margin" not in monday.cost_minor  # it is the cheapest of all
    tuesday = planned(application, tea(TUESDAY))
    # From Tuesday on the dealer has 52.8 % of 95.00: 50.16, 16 cents above what the company's own tea is worth.
    assert [one.source_id for one in tuesday.packages] == ["S-EAST"]
    assert tuesday.cost_minor["margin"] == 16
    assert tuesday.total_minor == 860 + 16


def test_contracts_that_contradict_each_other_cost_no_order_its_plan(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    keep(application, DEALER, DEALER.replace("contract: wang", "contract: wang-2"))
    assert planned(application, tea()).packages[0].source_id == "S-EAST"
    assert "order O-1 is planned without contracts: on 2026-03-02 several contracts are for source" in caplog.text


def test_a_policy_that_does_not_mind_is_not_moved_by_contracts(application: Application) -> None:
    keep(application, MALL, DEALER)
    plan = planned(application, tea(), Policy())
    assert plan.packages[0].source_id == "S-EAST"
    assert plan.cost_minor.get("margin", 0) == 0


def test_a_plan_that_is_kept_is_explained_by_the_costs_of_its_day(application: Application) -> None:
    keep(application, MALL, DEALER)
    command = PlanCommand(order=tea(), policy=MINDS_MARGIN)
    standing = application.planner.plan(request_for("PlanFulfillment", "p"), command, seconds_left=SECONDS)
    keep(application, DEALER.replace("version: 1", "version: 2").replace("60%", "1%"))
    explained = application.made_plans.explain(standing.plan_id, seconds_left=SECONDS)
    assert explained.order_id == "O-1"
    assert standing.plan.packages[0].source_id == "W-EAST"


def test_landed_costs_are_a_term_of_their_own_and_follow_the_contract_of_the_day(application: Application) -> None:
    keep(application, MALL, DEALER, CHEAPER)
    monday = planned(application, tea(), MINDS_LANDED_COST)
    assert [one.source_id for one in monday.packages] == ["W-EAST"]
    tuesday = planned(application, tea(TUESDAY), MINDS_LANDED_COST)
    assert [one.source_id for one in tuesday.packages] == ["S-EAST"]
    assert tuesday.cost_minor["landed_cost"] == 16
    assert tuesday.total_minor == 860 + 16
    off = replace(MINDS_LANDED_COST, off=("landed_cost",))
    assert [one.source_id for one in planned(application, tea(), off).packages] == ["S-EAST"]


def test_a_kept_plan_is_explained_by_the_landed_costs_of_its_day(application: Application) -> None:
    keep(application, MALL, DEALER)
    command = PlanCommand(order=tea(), policy=MINDS_LANDED_COST)
    standing = application.planner.plan(request_for("PlanFulfillment", "p"), command, seconds_left=SECONDS)
    keep(application, DEALER.replace("version: 1", "version: 2").replace("60%", "1%"))
    with application.database.read() as reader:
        question = application.planner.questions.find(reader, standing.plan_id)
    assert question is not None
    assert question.landed_costs == {"TEA": {"S-EAST": 6_200, "W-EAST": 5_500, "W-WEST": 5_500}}
    assert application.made_plans.explain(standing.plan_id, seconds_left=SECONDS).reproduced


@pytest.mark.skipif(not IS_COMPILED, reason="snapshots need numba")
def test_the_snapshot_makes_the_plan_of_the_ordinary_path(application: Application) -> None:
    keep(application, MALL, DEALER, CHEAPER)
    orders = [tea(placed_at, units) for placed_at in (MONDAY_AT_8, TUESDAY) for units in (1, 3)]
    ordinary = [planned(application, order, MINDS_LANDED_COST) for order in orders]
    application.planner.make_ready(MINDS_LANDED_COST)
    for order, plan in zip(orders, ordinary, strict=True):
        question = application.planner.asking.question(order, MINDS_LANDED_COST)
        briefly = application.planner.readiness.briefly(question.network, question.catalog, question.policy)
        assert question.is_plain
        assert briefly is not None
        found = briefly.plan(question.order, question.available, question.problem_of, question.landed_costs)
        assert found == plan
    both = replace(MINDS_LANDED_COST, settings={"landed_cost_permille": 1000, "stock_value_permille": 1000})
    application.planner.make_ready(both)
    question = application.planner.asking.question(orders[0], both)
    assert application.planner.readiness.briefly(question.network, question.catalog, both) is None


@pytest.mark.skipif(not IS_COMPILED, reason="snapshots need numba")
def test_a_batch_goes_by_the_snapshot_where_its_orders_cost_the_same(application: Application) -> None:
    keep(application, MALL, DEALER)
    application.planner.make_ready(MINDS_LANDED_COST)

    def asked(*orders: Order) -> bool:
        questions = [application.planner.asking.question(order, MINDS_LANDED_COST) for order in orders]
        return orders_of(questions, application.planner.readiness, NO_TERMS) is not None

    dearer = OrderLine(line_id="1", sku="TEA", quantity=1, unit_price_minor=20_000)
    assert asked(tea(), tea(order_id="O-2"))
    assert not asked(tea(), tea(order_id="O-2", lines=(dearer,)))


def test_a_stated_list_price_and_tax_are_part_of_the_cost(application: Application) -> None:
    keep(application, MALL, DEALER.replace("of: net", "of: list"))
    line = OrderLine(line_id="1", sku="TEA", quantity=1, unit_price_minor=10_000, list_minor=12_000, tax_minor=1_150)
    # The dealer has 60 % of 120.00; commission is 5 % of 100.00; the tax is 11.50 wherever it ships from.
    assert costs(application, tea(lines=(line,))) == {"W-EAST": 5_500 + 1_150, "S-EAST": 7_200 + 500 + 1_150}
