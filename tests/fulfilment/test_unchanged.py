"""A question that reads nothing where nothing has changed is the very one that reads everything."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.fulfilment.hold_model import HoldWish
from solver.fulfilment.questions import Question
from solver.sourcing.policy import DEFAULT_POLICY
from solver.stock.model import Claim, Movement
from solver.storage.once import request_for
from solver.storage.sqlite import SqliteReader
from tests.made_world import order_of

SKUS = ("TEA", "CUP", "POT")
STEPS = 150


def ask(application: Application, *, reads: bool = False) -> Question:
    asking, order = application.planner.asking, order_of(*((sku, 1) for sku in SKUS))
    return (asking.question if reads else asking.question_at_once)(order, DEFAULT_POLICY)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that are run from now on."""
    run: list[str] = []
    query = SqliteReader.query

    def noted(self: SqliteReader, sql: str, params: object = ()) -> object:
        run.append(sql)
        return query(self, sql, params)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(SqliteReader, "query", noted)
    return run


def receive(application: Application, name: str, sku: str, units: int) -> None:
    moved = [Movement(site_id="W-EAST", sku=sku, units=units)]
    application.stockroom.receive(request_for("ReceiveStock", name, moved), moved, "po")


def hold(application: Application, name: str, sku: str, minutes: int) -> None:
    claims = (Claim(site_id="W-WEST", sku=sku, units=1),)
    wish = HoldWish(hold_id=name, claims=claims, hold_for=timedelta(minutes=minutes))
    application.holding.hold(request_for("HoldStock", name), wish)


def test_nothing_is_read_where_nothing_has_changed(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(application)
    run = counted(monkeypatch)
    assert ask(application) == first
    assert run == []
    receive(application, "more", "TEA", 5)
    run.clear()
    after = ask(application)
    assert run
    assert after.available["TEA"]["W-EAST"] == first.available["TEA"]["W-EAST"] + 5


def test_a_hold_counts_at_once_and_no_longer_than_it_lasts(application: Application, clock: ManualClock) -> None:
    free = ask(application).available["TEA"]["W-WEST"]
    hold(application, "held", "TEA", minutes=10)
    assert ask(application).available["TEA"]["W-WEST"] == free - 1
    clock.advance(timedelta(minutes=9, seconds=59))
    assert ask(application).available["TEA"]["W-WEST"] == free - 1
    clock.advance(timedelta(seconds=1))
    assert ask(application).available["TEA"]["W-WEST"] == free
    clock.advance(timedelta(seconds=-30))  # the clock is set back
    assert ask(application).available["TEA"]["W-WEST"] == free - 1


def test_what_others_commit_is_seen_by_every_thread(application: Application) -> None:
    free = ask(application).available["TEA"]["W-EAST"]
    elsewhere = threading.Thread(target=receive, args=(application, "elsewhere", "TEA", 7))
    elsewhere.start()
    elsewhere.join()
    assert ask(application).available["TEA"]["W-EAST"] == free + 7


def test_both_ways_ask_the_same_whatever_is_done(application: Application, clock: ManualClock, seed: int) -> None:
    rng = random.Random(seed)

    def wait() -> None:
        clock.advance(timedelta(minutes=rng.randint(-2, 12)))

    known = 0
    for number in range(STEPS):
        name, sku = f"step-{number}", rng.choice(SKUS)
        acts: list[Callable[[], None]] = [
            lambda: receive(application, name, sku, rng.randint(1, 4)),  # noqa: B023 - it is called in this round
            lambda: hold(application, name, "TEA", minutes=rng.randint(1, 15)),  # noqa: B023
            wait,
            lambda: None,
            lambda: None,
        ]
        rng.choice(acts)()
        known += application.planner.asking._unchanged.entry_id() is not None
        at_once, read = ask(application), ask(application, reads=True)
        assert at_once.available == read.available
        assert at_once.on_hand == read.on_hand
        assert (at_once.amounts, at_once.values, at_once.landed_costs) == (read.amounts, read.values, read.landed_costs)
    assert STEPS // 5 < known < STEPS
