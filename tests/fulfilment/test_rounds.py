"""Plans that come together are decided and held in one pass, each as it would be alone."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, RequestIdReused, StateConflict, XunyuanError
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.planner import Planner
from solver.orders.model import Order
from solver.scenario.load import load
from solver.sourcing.plan import Engine
from solver.stock.model import Claim
from solver.storage.once import Request
from solver.watching.call_notes import Phase, begin_notes
from tests.fulfilment.test_holding_many_plans import kept_rows
from tests.made_world import MONDAY_AT_8, made_world, order_of

Asked = tuple[str, Order]
"""The id of a request, and its order."""


def opened(where: Path | str) -> Application:
    application = Application.open(where, ManualClock(MONDAY_AT_8))
    load(application, made_world())
    application.planner.make_ready()
    return application


@pytest.fixture
def ready(store_url: str) -> Iterator[Application]:
    application = opened(store_url)
    yield application
    with application.database.read() as reader:
        assert application.journal.audit(reader) == application.stock.audit(reader) == ()
    application.close()


def planned(application: Application, asked: Asked) -> FulfilmentPlan | XunyuanError:
    """The answer, without how long it took."""
    request_id, order = asked
    request = Request(method="PlanFulfillment", request_id=request_id, body_digest=repr(order).encode())
    try:
        made = application.planner.plan(request, PlanCommand(order=order), seconds_left=60.0)
    except XunyuanError as error:
        return error
    return replace(made, decision_micros=0)


def planned_together(application: Application, first: Asked, others: Sequence[Asked]) -> list[object]:
    """The answers of the others, who come in their order while the first is held."""
    waiting = application.planner._rounds._gathering._waiting
    with ThreadPoolExecutor(1 + len(others)) as pool:
        with application.database.write():
            pool.submit(planned, application, first)
            _wait_until(lambda: bool(application.database._groups._led))
            answers = []
            for number, one in enumerate(others):
                answers.append(pool.submit(planned, application, one))
                _wait_until(lambda number=number: len(waiting) > number)  # type: ignore[misc]  # bound at once
        return [one.result(60.0) for one in answers]


def _wait_until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        threading.Event().wait(0.001)


def shown(answers: Sequence[object]) -> list[object]:
    return [
        (type(one), one.reason, str(one), one.metadata) if isinstance(one, XunyuanError) else one for one in answers
    ]


def counting(application: Application, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The orders that are decided by themselves from now on."""
    alone: list[str] = []
    decide = Planner._decide

    def noting(planner: Planner, order: Order, *others: object) -> object:
        alone.append(order.order_id)
        return decide(planner, order, *others)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(Planner, "_decide", noting)
    return alone


FIRST = ("r-0", order_of(("CUP", 1), order_id="O-0"))
PLAIN = [
    (f"r-{number}", order_of((sku, units), order_id=f"O-{number}"))
    for number, (sku, units) in enumerate((("TEA", 1), ("POT", 1), ("CUP", 2), ("TEA", 1), ("TEA", 7)), start=1)
]


