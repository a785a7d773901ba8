"""Plans that are held together are what they would be one by one: the same answers, the same rows in every table."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.catalog.model import Part
from solver.catalog.ordered import parts_of
from solver.clock import ManualClock
from solver.errors import StateConflict, StockShort, XunyuanError
from solver.fulfilment.conditions.current import RoomTaken
from solver.fulfilment.decided import decided
from solver.fulfilment.model import PlanRecord
from solver.fulfilment.plan_keeping import WantedPlan
from solver.network.conditions import CarrierHealth, CarrierState
from solver.orders.model import OrderPart
from solver.scenario.load import load
from solver.sourcing.policy import DEFAULT_POLICY
from solver.storage.once import request_for
from tests.fulfilment.divided import divide
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.stock.test_placing_many import Counted

BATCHES, MOST_PLANS = 8, 9
TABLES = (
    "journal_account", "journal_entry", "journal_transfer", "journal_pending", "plan", "plan_package", "plan_question",
    "version",
)  # fmt: skip


def opened(where: Path | str, *, divided: bool = False) -> Application:
    application = Application.open(where, ManualClock(MONDAY_AT_8))
    load(application, made_world())
    if divided:
        divide(application)
    return application


def wanted(application: Application, draw: random.Random, number: int) -> WantedPlan:
    """The best plan of an order on what is there now; some orders come again, some are from a channel."""
    item = draw.choice((("TEA", 1), ("TEA", 2), ("CUP", 1), ("POT", 1), ("GIFT", 1)))
    order_id = f"O-{number if draw.random() < 0.8 else draw.randrange(number + 1)}"
    order = order_of(item, order_id=order_id, channel=draw.choice(("", "", "web")))
    question = application.planner.asking.question(order, DEFAULT_POLICY)
    return WantedPlan(
        plan_id=f"plan-{number}",
        plan=decided(question, application.planner.readiness, seconds_left=30.0),
        question=question,
        hold_for=timedelta(minutes=draw.randint(1, 20)),
        micros=7,
    )


def kept_rows(application: Application) -> dict[str, list[tuple[object, ...]]]:
    with application.database.read() as reader:
        return {name: sorted(reader.query(f"SELECT * FROM {name}"), key=repr) for name in TABLES}


def shown(made: Sequence[PlanRecord | XunyuanError]) -> list[object]:
    return [(type(one), one.reason, str(one), one.metadata) if isinstance(one, XunyuanError) else one for one in made]


@pytest.mark.parametrize("divided", [False, True], ids=["whole", "divided"])
def test_many_at_once_are_what_they_would_be_one_by_one(
    tmp_path: Path, store_url: str, seed: int, divided: bool
) -> None:
    together, alone = opened(store_url, divided=divided), opened(tmp_path / "alone", divided=divided)
    first, second = random.Random(seed), random.Random(seed)
    made: list[PlanRecord | XunyuanError] = []
    for batch in range(BATCHES):
        numbers = range(batch * MOST_PLANS, batch * MOST_PLANS + first.randint(1, MOST_PLANS))
        assert second.randint(1, MOST_PLANS) == len(numbers)
        asked = [wanted(together, first, number) for number in numbers]
        asked_again = [wanted(alone, second, number) for number in numbers]
        with together.database.write() as tx:
            at_once = together.planner.keeping.hold_each(tx, asked)
        with alone.database.write() as tx:
            one_by_one = [alone.planner.keeping.held_or_refused(tx, one) for one in asked_again]
        assert shown(at_once) == shown(one_by_one)
        assert kept_rows(together) == kept_rows(alone)
        made += at_once
        for application in (together, alone):
            clock = application.clock
            assert isinstance(clock, ManualClock)
            clock.advance(timedelta(minutes=6))
    assert sum(isinstance(one, PlanRecord) for one in made) > 10, "the draw held something"
    assert {type(one) for one in made} == {PlanRecord, StockShort, StateConflict}, "and was refused something"
    for application in (together, alone):
        with application.database.read() as reader:
            assert application.journal.audit(reader) == application.stock.audit(reader) == ()
        application.close()


def test_where_a_report_limits_a_carrier_many_at_once_take_no_more_than_it_leaves(tmp_path: Path) -> None:
    application = opened(tmp_path)
    report = CarrierHealth(
        service_id="ground",
        state=CarrierState.CONGESTED,
        packages_left=2,
        expires_at=MONDAY_AT_8 + timedelta(hours=5),
    )
    application.reports.report_carriers(request_for("ReportCarriers", "r", report), [report])
    question = application.planner.asking.question(order_of(("TEA", 1)), DEFAULT_POLICY)
    plan = decided(question, application.planner.readiness, seconds_left=30.0)
    assert [package.service_id for package in plan.packages] == ["ground"]
    asked = [
        WantedPlan(
            plan_id=f"plan-{number}",
            plan=replace(plan, order_id=f"O-{number}"),
            question=replace(question, order=replace(question.order, order_id=f"O-{number}")),
            hold_for=timedelta(minutes=5),
            micros=7,
        )
        for number in range(4)
    ]
    with application.database.write() as tx:
        made = application.planner.keeping.hold_each(tx, asked)
    assert [type(one) for one in made] == [PlanRecord, PlanRecord, RoomTaken, RoomTaken]
    application.close()


def test_many_plans_take_hardly_more_statements_than_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, counts = Counted(monkeypatch), []
    for number in (1, 32):
        application = opened(tmp_path / f"{number}")
        question = application.planner.asking.question(order_of(("POT", 1)), DEFAULT_POLICY)
        plan = decided(question, application.planner.readiness, seconds_left=30.0)
        asked = [
            WantedPlan(
                plan_id=f"plan-{one}",
                plan=replace(plan, order_id=f"O-{one}"),
                question=question,
                hold_for=timedelta(minutes=5),
                micros=7,
            )
            for one in range(number)
        ]
        with application.database.write() as tx:
            before = counted.statements
            made = application.planner.keeping.hold_each(tx, asked)
            counts.append(counted.statements - before)
        assert any(isinstance(one, PlanRecord) for one in made)
        application.close()
    assert counts[0] <= 20, "one for each table, and few to look"
    assert counts[1] <= counts[0] + 20


def test_what_a_plan_was_made_from_comes_back_as_it_was(store_url: str, seed: int) -> None:
    application, draw = opened(store_url), random.Random(seed)
    asked = [wanted(application, draw, number) for number in range(12)]
    with application.database.write() as tx:
        made = application.planner.keeping.hold_each(tx, asked)
    later = wanted(application, draw, 50)
    assert any(later.question.available[sku] != of for sku, of in later.question.on_hand.items())
    with application.database.write() as tx:
        made += application.planner.keeping.hold_each(tx, [later])
    with application.database.read() as reader:
        for one, record in zip([*asked, later], made, strict=True):
            found = application.planner.questions.find(reader, one.plan_id)
            if isinstance(record, XunyuanError):
                assert found is None
                continue
            assert found is not None
            assert (found.order, found.policy) == (one.question.order, one.question.policy)
            assert (found.available, found.on_hand) == (one.question.available, one.question.on_hand)
            assert found.network.sources == one.question.network.sources
            skus = {part.sku for line in one.plan.lines for part in parts_of_line(one, line.line_id)}
            assert found.catalog.materials == {sku: one.question.catalog.materials[sku] for sku in skus}
    application.close()


def parts_of_line(one: WantedPlan, line_id: str) -> Sequence[Part | OrderPart]:
    line = next(line for line in one.question.order.lines if line.line_id == line_id)
    return parts_of(line, one.question.catalog)
