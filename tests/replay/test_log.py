"""Plans that a service made, as a scenario: a replay of it makes the same plans again."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.cli.main import main
from solver.cli.replay import policies_of
from solver.clock import ManualClock
from solver.fulfilment.model import PlanCommand
from solver.network.conditions import SourceCondition, SourceStatus
from solver.policies.document import parse
from solver.replay.outcome import Outcome
from solver.scenario.files import read_scenario
from solver.scenario.load import load
from solver.scenario.model import Disturbance, Inbound, OpeningStock, Trouble
from solver.sourcing.policy import Policy
from solver.stock.model import Movement
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.replay.test_replay import outcomes

HOUR = timedelta(hours=1)
DEAR_SPLITS = Policy(split_minor=5_000)


class Shop:
    """A service whose clock is turned, and what it planned."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(MONDAY_AT_8 - HOUR)
        self.application = Application.open(folder, self.clock, durable=False)
        load(self.application, made_world())
        self.plans: dict[str, list[tuple[str, str, dict[str, int]]]] = {}
        self.channel = ""

    def plan(self, hours: int, *wanted: tuple[str, int], policy: Policy | None = None, held_hours: int = 0) -> str:
        """Plan an order placed so many hours after Monday at eight; the plan's id. It is confirmed, or held so long."""
        moment = MONDAY_AT_8 + hours * HOUR
        self.clock.advance(moment - self.clock.now())
        order = order_of(*wanted, order_id=f"O-{hours:02}", placed_at=moment, channel=self.channel)
        command = PlanCommand(order=order, policy=policy, hold_for=(held_hours or 1) * HOUR)
        made = self.application.planner.plan(request_for("PlanFulfillment", order.order_id), command, seconds_left=600)
        if not held_hours:
            self.application.confirming.confirm(request_for("ConfirmPlan", order.order_id), made.plan_id)
        self.plans[order.order_id] = [
            (one.source_id, one.service_id, dict(Counter({row.sku: row.units for row in one.contents})))
            for one in made.plan.packages
        ]
        return made.plan_id

    def receive(self, site_id: str, sku: str, units: int) -> None:
        """Stock comes now."""
        rows = [Movement(site_id=site_id, sku=sku, units=units)]
        self.application.stockroom.receive(request_for("ReceiveStock", f"{self.clock.now()}"), rows, "po")

    def imported(self, folder: Path) -> None:
        """Close the service, and make a scenario of its database."""
        data = folder / "data"
        self.application.close()
        assert main(["import", "log", "--data", str(data), str(folder / "log")]) == 0


def ways(told: list[Outcome]) -> dict[str, list[tuple[str, str, dict[str, int]]]]:
    return {one.order_id: [(two.source_id, two.service_id, dict(two.units)) for two in one.packages] for one in told}


def test_a_replay_of_a_log_makes_the_logged_plans_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "data")
    shop.plan(0, ("TEA", 3), ("CUP", 1))
    shop.plan(1, ("TEA", 9))
    given_back = shop.plan(2, ("POT", 2), held_hours=9)
    shop.plan(3, ("POT", 1))  # from the west: those of the east are held
    shop.application.confirming.release(request_for("ReleasePlan", "x"), given_back)
    shop.plan(4, ("POT", 1))
    shop.plan(5, ("TEA", 2), held_hours=1)  # which nobody confirms
    shop.plan(6, ("TEA", 2))
    shop.receive("S-EAST", "TEA", 4)
    shop.plan(7, ("TEA", 4), ("GIFT", 1))
    shop.imported(tmp_path)
    scenario = read_scenario(tmp_path / "log")
    assert [order.order_id for order in scenario.orders] == sorted(shop.plans)
    assert ways(outcomes(scenario, tmp_path / "again")) == shop.plans
    assert [(one.order_id, one.source_id) for one in scenario.history] == [
        (order_id, way[0]) for order_id, packages in shop.plans.items() for way in packages
    ]


