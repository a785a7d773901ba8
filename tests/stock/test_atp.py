"""Available to promise by day: what is there, what comes and when, what of it is promised, and the look-ahead."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.clock import ManualClock
from solver.errors import StockShort
from solver.stock.accounts import SUPPLY, incoming
from solver.stock.expected.atp import atp, known_places
from solver.stock.expected.atp_model import Atp
from solver.stock.expected.coming import Coming, expect
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas
from solver.stock.physical.days import utc_day
from solver.stock.physical.sides import Side, elsewhere, move, outside
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea

DAY = timedelta(days=1)


@pytest.fixture
def world(store_url: str) -> Iterator[HoldWorld]:
    database = open_database(store_url, SCHEMAS)
    opened = HoldWorld.over(database, ManualClock(MONDAY))
    yield opened
    assert opened.discrepancies() == ()
    database.close()


def send(world: HoldWorld, consignment_id: str, units: int, days: int, site_id: str = "s1") -> None:
    """Tea is expected in so many days."""
    coming = Coming(consignment_id=consignment_id, site_id=site_id, expected_at=MONDAY + days * DAY)
    on_its_way = Side(site=incoming(consignment_id, "tea"), place=elsewhere("tea"))
    with world.database.write() as tx:
        expect(tx, coming)
        world.journal.post(tx, "sent", consignment_id, move(units, of=outside(SUPPLY, "tea"), to=on_its_way))


def ask(world: HoldWorld, *, days: int = 30, channel: str = "", site_id: str = "s1") -> Atp:
    with world.database.read() as reader:
        [answer] = atp(world.journal, reader, [(site_id, "tea")], days=days, day_of=utc_day, channel=channel)
    return answer


def by_day(answer: Atp) -> dict[int, int]:
    """ATP by the number of days from today."""
    return {(one.day - MONDAY.date()).days: one.atp_units for one in answer.days}


def test_what_comes_adds_up_day_by_day(world: HoldWorld) -> None:
    world.receive(5)
    send(world, "C-1", 10, 3)
    send(world, "C-2", 4, 7)
    send(world, "C-3", 1, 7)
    assert by_day(ask(world)) == {0: 5, 3: 15, 7: 20}
    assert by_day(ask(world, days=7)) == {0: 5, 3: 15}
    assert (ask(world).available_units, ask(world).overdue_units) == (5, 0)


def test_holds_and_promises_are_taken_off_what_they_are_made_from(world: HoldWorld) -> None:
    world.receive(5)
    send(world, "C-1", 10, 3)
    send(world, "C-2", 4, 7)
    world.place("now", tea(2))
    world.place("from the first", tea(6, consignment_id="C-1"))
    world.confirm("from the first")
    world.place("from the second", tea(1, consignment_id="C-2"))
    answer = ask(world)
    assert by_day(answer) == {0: 3, 3: 7, 7: 10}
    assert [(one.incoming_units, one.promised_units) for one in answer.days] == [(0, 0), (10, 6), (4, 1)]


def test_backorders_are_served_from_what_arrives_first(world: HoldWorld) -> None:
    """Look-ahead: the five that are free on the fifth day are owed to the backorder on the third."""
    world.limit(20)
    world.place("backorder", tea(8))
    world.confirm("backorder")
    send(world, "C-1", 10, 3)
    send(world, "C-2", 5, 5)
    answer = ask(world)
    assert (answer.backordered_units, by_day(answer)) == (8, {0: 0, 3: 2, 5: 7})


def test_todays_promise_leaves_enough_for_backorders_that_come_due(world: HoldWorld) -> None:
    """Five came after eight were backordered in a hold: six more arrive, so only three of the five are free."""
    world.limit(20)
    world.place("backorder", tea(8))
    world.receive(5)
    send(world, "C-1", 6, 3)
    answer = ask(world)
    assert (answer.available_units, by_day(answer)) == (5, {0: 3, 3: 3})


def test_what_is_overdue_counts_for_no_day(world: HoldWorld) -> None:
    send(world, "C-1", 10, 3)
    world.clock.advance(4 * DAY)
    answer = ask(world)
    assert (answer.overdue_units, [one.atp_units for one in answer.days]) == (10, [0])
    assert answer.days[0].day == date(2026, 3, 6)


def test_a_hold_that_expires_is_available_again(world: HoldWorld) -> None:
    world.receive(5)
    send(world, "C-1", 10, 3)
    world.place("cart", tea(5), tea(10, consignment_id="C-1"), minutes=10)
    assert by_day(ask(world)) == {0: 0, 3: 0}
    world.clock.advance(10 * MINUTES)
    assert by_day(ask(world)) == {0: 5, 3: 15}


def test_a_channel_is_told_what_its_quotas_let_it_take(world: HoldWorld) -> None:
    """Half of what there is and of what comes is the app's own."""
    world.receive(10)
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="app"), Channel(channel_id="web")])
        set_quotas(
            world.journal, tx, [Quota(channel_id="app", sku="tea", exclusive_permille=500, rebalances=True)], "quota"
        )
    send(world, "C-1", 4, 3)
    assert by_day(ask(world)) == {0: 10, 3: 14}
    assert by_day(ask(world, channel="web")) == {0: 5, 3: 7}
    assert by_day(ask(world, channel="app")) == {0: 10, 3: 14}


def test_every_site_that_has_it_or_awaits_it_is_known(world: HoldWorld) -> None:
    world.receive(5, "s2")
    send(world, "C-1", 10, 3, site_id="s3")
    with world.database.read() as reader:
        assert known_places(world.journal, reader, ["tea", "milk"], utc_day) == [("s2", "tea"), ("s3", "tea")]


@settings(max_examples=30)
@given(
    there=st.integers(0, 9),
    sent=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 6), st.integers(0, 9)), max_size=4),
    wanted=st.integers(0, 6),
)
def test_what_is_promised_by_day_can_be_held_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, there: int, sent: list[tuple[int, int, int]], wanted: int
) -> None:
    """On any day exactly ATP units can be held, from what is there and from the consignments expected until then."""
    database = open_database(tmp_path_factory.mktemp("books") / "books.db", SCHEMAS)
    world = HoldWorld.over(database, ManualClock(MONDAY))
    if there:
        world.receive(there)
    for number, (units, days, promised) in enumerate(sent):
        send(world, f"C-{number}", units, days)
        if min(units, promised):
            world.place(f"promise {number}", tea(min(units, promised), consignment_id=f"C-{number}"))
    expected = {days: units for days, units in by_day(ask(world)).items() if days <= wanted}
    most = expected[max(expected)]
    claims = [tea(there)] if there else []
    claims += [
        tea(units - min(units, promised), consignment_id=f"C-{number}")
        for number, (units, days, promised) in enumerate(sent)
        if days <= wanted and units > promised
    ]
    assert sum(claim.units for claim in claims) == most
    if most:
        world.place("all", *claims)
        assert [units for days, units in by_day(ask(world)).items() if days <= wanted][-1] == 0
        with pytest.raises(StockShort):
            world.place("one more", tea(1))
    database.close()
