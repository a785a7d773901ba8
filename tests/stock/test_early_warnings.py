"""Each warning is given exactly when its numbers ask for it, and carries them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock, to_micros
from solver.journal.flows import confirmed_out_of, first_entry_since
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.accounts import GOOD, allowance, backorderable, backordered, committed, good, incoming, supply
from solver.stock.expected.coming import COMING_SCHEMA, Coming, expect
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.channel_rows import CHANNEL_SCHEMA, put_channels
from solver.stock.layers.dividing import set_quotas
from solver.stock.partners.report_rows import REPORT_SCHEMA, ReportedLevel, put_reports
from solver.stock.physical.days import utc_day
from solver.stock.physical.sides import at_site, shortfall
from solver.stock.physical.states import StockState
from solver.stock.warnings.early_warnings import early_warnings
from solver.stock.warnings.threshold_rows import THRESHOLD_SCHEMA, put_thresholds, thresholds
from solver.stock.warnings.warning_model import StockThreshold, StockWarning, WarningKind, WarningQuery
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.stock import books


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(
        tmp_path / "books.db", [JOURNAL_SCHEMA, CHANNEL_SCHEMA, COMING_SCHEMA, THRESHOLD_SCHEMA, REPORT_SCHEMA]
    )
    yield opened
    opened.close()


class World:
    def __init__(self, database: Database, journal: Journal, clock: ManualClock) -> None:
        self.database, self.journal, self.clock = database, journal, clock

    def threshold(self, sku: str, **said: object) -> None:
        with self.database.write() as tx:
            put_thresholds(tx, [StockThreshold(sku=sku, **said)])  # type: ignore[arg-type]  # named by the test

    def receive(self, site_id: str, sku: str, units: int) -> None:
        books.receive(self.database, self.journal, (site_id, sku, units))

    def sell(self, site_id: str, sku: str, units: int, hold_id: str) -> None:
        """Hold and confirm."""
        hold = books.hold(self.database, self.journal, hold_id, [(site_id, sku, units)], minutes=5)
        books.confirm(self.database, self.journal, hold)

    def post(self, debit: AccountKey, credit: AccountKey, units: int) -> None:
        with self.database.write() as tx:
            self.journal.post(tx, "moved", "", [Transfer(debit=debit, credit=credit, amount=units)])

    def expect(self, site_id: str, sku: str, units: int, days: int) -> None:
        consignment_id = f"{site_id}-{days}"
        self.post(incoming(consignment_id, sku), supply(sku), units)
        with self.database.write() as tx:
            expected_at = self.clock.now() + timedelta(days=days)
            expect(tx, Coming(consignment_id=consignment_id, site_id=site_id, expected_at=expected_at))

    def warnings(self, query: WarningQuery | None = None) -> list[StockWarning]:
        with self.database.read() as reader:
            return list(early_warnings(self.journal, reader, query or WarningQuery(), utc_day))

    def kinds(self) -> list[WarningKind]:
        return [one.kind for one in self.warnings()]


@pytest.fixture
def world(database: Database, journal: Journal, clock: ManualClock) -> World:
    return World(database, journal, clock)


def test_stock_without_thresholds_and_trouble_gives_no_warning(world: World) -> None:
    world.receive("east", "tea", 1)
    assert world.warnings() == []


@pytest.mark.parametrize(("units", "warned"), [(9, True), (10, False)])
def test_fewer_units_than_the_least_at_a_site(world: World, units: int, warned: bool) -> None:
    world.receive("east", "tea", units)
    world.receive("west", "tea", 100)
    world.threshold("tea", site_id="east", least_units=10)
    expected = StockWarning(
        kind=WarningKind.BELOW_LEAST,
        sku="tea",
        site_id="east",
        figures={"available_units": 9, "least_units": 10},
        text="tea at east: 9 units are available, fewer than 10",
    )
    assert world.warnings() == ([expected] if warned else [])


def test_what_is_held_is_not_available(world: World) -> None:
    world.receive("east", "tea", 10)
    world.threshold("tea", least_units=10)
    books.hold(world.database, world.journal, "cart", [("east", "tea", 1)], minutes=15)
    assert world.kinds() == [WarningKind.BELOW_LEAST]
    world.clock.advance(timedelta(minutes=15))
    assert world.kinds() == []


def test_all_sites_together_and_a_channel_have_thresholds_of_their_own(world: World) -> None:
    world.receive("east", "tea", 6)
    world.receive("west", "tea", 6)
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="jd"), Channel(channel_id="tmall")])
        set_quotas(world.journal, tx, [Quota(channel_id="tmall", sku="tea", exclusive_units=9)], "season")
    world.threshold("tea", least_units=12)
    world.threshold("tea", channel_id="jd", least_units=4)
    [warning] = world.warnings()
    assert (warning.channel_id, warning.figures) == ("jd", {"available_units": 3, "least_units": 4})
    assert warning.text == "tea in jd: 3 units are available, fewer than 4"


def test_cover_counts_what_was_confirmed_in_the_last_days(world: World) -> None:
    world.receive("east", "tea", 100)
    world.threshold("tea", site_id="east", least_cover_days=21)
    world.sell("east", "tea", 30, "old")
    world.clock.advance(timedelta(days=28))
    world.sell("east", "tea", 30, "on the very day")
    world.clock.advance(timedelta(days=28))
    # 40 units at 30 in 28 days last for 37 days: the first sale is too long ago.
    assert world.warnings() == []
    world.sell("east", "tea", 20, "new")
    # 20 units at 50 in 28 days.
    assert world.warnings() == [
        StockWarning(
            kind=WarningKind.SHORT_COVER,
            sku="tea",
            site_id="east",
            figures={
                "available_units": 20,
                "sold_units": 50,
                "demand_days": 28,
                "cover_days": 11,
                "least_cover_days": 21,
            },
            text="tea at east: 20 units last for 11 days at 50 in 28 days, not for 21",
        )
    ]
    assert world.warnings(WarningQuery(demand_days=1))[0].figures["cover_days"] == 1


def test_units_that_were_sold_before_they_came_are_sales_too(world: World) -> None:
    world.receive("east", "tea", 10)
    world.post(backorderable("east", "tea"), allowance("tea"), 10)
    transfers = [
        Transfer(debit=committed("east", "tea"), credit=good("east", "tea"), amount=4),
        Transfer(debit=backordered("east", "tea"), credit=backorderable("east", "tea"), amount=3),
    ]
    with world.database.write() as tx:
        hold = world.journal.hold(tx, "stock_held", "order", transfers, world.clock.now() + timedelta(minutes=5))
        world.journal.confirm(tx, hold.entry_id)
    world.threshold("tea", site_id="east", least_cover_days=100)
    [cover] = [one for one in world.warnings() if one.kind is WarningKind.SHORT_COVER]
    assert (cover.figures["available_units"], cover.figures["sold_units"]) == (6, 7)


def test_a_hold_that_was_not_confirmed_is_no_sale(world: World) -> None:
    world.receive("east", "tea", 10)
    world.threshold("tea", least_cover_days=100)
    hold = books.hold(world.database, world.journal, "cart", [("east", "tea", 5)], minutes=5)
    books.release(world.database, world.journal, hold)
    assert world.warnings() == []


@pytest.mark.parametrize(("coming", "days", "warned"), [(4, 7, True), (5, 7, False), (5, 8, True)])
def test_stock_runs_out_where_what_comes_in_time_is_too_little(
    world: World, coming: int, days: int, warned: bool
) -> None:
    world.receive("east", "tea", 42)
    world.sell("east", "tea", 37, "sold")  # 37 in 28 days are 9.25 in seven: ten are needed, five are there
    world.threshold("tea", site_id="east", lead_days=7)
    world.expect("east", "tea", coming, days)
    expected = {
        "available_units": 5,
        "coming_units": coming if days <= 7 else 0,
        "needed_units": 10,
        "sold_units": 37,
        "demand_days": 28,
        "lead_days": 7,
    }
    assert [one.figures for one in world.warnings()] == ([expected] if warned else [])


def test_how_likely_stock_runs_out_is_said_where_it_is_forecast(world: World) -> None:
    world.receive("east", "tea", 21)
    world.threshold("tea", site_id="east", least_cover_days=10, lead_days=6)
    for day in range(16):
        world.clock.advance(timedelta(days=1))
        world.sell("east", "tea", 1, f"day {day}")
    asked: list[tuple[list[int], int, int]] = []

    def chance(by_day: Sequence[int], days: int, units: int) -> float | None:
        asked.append((list(by_day), days, units))
        return 0.4321 if days == 6 else None

    query = WarningQuery(demand_days=16)
    with world.database.read() as reader:
        runs_out, cover = early_warnings(world.journal, reader, query, utc_day, chance)
    assert asked == [([1] * 16, 10, 5), ([1] * 16, 6, 5)]
    assert (runs_out.kind, runs_out.figures["chance_permille"]) == (WarningKind.RUNS_OUT, 432)
    assert runs_out.text.endswith("; that they run out by then is 43.2 % likely")
    assert (cover.kind, "chance_permille" in cover.figures) == (WarningKind.SHORT_COVER, False)


def test_sales_of_the_last_day_stand_last(world: World) -> None:
    world.receive("east", "tea", 100)
    world.receive("west", "tea", 100)
    world.sell("east", "tea", 3, "first")
    world.clock.advance(timedelta(days=2))
    world.sell("east", "tea", 4, "second")
    world.sell("west", "tea", 5, "third")
    now_us = to_micros(world.clock.now())
    with world.database.read() as reader:
        found = confirmed_out_of(reader, Book.STOCK, (GOOD,), ["tea"], now_us=now_us, days=3)
    assert found == {("east", "tea"): [3, 0, 4], ("west", "tea"): [0, 0, 5]}


def test_more_promised_beyond_what_is_there_than_is_on_its_way(world: World) -> None:
    world.post(backorderable("east", "tea"), allowance("tea"), 10)
    with world.database.write() as tx:
        owed = [Transfer(debit=backordered("east", "tea"), credit=backorderable("east", "tea"), amount=6)]
        world.journal.hold(tx, "stock_held", "order", owed, world.clock.now() + timedelta(minutes=5))
    world.expect("east", "tea", 5, days=3)
    world.expect("west", "tea", 50, days=3)
    [warning] = world.warnings()
    assert (warning.kind, warning.sku, warning.site_id) == (WarningKind.OVERSOLD, "tea", "east")
    assert warning.figures == {"promised_units": 6, "coming_units": 5}
    assert warning.text == "tea at east: 6 units are promised that are not there, 5 are coming"
    world.expect("east", "tea", 1, days=4)
    assert world.warnings() == []


def test_less_found_by_a_count_than_is_promised(world: World) -> None:
    world.receive("east", "tea", 5)
    world.post(supply("tea"), shortfall("east", "tea"), 3)
    [warning] = world.warnings()
    assert (warning.kind, warning.figures) == (WarningKind.NEGATIVE_COUNT, {"missing_units": 3})


def test_a_supplier_who_fell_silent(world: World) -> None:
    now = world.clock.now()
    with world.database.write() as tx:
        report = ReportedLevel(
            site_id="dropper", sku="tea", units=7, as_of=now, fresh_until=now + timedelta(minutes=30)
        )
        put_reports(tx, [report])
    world.receive("dropper", "tea", 7)
    world.clock.advance(timedelta(minutes=30) - timedelta(microseconds=1))
    assert world.warnings() == []
    world.clock.advance(timedelta(minutes=60))
    world.post(at_site("dropper", "tea", StockState.STALE), good("dropper", "tea"), 5)
    [warning] = world.warnings()
    assert warning == StockWarning(
        kind=WarningKind.STALE_SUPPLIER,
        sku="tea",
        site_id="dropper",
        figures={"stale_units": 5, "reported_units": 7, "silent_minutes": 89, "fresh_minutes": 30},
        text="tea at dropper: the last report is 89 minutes old, too old to sell on",
    )
    assert world.warnings(WarningQuery(skus=["milk"])) == []
    assert world.warnings(WarningQuery(site_ids=["east"])) == []


def test_the_most_urgent_come_first_and_may_be_narrowed(world: World) -> None:
    for sku in ("milk", "tea"):
        world.threshold(sku, least_units=1)
        world.threshold(sku, site_id="west", least_units=2)
        world.post(supply(sku), shortfall("east", sku), 1)
    assert [(one.kind, one.sku, one.site_id) for one in world.warnings()] == [
        (WarningKind.NEGATIVE_COUNT, "milk", "east"),
        (WarningKind.NEGATIVE_COUNT, "tea", "east"),
        (WarningKind.BELOW_LEAST, "milk", ""),
        (WarningKind.BELOW_LEAST, "milk", "west"),
        (WarningKind.BELOW_LEAST, "tea", ""),
        (WarningKind.BELOW_LEAST, "tea", "west"),
    ]
    narrowed = world.warnings(WarningQuery(skus=["tea"], site_ids=["west"]))
    assert [(one.kind, one.sku, one.site_id) for one in narrowed] == [(WarningKind.BELOW_LEAST, "tea", "west")]


def test_a_threshold_that_says_nothing_ends_it(world: World) -> None:
    world.threshold("tea", least_units=1)
    world.threshold("tea", site_id="east", least_units=2)
    world.threshold("tea")
    with world.database.read() as reader:
        assert thresholds(reader) == [StockThreshold(sku="tea", site_id="east", least_units=2)]


def test_the_first_entry_since_a_moment_is_found(world: World, clock: ManualClock) -> None:
    begun = clock.now()
    with world.database.read() as reader:
        assert first_entry_since(reader, 0) == 1
    for _ in range(9):
        world.receive("east", "tea", 1)
        clock.advance(timedelta(seconds=1))
    with world.database.read() as reader:
        for seconds in range(11):
            micros = int((begun + timedelta(seconds=seconds)).timestamp() * 1_000_000)
            assert first_entry_since(reader, micros) == min(seconds, 9) + 1