def test_stock_is_what_was_free_before_the_first_plan_and_what_came_or_was_given_back_comes_in(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "data")
    shop.receive("W-EAST", "TEA", 5)
    given_back = shop.plan(0, ("TEA", 2), held_hours=9)
    shop.receive("W-WEST", "CUP", 7)
    shop.application.confirming.release(request_for("ReleasePlan", "x"), given_back)
    shop.plan(2, ("TEA", 1), ("CUP", 1))
    shop.imported(tmp_path)
    scenario = read_scenario(tmp_path / "log")
    tea = {row.source_id: row.units for row in scenario.stock if row.sku == "TEA"}
    assert tea == {"W-EAST": 15, "S-EAST": 3, "W-WEST": 50}
    just_after = MONDAY_AT_8 + timedelta(microseconds=1)
    assert scenario.inbound == (
        Inbound(source_id="S-EAST", sku="TEA", units=2, arrives_at=just_after),
        Inbound(source_id="W-WEST", sku="CUP", units=7, arrives_at=just_after),
    )
    assert OpeningStock(source_id="W-WEST", sku="CUP", units=20) in scenario.stock
    assert {row.sku for row in scenario.stock} == {"TEA", "CUP"}


def test_what_cannot_be_told_again_is_said(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "data")
    shop.plan(0, ("TEA", 2))
    shop.plan(1, ("TEA", 1), policy=DEAR_SPLITS)
    shop.plan(2, ("TEA", 1), policy=DEAR_SPLITS)
    rows = [Movement(site_id="W-EAST", sku="TEA", units=-4)]
    shop.application.stockroom.adjust(request_for("AdjustStock", "a"), rows, "count")
    shop.imported(tmp_path)
    scenario = read_scenario(tmp_path / "log")
    assert scenario.policy == DEAR_SPLITS
    assert scenario.assumptions[3:] == (
        "The plans were made under 2 policies, the most usual of which stands here: one without a name, one without a "
        "name.",
        "4 units left otherwise, by adjustments, transfers or other holds: here they stay.",
    )


def test_a_database_without_plans_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop(tmp_path / "data")
    shop.application.close()
    assert main(["import", "log", "--data", str(tmp_path / "data"), str(tmp_path / "log")]) == 1
    assert "no plan is kept there: nothing was planned by PlanFulfillment or PlanBatch" in capsys.readouterr().err
    assert main(["import", "log", "--data", str(tmp_path / "nothing"), str(tmp_path / "log")]) == 1
    assert "there is no database at" in capsys.readouterr().err


def test_what_was_reported_and_under_which_kept_policies_is_told_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "data")
    text = "policy: dear-splits\nversion: 2\nprices:\n  split_minor: 5000\n"
    document = parse(text, "dear.yaml")
    shop.application.policies.upsert(request_for("UpsertPolicies", "p"), [document])
    cheapest = shop.application.policies.get("cheapest")
    shop.plan(0, ("TEA", 2), policy=cheapest.policy)
    ends_at = MONDAY_AT_8 + 90 * HOUR
    closed = SourceStatus(source_id="S-EAST", state=SourceCondition.CLOSED, expires_at=ends_at)
    shop.application.reports.report_sources(request_for("ReportSources", "1"), [closed])
    shop.plan(1, ("TEA", 1), policy=cheapest.policy)
    shop.plan(2, ("TEA", 1), policy=document.policy)
    usual = replace(closed, state=SourceCondition.OPEN)
    slow = SourceStatus(source_id="W-EAST", state=SourceCondition.SLOW, extra_lead_minutes=45, expires_at=ends_at)
    shop.application.reports.report_sources(request_for("ReportSources", "2"), [usual, slow])
    shop.plan(3, ("TEA", 2), policy=cheapest.policy)
    shop.imported(tmp_path)
    folder = tmp_path / "log"
    scenario = read_scenario(folder)
    assert scenario.disturbances == (
        Disturbance(
            trouble=Trouble.SOURCE_CLOSED,
            source_id="S-EAST",
            starts_at=MONDAY_AT_8 + HOUR,
            ends_at=MONDAY_AT_8 + 3 * HOUR,
        ),
        Disturbance(
            trouble=Trouble.SOURCE_SLOW,
            source_id="W-EAST",
            extra_minutes=45,
            starts_at=MONDAY_AT_8 + 3 * HOUR,
            ends_at=MONDAY_AT_8 + 27 * HOUR,
        ),
    )
    assert [one.source_id for one in scenario.sources if not one.is_active] == []
    assert scenario.policies == ("cheapest", "dear-splits-2.yaml")
    assert policies_of(scenario, folder, []) == [("cheapest", cheapest.policy), ("dear-splits", document.policy)]
    assert ways(outcomes(scenario, tmp_path / "again")) == shop.plans
