"""Holds that are confirmed together end as they would one by one, and one that is refused changes nothing."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from solver.errors import XunyuanError
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.holding.placing import Placing, WantedHold
from solver.stock.model import StockHold
from solver.storage.database import Transaction
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


class InTurn(Placing):
    """Knows no way to do both at once."""

    def committed(self, tx: Transaction, wanted: Sequence[WantedHold]) -> None:
        return None


def committed(world: HoldWorld, wanted: list[WantedHold]) -> list[object]:
    with world.database.write() as tx:
        made = world.holds.commit_each(tx, wanted)
    return [(one.reason, str(one), one.metadata) if isinstance(one, XunyuanError) else one for one in made]


def test_placed_and_confirmed_at_once_is_as_one_after_the_other(
    tmp_path: Path, store_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, in_turn = opened(store_url, divided=True), opened(tmp_path / "turn.db", divided=True)
    monkeypatch.setattr(in_turn.holds, "_placing", InTurn(in_turn.journal, in_turn.stock.places))
    draw, ways = random.Random(seed), set()
    for batch in range(BATCHES):
        few = batch % 2  # small batches of what is there, and large ones that run into everything
        coming = ("",) if few else ("", "C-1")
        wanted = [
            WantedHold(
                hold_id=f"{batch}-{number}" if few else f"{draw.randint(0, 1 + batch)}-{number}",
                claims=[tea(draw.randint(1, 5 - 3 * few), draw.choice(("s1", "s2")), draw.choice(coming))],
                hold_for=draw.randint(1, 9) * MINUTES,
                terms=HoldTerms(channel=draw.choice(("", "web")), order_id=draw.choice(("", "o-1"))),
            )
            for number in range(2 if few else 9)
        ]
        answers = [committed(world, wanted) for world in (at_once, in_turn)]
        assert answers[0] == answers[1]
        assert at_once.rows() == in_turn.rows()
        ways |= {(few, isinstance(one, StockHold)) for one in answers[0]}
        for world in (at_once, in_turn):
            world.clock.advance(2 * MINUTES)
            world.receive(6)
    assert {(1, True), (0, True), (0, False)} <= ways, "both ways were gone, and something was refused"
    assert at_once.discrepancies() == in_turn.discrepancies() == ()
    at_once.database.close()
    in_turn.database.close()
