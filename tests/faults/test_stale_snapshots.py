"""Two servers on one PostgreSQL; one decides on a snapshot that no longer holds, and the truth refuses its hold."""

from collections.abc import Collection, Iterator
from contextlib import closing

import pytest

from solver.app import Application
from solver.clock import SystemClock
from solver.errors import LostRace, StockShort
from solver.fulfilment.hold_model import HoldWish
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from solver.stock.following.live import LiveAvailability
from solver.stock.model import Claim
from solver.stock.rows import UnitsBySite
from solver.storage.database import Reader
from solver.storage.once import request_for
from tests.made_world import made_world, order_of
from tests.running import fresh_id


@pytest.fixture
def first(postgres_url: str) -> Iterator[Application]:
    with closing(Application.open(postgres_url, SystemClock())) as application:
        stock = (
            OpeningStock(source_id="W-EAST", sku="TEA", units=1),
            OpeningStock(source_id="W-WEST", sku="TEA", units=1),
        )
        load(application, made_world(stock=stock))
        yield application


@pytest.fixture
def second(first: Application, postgres_url: str) -> Iterator[Application]:
    with closing(Application.open(postgres_url, SystemClock())) as application:
        application.planner.make_ready()
        yield application


def plan(application: Application) -> FulfilmentPlan:
    command = PlanCommand(order=order_of(("TEA", 1), order_id=f"order {fresh_id()}"))
    return application.planner.plan(request_for("PlanFulfillment", fresh_id()), command, seconds_left=30.0)


def sources(plan: FulfilmentPlan) -> list[str]:
    return [package.source_id for package in plan.plan.packages]


def free(application: Application) -> dict[str, int]:
    with application.database.read() as reader:
        return dict(application.stock.available(reader, ["TEA"])["TEA"])


class Stale:
    """A server's view stays as it is for so many decisions."""

    def __init__(self, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
        live = application.planner._live
        with application.database.read() as reader:
            seen = live.available_and_held(reader, ["TEA"])
        ask = LiveAvailability.available_and_held
        self.decisions = 0
        self.most = 0

        def answer(view: LiveAvailability, reader: Reader, skus: Collection[str]) -> tuple[UnitsBySite, UnitsBySite]:
            if view is live and self.decisions < self.most:
                self.decisions += 1
                return seen
            return ask(view, reader, skus)

        monkeypatch.setattr(LiveAvailability, "available_and_held", answer)


def test_a_decision_on_a_stale_snapshot_is_refused_and_made_anew(
    first: Application, second: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = Stale(second, monkeypatch)
    stale.most = 1
    assert sources(plan(first)) == ["W-EAST"]
    assert sources(plan(second)) == ["W-WEST"], "it had seen a unit in the east, which was gone"
    assert stale.decisions == 1
    assert free(first) == free(second) == {"W-EAST": 0, "W-WEST": 0}


def test_a_server_that_stays_behind_holds_nothing(
    first: Application, second: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = Stale(second, monkeypatch)
    stale.most = 1_000
    assert sources(plan(first)) == ["W-EAST"]
    with pytest.raises(LostRace, match="others took the stock"):
        plan(second)
    assert free(first) == {"W-EAST": 0, "W-WEST": 1}


def test_conflicting_holds_on_two_servers_take_each_unit_once(first: Application, second: Application) -> None:
    def hold(application: Application, hold_id: str) -> None:
        claims = (Claim(site_id="W-EAST", sku="TEA", units=1),)
        application.holding.hold(request_for("HoldStock", fresh_id()), HoldWish(hold_id=hold_id, claims=claims))

    hold(first, "one")
    with pytest.raises(StockShort):
        hold(second, "two")
    assert free(first) == free(second) == {"W-EAST": 0, "W-WEST": 1}
