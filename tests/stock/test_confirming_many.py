"""Holds that are confirmed together end as they would one by one, and one that is refused changes nothing."""

import random
from pathlib import Path

from solver.errors import XunyuanError
from solver.stock.holding.placing import WantedHold
from solver.stock.model import StockHold
from tests.stock.hold_world import MINUTES, HoldWorld, tea
from tests.stock.test_placing_many import opened

BATCHES = 8


def placed(world: HoldWorld, wanted: list[WantedHold]) -> None:
    with world.database.write() as tx:
        world.holds.place_each(tx, wanted)


def confirmed(world: HoldWorld, names: list[str]) -> list[object]:
    with world.database.write() as tx:
        made = world.holds.confirm_each(tx, names)
    return [(one.reason, str(one), one.metadata) if isinstance(one, XunyuanError) else one for one in made]


def drawn_holds(draw: random.Random, batch: int) -> list[WantedHold]:
    """Some beyond what is there, up to what may be backordered, and some of what is on its way."""
    return [
        WantedHold(
            hold_id=f"{batch}-{number}",
            claims=[tea(draw.randint(1, 6), draw.choice(("s1", "s2")), draw.choice(("", "", "", "C-1")))],
            hold_for=draw.randint(1, 9) * MINUTES,
        )
        for number in range(8)
    ]


def test_confirmed_together_is_as_confirmed_one_by_one(tmp_path: Path, store_url: str, seed: int) -> None:
    together, alone = opened(store_url, divided=False), opened(tmp_path / "alone.db", divided=False)
    draw, done, refused = random.Random(seed), 0, 0
    for batch in range(BATCHES):
        wanted = drawn_holds(draw, batch)
        names = [f"{draw.randint(max(0, batch - 1), batch)}-{draw.randrange(9)}" for _ in range(10)]
        for world in (together, alone):
            placed(world, wanted)
        at_once, one_by_one = confirmed(together, names), [confirmed(alone, [name])[0] for name in names]
        assert at_once == one_by_one
        assert balances(together) == balances(alone)
        done += sum(isinstance(one, StockHold) for one in at_once)
        refused += sum(not isinstance(one, StockHold) for one in at_once)
        passed = draw.randint(0, 6) * MINUTES
        for world in (together, alone):
            world.clock.advance(passed)
            world.receive(3 + batch)
    assert done > 5, "the draw confirmed something"
    assert refused > 5, "and something was refused"
    assert together.discrepancies() == alone.discrepancies() == ()
    together.database.close()
    alone.database.close()


def balances(world: HoldWorld) -> object:
    rows = world.rows()
    return {table: of for table, of in rows.items() if table in ("journal_account", "stock_promise", "journal_pending")}


def test_the_same_hold_twice_is_confirmed_once_and_a_strange_one_is_told(store_url: str) -> None:
    world = opened(store_url, divided=False)
    placed(world, [WantedHold(hold_id="a", claims=[tea(3)], hold_for=5 * MINUTES)])
    hold, again, strange = confirmed(world, ["a", "a", "nobody"])
    assert hold == world.hold("a")
    assert again == ("HOLD_CONFIRMED", "hold 'a' is confirmed already", {"hold_id": "a"})
    assert strange == ("NOT_FOUND", "there is no hold 'nobody'", {"hold_id": "nobody"})
    world.database.close()
