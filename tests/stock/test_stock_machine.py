"""Any interleaving of receipts, holds, resolutions and a clock that also runs backwards, against a model in dicts."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from solver.clock import ManualClock
from solver.errors import StateConflict, StockShort
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.stock.model import Claim, Movement, StockLevel
from solver.stock.stock import Stock
from solver.storage.url import open_database
from tests.stock.machine_books import in_a_file
from tests.stock.schemas import STOCK_SCHEMAS

Place = tuple[str, str]
PLACES = st.tuples(st.sampled_from(["s1", "s2"]), st.sampled_from(["tea", "milk"]))
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Hold:
    claims: dict[Place, int]
    expires_at: datetime
    state: EntryState = EntryState.HELD


class StockMachine(RuleBasedStateMachine):
    """The model keeps good and committed units per place, and every hold ever made."""

    begin_books: ClassVar[Callable[[str], str]] = in_a_file

    def __init__(self) -> None:
        super().__init__()
        begin_books = type(self).begin_books
        self.folder = tempfile.TemporaryDirectory()
        self.database = open_database(begin_books(self.folder.name), STOCK_SCHEMAS)
        self.clock = ManualClock(START)
        self.journal = Journal(self.clock)
        self.stock = Stock(self.journal)
        self.good: dict[Place, int] = {}
        self.committed: dict[Place, int] = {}
        self.holds: dict[str, Hold] = {}
        self.last_entry_at: datetime | None = None

    def now(self) -> datetime:
        return self.clock.now() if self.last_entry_at is None else max(self.clock.now(), self.last_entry_at)

    def state(self, hold: Hold) -> EntryState:
        due = hold.state is EntryState.HELD and hold.expires_at <= self.now()
        return EntryState.EXPIRED if due else hold.state

    def held(self, place: Place) -> int:
        return sum(hold.claims.get(place, 0) for hold in self.holds.values() if self.state(hold) is EntryState.HELD)

    def available(self, place: Place) -> int:
        return self.good.get(place, 0) - self.held(place)

    def wrote(self) -> None:
        self.last_entry_at = self.now()

    def swept(self) -> None:
        for hold in self.holds.values():
            if hold.state is EntryState.HELD and self.state(hold) is EntryState.EXPIRED:
                hold.state = EntryState.EXPIRED
                self.wrote()

    @rule(place=PLACES, units=st.integers(1, 9))
    def receive(self, place: Place, units: int) -> None:
        with self.database.write() as tx:
            self.stock.receive(tx, [Movement(site_id=place[0], sku=place[1], units=units)], "po")
        self.swept()
        self.good[place] = self.good.get(place, 0) + units
        self.wrote()

    @rule(changes=st.dictionaries(PLACES, st.integers(-9, 9).filter(bool), min_size=1, max_size=2))
    def adjust(self, changes: dict[Place, int]) -> None:
        short = {place for place, units in changes.items() if self.available(place) + units < 0}
        movements = [Movement(site_id=site, sku=sku, units=units) for (site, sku), units in changes.items()]
        try:
            with self.database.write() as tx:
                self.stock.adjust(tx, movements, "count")
        except StockShort as refused:
            assert refused.metadata.keys() == {f"{site}/{sku}" for site, sku in short}
            return
        assert not short
        self.swept()
        for place, units in changes.items():
            self.good[place] = self.good.get(place, 0) + units
        self.wrote()

    @rule(claims=st.dictionaries(PLACES, st.integers(1, 6), max_size=3), minutes=st.integers(1, 30))
    def hold(self, claims: dict[Place, int], minutes: int) -> None:
        hold_id = f"h{len(self.holds)}"
        short = {place for place, units in claims.items() if units > self.available(place)}
        expires_at = self.now() + timedelta(minutes=minutes)
        wanted = [Claim(site_id=site, sku=sku, units=units) for (site, sku), units in claims.items()]
        try:
            with self.database.write() as tx:
                self.stock.hold(tx, hold_id, wanted, expires_at)
        except StockShort as refused:
            assert refused.metadata == {
                f"{place[0]}/{place[1]}": f"wanted {claims[place]}, available {self.available(place)}"
                for place in short
            }
            return
        assert not short
        self.swept()
        self.holds[hold_id] = Hold(claims=claims, expires_at=expires_at)
        self.wrote()

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), confirming=st.booleans())
    def resolve(self, data: st.DataObject, confirming: bool) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.holds)))
        hold = self.holds[hold_id]
        state = self.state(hold)
        try:
            with self.database.write() as tx:
                (self.stock.confirm if confirming else self.stock.release)(tx, hold_id)
        except StateConflict as refused:
            assert refused.reason == f"HOLD_{state.name}"
            assert state is not EntryState.HELD
            return
        assert state is EntryState.HELD
        hold.state = EntryState.CONFIRMED if confirming else EntryState.RELEASED
        self.swept()
        self.wrote()
        if confirming:
            for place, units in hold.claims.items():
                self.good[place] -= units
                self.committed[place] = self.committed.get(place, 0) + units

    @rule(minutes=st.integers(-20, 20))
    def turn_the_clock(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def turn_the_clock_to_an_expiry(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.holds)))
        self.clock.advance(self.holds[hold_id].expires_at - self.clock.now())

    @rule()
    def sweep(self) -> None:
        due = {
            hold_id
            for hold_id, hold in self.holds.items()
            if hold.state is EntryState.HELD and self.state(hold) is EntryState.EXPIRED
        }
        assert set(self.stock.sweep_if_due(self.database)) == due
        self.swept()

    @invariant()
    def levels_are_the_models(self) -> None:
        expected = tuple(
            StockLevel(
                site_id=site,
                sku=sku,
                on_hand=self.good[site, sku] + self.committed.get((site, sku), 0),
                held=self.held((site, sku)),
                committed=self.committed.get((site, sku), 0),
                available=self.available((site, sku)),
            )
            for site, sku in sorted(self.good, key=lambda place: (place[1], place[0]))
        )
        with self.database.read() as reader:
            assert sorted(self.stock.levels(reader), key=lambda level: (level.sku, level.site_id)) == list(expected)
            available = self.stock.available(reader, ["tea", "milk"])
            held = self.stock.held(reader, ["tea", "milk"])
        for level in expected:
            assert level.available >= 0
            assert available[level.sku][level.site_id] == level.available
            assert held[level.sku].get(level.site_id, 0) == level.held

    @invariant()
    def holds_stand_where_the_model_has_them(self) -> None:
        with self.database.read() as reader:
            for hold_id, hold in self.holds.items():
                assert self.stock.hold_state(reader, hold_id) is self.state(hold)

    @invariant()
    def the_books_balance(self) -> None:
        with self.database.read() as reader:
            assert self.journal.audit(reader) == ()

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()


TestStockMachine = StockMachine.TestCase
TestStockMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None, print_blob=True)
