"""What is kept of gifts and draws, in every store."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from solver.catalog.combinations.basket import Given
from solver.catalog.combinations.lines import ExplodedLine, ExplodedOrder
from solver.catalog.combinations.outcome import Decision, Explosion, GiftOutcome, Role, Taken
from solver.errors import LostRace
from solver.fulfilment.exploding import draws_kept, gifts_given
from solver.orders.model import OrderPart
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.made_world import MONDAY_AT_8

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


def exploded(units: int) -> ExplodedOrder:
    gift = GiftOutcome(
        line_id="G", gift_id="G:gift", path="gift", given_units=units, most_per_customer=2, most_in_total=3
    )
    line = ExplodedLine(
        line_id="G", of_line_id="G", item_id="G", quantity=units, unit_price_minor=0, role=Role.GIFT,
        parts=(OrderPart(sku="SAMPLE", units=1),),
    )  # fmt: skip
    return ExplodedOrder(explosion=Explosion(order_id="O", lines=(), pieces=(), gifts=(gift,)), lines=(line,))


def give(store: Database, plan_id: str, customer_id: str, units: int = 1, minutes: int = 0, unfilled: str = "") -> None:
    now = MONDAY_AT_8 + minutes * MINUTE
    store.run(
        lambda tx: gifts_given.give(
            tx, plan_id, exploded(units), {unfilled}, customer_id, now=now, expires_at=now + 15 * MINUTE
        )
    )


def given(store: Database, customer_id: str, minutes: int = 0) -> Given:
    with store.read() as reader:
        found = gifts_given.given_before(reader, {"G:gift"}, customer_id, MONDAY_AT_8 + minutes * MINUTE)
    return found["G:gift"]


def test_gifts_are_counted_refused_and_given_back(store: Database) -> None:
    give(store, "p1", "ann", 2)
    with pytest.raises(LostRace, match="of gift G:gift 0 are left, not 1"):
        give(store, "p2", "ann")
    give(store, "p3", "bob", minutes=10)
    with pytest.raises(LostRace):
        give(store, "p4", "")
    give(store, "p5", "cid", unfilled="G")
    assert given(store, "ann") == Given(to_customer=2, in_total=3)

    assert given(store, "ann", minutes=15) == Given(to_customer=0, in_total=1)  # that hold has expired
    give(store, "p6", "ann", minutes=15)
    store.run(lambda tx: gifts_given.confirm(tx, "p6"))
    store.run(lambda tx: gifts_given.give_back(tx, ["p3", "p1"]))
    assert given(store, "ann", minutes=99) == Given(to_customer=1, in_total=1)


def decision(path: str, code: str) -> Decision:
    return Decision(line_id="1", path=path, primitive="draw", taken=(Taken(code=code, units=1),))


def test_draws_are_kept_and_what_they_drew_is_pending_for_a_while(store: Database) -> None:
    first, second = decision("a", "red"), decision("b", "blue")
    store.run(lambda tx: draws_kept.keep(tx, "O-1", [first], {"RED": 1}, MONDAY_AT_8))
    store.run(lambda tx: draws_kept.keep(tx, "O-1", [second], {"RED": 1, "BLUE": 2}, MONDAY_AT_8))
    with store.read() as reader:
        assert draws_kept.find(reader, "O-1") == (first, second)
        assert draws_kept.pending(reader, {"RED", "BLUE"}, MONDAY_AT_8) == {"RED": 1, "BLUE": 2}
        assert draws_kept.pending(reader, {"RED", "BLUE"}, MONDAY_AT_8, {"O-1"}) == {}
        assert draws_kept.pending(reader, {"RED", "BLUE"}, MONDAY_AT_8 + draws_kept.PENDING_FOR) == {}
    store.run(lambda tx: draws_kept.settle(tx, "O-1"))
    with store.read() as reader:
        assert draws_kept.pending(reader, {"RED", "BLUE"}, MONDAY_AT_8) == {}
        assert draws_kept.find(reader, "O-1") == (first, second)
