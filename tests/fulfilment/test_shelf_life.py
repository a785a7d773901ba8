"""What comes in expires by the shelf life of its material; what carriers look at follows from its attributes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.fulfilment.model import PlanCommand
from solver.scenario.load import load
from solver.stock.model import Movement
from solver.stock.physical.import_model import ImportedRow
from solver.storage.once import request_for
from tests.made_world import MATERIALS, MONDAY_AT_8, made_world, order_of
from tests.running import Running

MILK = replace(
    MATERIALS[0],
    sku="MILK",
    attributes={"shelf_life_days": "14", "least_days_on_receipt": "7", "temperature_class": "chilled"},
)
TODAY = MONDAY_AT_8.date()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def running(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    served = Running(tmp_path / "data", clock)
    load(served.application, made_world(materials=(*MATERIALS, MILK)))
    yield served
    served.close()


def receive(running: Running, name: str, *movements: Movement) -> None:
    running.application.stockroom.receive(request_for("ReceiveStock", name), movements, "po")


def made(sku: str, made_on: date, lot: str = "L") -> Movement:
    return Movement(site_id="W-EAST", sku=sku, units=3, lot=lot, made_on=made_on)


def planned_units(running: Running, name: str) -> int:
    command = PlanCommand(order=order_of(("MILK", 3)), validate_only=True)
    plan = running.application.planner.plan(request_for("PlanFulfillment", name), command, seconds_left=30).plan
    return sum(packed.units for package in plan.packages for packed in package.contents)


def test_a_receipt_expires_by_the_day_it_was_made_and_the_shelf_life(running: Running, clock: ManualClock) -> None:
    receive(running, "milk", made("MILK", TODAY - timedelta(days=4)))
    with running.application.database.read() as reader:
        [level] = running.application.stock.places.levels(reader, skus=["MILK"])
    assert level.place.expires_on == TODAY + timedelta(days=10)
    assert planned_units(running, "fresh") == 3
    clock.advance(timedelta(days=12))
    assert planned_units(running, "old") == 0


def test_what_has_no_shelf_life_or_two_days_or_too_few_left_is_not_taken(running: Running) -> None:
    wrong = (
        made("TEA", TODAY),
        replace(made("MILK", TODAY), expires_on=TODAY),
        made("MILK", TODAY + timedelta(days=1), "M"),
        made("MILK", TODAY - timedelta(days=8), "N"),
    )
    before = running.contents()
    with pytest.raises(InvalidRequest) as refused:
        receive(running, "wrong", *wrong)
    told = {one.field: one.remedy for one in refused.value.violations}
    assert told == {
        "movements[0].made_on": "TEA has no shelf_life_days; give it in the catalog, or say expires_on instead",
        "movements[1].made_on": "expires_on is said already; give one of them",
        "movements[1].expires_on": "0 days are left, and MILK is taken with 7 at least; send it back",
        "movements[2].made_on": f"it is {TODAY.isoformat()} there; give a day until then",
        "movements[3].expires_on": "6 days are left, and MILK is taken with 7 at least; send it back",
    }
    assert running.contents() == before


def test_a_file_of_receipts_is_dated_as_well_and_its_bad_lines_are_told(running: Running) -> None:
    rows = [
        ImportedRow(line=2, movement=made("MILK", TODAY - timedelta(days=1))),
        ImportedRow(line=3, movement=made("TEA", TODAY, "T")),
    ]
    imports = running.application.warehouse.stock_import
    outcome = imports.load(request_for("ImportStock", "file"), rows, "po", good_rows_only=True)
    assert [(one.line, one.field) for one in outcome.refused] == [(3, "made_on")]
    with running.application.database.read() as reader:
        [level] = running.application.stock.places.levels(reader, skus=["MILK"])
    assert level.place.expires_on == TODAY + timedelta(days=13)


def test_a_question_bears_the_tags_that_follow_from_the_catalog(running: Running) -> None:
    application = running.application
    question = application.planner.asking.question(order_of(("MILK", 1)), made_world().policy)
    assert question.problem().items["MILK"].tags == ("cold_chain",)
