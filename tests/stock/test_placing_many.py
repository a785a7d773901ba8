"""Holds that are placed together are what they would be one by one: the same answers, the same rows in every table."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import NotFound, XunyuanError
from solver.journal.model import EntryState
from solver.stock.accounts import SUPPLY, incoming
from solver.stock.expected.coming import Coming, expect
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.holding.placing import Placed, WantedHold
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas, set_warehouses
from solver.stock.model import StockHold
from solver.stock.physical.sides import Side, elsewhere, move, outside
from solver.storage.sqlite import SqliteTransaction
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea

BATCHES, MOST_WISHES = 12, 12
COMING = Coming(consignment_id="C-1", site_id="s1", expected_at=MONDAY + 60 * 24 * MINUTES)


def opened(where: str | Path, *, divided: bool) -> HoldWorld:
    """Tea at two sites, some of it on its way, some that may be backordered, and shared out where it is divided."""
    world = HoldWorld.over(open_database(where, SCHEMAS), ManualClock(MONDAY))
    world.receive(30, "s1")
    world.receive(9, "s2")
    world.limit(4)
    with world.database.write() as tx:
        expect(tx, COMING)
        side = Side(site=incoming("C-1", "tea"), place=elsewhere("tea"))
        world.journal.post(tx, "sent", "C-1", move(5, of=outside(SUPPLY, "tea"), to=side))
        put_channels(tx, [Channel(channel_id="web", tier=1), Channel(channel_id="shop", tier=2)])
        if divided:
            feeds = (Feed(site_id="s1", share_permille=600),)
            set_warehouses(world.journal, tx, [LogicalWarehouse(logical_id="online", rank=1, feeds=feeds)], "set")
            quota = Quota(channel_id="web", logical_id="", sku="tea", exclusive_units=6, ceiling_units=20)
            set_quotas(world.journal, tx, [quota], "set")
    return world


def wishes(draw: random.Random) -> list[WantedHold]:
    """Names that return now and then, also within a batch; some ask for too much, or for a strange consignment."""
    return [
        WantedHold(
            hold_id=f"hold-{draw.randrange(40)}",
            claims=[
                tea(draw.randint(1, 5), draw.choice(("s1", "s1", "s2", "s3")), draw.choice(("", "", "", "C-1")))
                for _ in range(draw.randint(1, 3))
            ],
            hold_for=draw.randint(1, 20) * MINUTES,
            terms=HoldTerms(channel=draw.choice(("", "web", "shop")), order_id=draw.choice(("", "o-1"))),
        )
        for _ in range(draw.randint(1, MOST_WISHES))
    ]


def shown(placed: Sequence[Placed]) -> list[object]:
    return [(type(one), one.reason, str(one), one.metadata) if isinstance(one, XunyuanError) else one for one in placed]


@pytest.mark.parametrize("divided", [False, True], ids=["whole", "divided"])
def test_many_at_once_are_what_they_would_be_one_by_one(
    tmp_path: Path, store_url: str, seed: int, divided: bool
) -> None:
    together, alone = opened(store_url, divided=divided), opened(tmp_path / "alone.db", divided=divided)
    draw, held, refused = random.Random(seed), 0, 0
    for _ in range(BATCHES):
        batch = wishes(draw)
        with together.database.write() as tx:
            at_once = together.holds.place_each(tx, batch)
        with alone.database.write() as tx:
            one_by_one = [placed for one in batch for placed in alone.holds.place_each(tx, [one])]
        assert shown(at_once) == shown(one_by_one)
        assert together.rows() == alone.rows()
        held += sum(isinstance(one, StockHold) for one in at_once)
        refused += sum(not isinstance(one, StockHold) for one in at_once)
        passed = draw.randint(0, 9) * MINUTES
        together.clock.advance(passed)
        alone.clock.advance(passed)
        if draw.random() < 0.5:
            name = draw.choice([one.hold_id for one in at_once if isinstance(one, StockHold)] or ["none"])
            if is_held(alone, name):
                together.confirm(name)
                alone.confirm(name)
    assert held > 10, "the draw held something"
    assert refused > 10, "and was refused something"
    assert together.discrepancies() == alone.discrepancies() == ()
    together.database.close()
    alone.database.close()


def is_held(world: HoldWorld, name: str) -> bool:
    try:
        return world.hold(name).state is EntryState.HELD
    except NotFound:
        return False


def test_the_answer_is_how_the_hold_stands(store_url: str) -> None:
    world = opened(store_url, divided=True)
    terms = HoldTerms(channel="web", order_id="o-1")
    wanted = [
        WantedHold(hold_id="a", claims=[tea(3), tea(1, "s2"), tea(2)], hold_for=5 * MINUTES, terms=terms),
        WantedHold(hold_id="b", claims=[tea(2, "s1", "C-1")], hold_for=7 * MINUTES),
        WantedHold(hold_id="a", claims=[tea(1)], hold_for=9 * MINUTES),
    ]
    with world.database.write() as tx:
        placed = world.holds.place_each(tx, wanted)
    assert placed[1:] == [world.hold("b"), world.hold("a")]
    world.database.close()


class Counted:
    """Counts the statements of transactions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements = 0
        for name in ("query", "execute", "executemany"):
            monkeypatch.setattr(SqliteTransaction, name, self._counting(getattr(SqliteTransaction, name)))

    def _counting(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: object) -> Any:
            self.statements += 1
            return plain(*given)

        return counted


def test_many_new_holds_take_hardly_more_statements_than_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, counts = Counted(monkeypatch), []
    for number in (1, 64):
        world = opened(tmp_path / f"{number}.db", divided=False)
        wanted = [WantedHold(hold_id=f"h{one}", claims=[tea(1, "s2")], hold_for=MINUTES) for one in range(number)]
        with world.database.write() as tx:
            before = counted.statements
            placed = world.holds.place_each(tx, wanted)
            counts.append(counted.statements - before)
        assert sum(isinstance(one, StockHold) for one in placed) == min(number, 9)
        world.database.close()
    assert counts[1] <= counts[0] + 10