def test_those_who_come_together_get_what_they_get_one_by_one(
    ready: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_itself = opened(tmp_path / "alone")
    monkeypatch.setattr(by_itself.planner, "joins", lambda _: False)
    one_by_one = [planned(by_itself, one) for one in (FIRST, *PLAIN)]
    alone = counting(ready, monkeypatch)
    together = planned_together(ready, FIRST, PLAIN)
    assert shown(together) == shown(one_by_one[1:])
    assert alone == []
    rows, rows_alone = kept_rows(ready), kept_rows(by_itself)
    assert {name: len(of) for name, of in rows.items()} == {name: len(of) for name, of in rows_alone.items()}
    assert rows["plan_package"] == rows_alone["plan_package"]
    assert rows["journal_pending"] == rows_alone["journal_pending"]
    by_itself.close()


def test_what_is_out_of_the_ordinary_leaves_its_round_and_gets_its_own_answer(
    ready: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = planned(ready, ("r-before", order_of(("TEA", 1), order_id="O-before")))
    alone = counting(ready, monkeypatch)
    asked = [
        ("r-before", order_of(("TEA", 1), order_id="O-before")),
        ("r-before", order_of(("TEA", 2), order_id="O-other")),
        ("r-again", order_of(("TEA", 1), order_id="O-before")),
        ("r-unsound", order_of(("NOTHING", 1), order_id="O-unsound")),
        ("r-rare", order_of(("RARE", 1), order_id="O-rare")),
        ("r-plain", order_of(("POT", 1), order_id="O-plain")),
    ]
    repeated, reused, planned_before, unsound, rare, plain = planned_together(ready, FIRST, asked)
    assert repeated == before
    assert isinstance(reused, RequestIdReused)
    assert isinstance(planned_before, StateConflict)
    assert isinstance(unsound, InvalidRequest)
    assert [violation.field for violation in unsound.violations] == ["order.lines[0].sku"]
    assert isinstance(rare, FulfilmentPlan)
    assert [line.unfilled_units for line in rare.plan.lines] == [1]
    assert isinstance(plain, FulfilmentPlan)
    assert alone == ["O-rare"]


def test_a_request_that_comes_twice_in_a_round_makes_one_plan(ready: Application) -> None:
    asked = ("r-1", order_of(("TEA", 1), order_id="O-1"))
    first, second = planned_together(ready, FIRST, [asked, asked])
    assert isinstance(first, FulfilmentPlan)
    assert first == second


def test_of_two_requests_for_one_order_in_a_round_the_second_is_refused(ready: Application) -> None:
    order = order_of(("TEA", 1), order_id="O-1")
    first, second = planned_together(ready, FIRST, [("r-1", order), ("r-2", order)])
    assert isinstance(first, FulfilmentPlan)
    assert isinstance(second, StateConflict)
    assert second.metadata["plan_id"] == first.plan_id


def test_those_of_a_round_that_contend_are_decided_as_one_wave(
    ready: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready.planner._meeting, "_window", 60.0)
    asked = [(f"r-{number}", order_of(("TEA", 2), order_id=f"O-{number}")) for number in (1, 2, 3)]
    made = planned_together(ready, FIRST, asked)
    plans = [one.plan for one in made if isinstance(one, FulfilmentPlan)]
    assert {plan.engine for plan in plans} == {Engine.BATCH}
    assert sorted(plan.source_ids for plan in plans) == [("S-EAST",), ("W-EAST",), ("W-EAST",)]


def test_who_finds_the_stock_gone_is_planned_anew(ready: Application) -> None:
    """The store's 3 teas are there when the round decides, and gone when it holds."""
    with ThreadPoolExecutor(1) as pool:
        with ready.database.write() as tx:
            asked = pool.submit(planned, ready, ("r-1", order_of(("TEA", 1), order_id="O-1")))
            _wait_until(lambda: bool(ready.database._groups._led))
            claim = Claim(site_id="S-EAST", sku="TEA", units=3)
            ready.stock.hold(tx, "theirs", [claim], MONDAY_AT_8 + timedelta(hours=1))
        made = asked.result(60.0)
    assert isinstance(made, FulfilmentPlan)
    assert made.plan.source_ids == ("W-EAST",)


def test_an_order_of_a_long_search_takes_no_part(ready: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 9 teas and 51 cups there are 520 contents."""
    alone = counting(ready, monkeypatch)
    [small, large] = planned_together(
        ready,
        FIRST,
        [
            ("r-1", order_of(("TEA", 1), order_id="O-small")),
            ("r-2", order_of(("TEA", 9), ("CUP", 51), order_id="O-large")),
        ],
    )
    assert isinstance(small, FulfilmentPlan)
    assert isinstance(large, FulfilmentPlan)
    assert alone == ["O-large"]


def test_what_the_decisions_of_a_round_took_is_noted_of_all_who_were_in_it(ready: Application) -> None:
    noted: list[set[Phase]] = []

    def watched(asked: Asked) -> None:
        notes = begin_notes()
        planned(ready, asked)
        noted.append(set(notes.phase_seconds()))

    waiting = ready.planner._rounds._gathering._waiting
    with ThreadPoolExecutor(3) as pool, ready.database.write():
        pool.submit(watched, FIRST)
        _wait_until(lambda: bool(ready.database._groups._led))
        for number, one in enumerate(PLAIN[:2]):
            pool.submit(watched, one)
            _wait_until(lambda number=number: len(waiting) > number)  # type: ignore[misc]  # bound at once
    assert noted == [{Phase.SNAPSHOT, Phase.SOLVE, Phase.CHECK}] * 3
