"""Any life of holds, on a clock that also runs backwards, against a model in counters."""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort, XunyuanError
from solver.journal.model import EntryState
from solver.stock.accounts import ADJUSTED, SUPPLY, incoming
from solver.stock.expected.arrivals import land
from solver.stock.expected.coming import Coming, expect
from solver.stock.holding.commitment_model import CommitmentRow, ShortPick
from solver.stock.holding.standing import HoldName
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import Side, elsewhere, lying, move, outside
from solver.stock.physical.states import StockState
from solver.storage.url import open_database
from tests.stock.hold_model import (
    BACK,
    COMING,
    CONFIRMED,
    EXPIRED,
    HELD,
    LIMIT,
    RELEASED,
    SITES,
    Books,
    Life,
    Wanted,
    claims,
)
from tests.stock.hold_world import MONDAY, SCHEMAS, HoldWorld
from tests.stock.machine_books import in_a_file

NAMES = st.sampled_from(["a", "b", "c", "d"])
UNITS = st.integers(1, 5)
AWAITED = Coming(consignment_id=COMING, site_id="s1", expected_at=MONDAY + timedelta(days=1))
ON_ITS_WAY = Side(site=incoming(COMING, "tea"), place=elsewhere("tea"))
PLACE = StockPlace(site_id="s1")
CLAIMS = st.dictionaries(st.sampled_from([("s1", ""), ("s2", ""), ("s1", COMING)]), UNITS, min_size=1)


class HoldMachine(RuleBasedStateMachine):
    """Every act is done to both; what the model does not allow must be refused and change nothing."""

    begin_books: ClassVar[Callable[[str], str]] = in_a_file

    def __init__(self) -> None:
        super().__init__()
        begin_books = type(self).begin_books
        self.folder = tempfile.TemporaryDirectory()
        database = open_database(begin_books(self.folder.name), SCHEMAS)
        self.world = HoldWorld.over(database, ManualClock(MONDAY))
        self.books = Books(now=MONDAY)
        self.last_entry_at = MONDAY

    @initialize()
    def limit(self) -> None:
        self.world.limit(LIMIT)
        with self.world.database.write() as tx:
            expect(tx, AWAITED)
        self.receive("s1", 6)
        self.receive("s2", 3)
        self.send(8)
        for name, wanted in (("a", {("s1", ""): 7, ("s1", COMING): 2}), ("b", {("s1", ""): 2, ("s1", COMING): 3})):
            self.place(name, wanted, 20)
        self.place("c", {("s2", ""): 3, ("s1", COMING): 2}, 20)
        self.world.confirm("c")
        self.books.holds["c"].kept_state = CONFIRMED
        self.books.good["s2"] -= 3

    def name(self, data: st.DataObject, *states: EntryState) -> str:
        """Mostly a hold in one of these states, now and then any name."""
        self.now()
        fit = [name for name, _ in self.books.lives(*states)]
        return data.draw(NAMES if not fit or data.draw(st.integers(0, 7)) == 0 else st.sampled_from(fit))

    def part(self, data: st.DataObject, name: str) -> Wanted:
        """Mostly a part of what a hold has."""
        life = self.books.holds.get(name)
        if life is None or data.draw(st.integers(0, 7)) == 0:
            return data.draw(CLAIMS)
        has = life.slots()
        slots = data.draw(st.lists(st.sampled_from(sorted(has)), min_size=1, unique=True)) if has else []
        return {slot: data.draw(st.integers(1, has[slot])) for slot in slots} or data.draw(CLAIMS)

    def now(self) -> datetime:
        self.books.now = max(self.world.clock.now(), self.last_entry_at)
        return self.books.now

    def wrote(self) -> None:
        self.last_entry_at = self.now()

    def state_of(self, name: str) -> object:
        self.now()
        return self.books.state(name) if name in self.books.holds else None

    @rule(site_id=st.sampled_from(SITES), units=UNITS)
    def receive(self, site_id: str, units: int) -> None:
        self.world.receive(units, site_id)
        self.wrote()
        self.books.good[site_id] += units
        self.books.void()
        self.books.cover(site_id)

    @rule(units=UNITS)
    def send(self, units: int) -> None:
        with self.world.database.write() as tx:
            transfers = move(units, of=outside(SUPPLY, "tea"), to=ON_ITS_WAY)
            self.world.journal.post(tx, "sent", COMING, transfers)
        self.wrote()
        self.books.incoming += units

    @precondition(lambda self: self.books.incoming)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        good = data.draw(st.integers(0, self.books.incoming))
        lost = data.draw(st.integers(0 if good else 1, self.books.incoming - good))
        transfers = move(good, of=ON_ITS_WAY, to=lying(PLACE, "tea", StockState.GOOD)) if good else []
        transfers += move(lost, of=ON_ITS_WAY, to=outside(ADJUSTED, "tea")) if lost else []
        with self.world.database.write() as tx:
            self.world.stock.places.note_arrivals(tx, [(PLACE, "tea")])
            landing = land(self.world.journal, self.world.stock.places, tx, "arrived", COMING, AWAITED, transfers)
        self.wrote()
        self.books.void()
        assert self.books.arrive(good, lost) == (
            [(one.hold_id, one.units) for one in landing.kept],
            [(one.hold_id, one.units) for one in landing.broken],
        )

    @rule(name=NAMES, wanted=CLAIMS, minutes=st.integers(1, 30))
    def place(self, name: str, wanted: Wanted, minutes: int) -> None:
        state = self.state_of(name)
        books = self.swept()
        before = books.holds.get(name)
        if state is HELD:
            del books.holds[name]
        short = {
            "/".join(filter(None, (site_id, "tea", what))): f"wanted {units}, available {books.most(site_id, what)}"
            for (site_id, what), units in wanted.items()
            if units > books.most(site_id, what)
        }
        try:
            self.world.place(name, *claims(wanted), minutes=minutes)
        except StateConflict:
            assert state is CONFIRMED
            return
        except StockShort as refused:
            told = refused.metadata
            assert told == short
            return
        assert state is not CONFIRMED
        assert not short
        self.books = books
        self.books.place(name, before if state is HELD else None, wanted, self.now() + timedelta(minutes=minutes))
        if before is not None and before.there["s1"]:
            self.books.cover("s1")
        self.wrote()

    def swept(self) -> Books:
        """The books as an act finds them that voids what is due first; they count if it is not refused."""
        self.now()
        books = deepcopy(self.books)
        books.void()
        return books

    @rule(data=st.data(), minutes=st.integers(1, 30))
    def extend(self, data: st.DataObject, minutes: int) -> None:
        name = self.name(data, HELD)
        state = self.state_of(name)
        try:
            self.world.extend(name, minutes)
        except (NotFound, StateConflict):
            assert state is not HELD
            return
        assert state is HELD
        until = self.now() + timedelta(minutes=minutes)
        if until > self.books.holds[name].expires_at:
            self.books.holds[name].expires_at = until
            self.wrote()

    @rule(data=st.data(), taker=NAMES)
    def split(self, data: st.DataObject, taker: str) -> None:
        name = self.name(data, HELD)
        wanted = self.part(data, name)
        state, other = self.state_of(name), self.state_of(taker)
        try:
            self.world.split(name, taker, *claims(wanted))
        except XunyuanError:
            assert state is not HELD or other in (HELD, CONFIRMED) or not self.books.holds[name].has(wanted)
            return
        assert state is HELD
        assert other not in (HELD, CONFIRMED)
        assert self.books.holds[name].has(wanted)
        life = self.books.holds[name]
        new = Life(expires_at=life.expires_at)
        for (site_id, what), units in wanted.items():
            there = 0 if what else min(units, life.there[site_id])
            life.there[site_id] -= there
            new.there[site_id] += there
            new.promises[what] += life.tail(what, units - there)
            life.drop(what, units - there)
        self.books.holds[taker] = new
        life.end_if_empty()
        self.wrote()

    @rule(data=st.data(), taker=NAMES)
    def transfer(self, data: st.DataObject, taker: str) -> None:
        name = self.name(data, HELD)
        state, other = self.state_of(name), self.state_of(taker)
        try:
            self.world.transfer(name, taker, "order")
        except XunyuanError:
            assert state is not HELD or (name != taker and other in (HELD, CONFIRMED))
            return
        assert state is HELD
        if name != taker:
            life = self.books.holds[name]
            self.books.holds[taker] = replace(life)
            self.books.holds[name] = Life(expires_at=life.expires_at, kept_state=RELEASED)
            self.wrote()

    @rule(data=st.data(), what=st.sampled_from(["all", "part"]))
    def release(self, data: st.DataObject, what: str) -> None:
        name = self.name(data, HELD)
        wanted = {} if what == "all" else self.part(data, name)
        state = self.state_of(name)
        try:
            self.world.release(name, *claims(wanted))
        except (NotFound, StateConflict, InvalidRequest):
            assert state is not HELD or (wanted and not self.books.holds[name].has(wanted))
            return
        assert state is HELD
        life = self.books.holds[name]
        for (site_id, of), units in wanted.items():
            awaited = min(units, life.awaited(of)) if of or site_id == "s1" else 0
            life.drop(of, awaited)
            life.there[site_id] -= units - awaited
        if wanted:
            life.end_if_empty()
        else:
            life.kept_state = RELEASED
        self.wrote()
        self.books.void()
        self.books.cover("s1")

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        name = self.name(data, HELD)
        state = self.state_of(name)
        try:
            self.world.confirm(name)
        except (NotFound, StateConflict):
            assert state is not HELD
            return
        assert state is HELD
        self.wrote()
        life = self.books.holds[name]
        life.kept_state = CONFIRMED
        self.books.good -= Counter({site_id: units for site_id, units in life.there.items() if units})
        self.books.void()
        if life.awaited(BACK):
            self.books.cover("s1")

    @rule(data=st.data(), act=st.sampled_from(["ship", "short", "good", "ice"]))
    def use(self, data: st.DataObject, act: str) -> None:
        """Ship, miss or reject committed units."""
        name = self.name(data, CONFIRMED)
        [((site_id, _), units), *_] = self.part(data, name).items()
        books = self.swept()
        committed = books.holds[name].there[site_id] if self.state_of(name) is CONFIRMED else 0
        try:
            self.do(HoldName.of_caller(name), CommitmentRow(site_id=site_id, sku="tea", units=units), act)
        except (NotFound, StateConflict):
            assert units > committed
            return
        assert units <= committed
        self.books = books
        self.wrote()
        life = self.books.holds[name]
        life.there[site_id] -= units
        life.became[site_id, {"ship": "shipped", "short": "short"}.get(act, "rejected")] += units
        self.books.frozen[site_id] += units if act == "ice" else 0
        if act == "good":
            self.books.good[site_id] += units
            self.books.cover(site_id)

    def do(self, name: HoldName, row: CommitmentRow, act: str) -> None:
        if act == "ship":
            self.world.ship(name, row)
        elif act == "short":
            pick = ShortPick(site_id=row.site_id, sku="tea", missing_units=row.units, picked_units=0)
            self.world.report_short(name, pick)
        else:
            self.world.reject(name, row, into=StockState.GOOD if act == "good" else StockState.FROZEN)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        name = self.name(data, CONFIRMED)
        [((site_id, _), units), *_] = self.part(data, name).items()
        state, books = self.state_of(name), self.swept()
        life = books.holds.get(name, Life(expires_at=MONDAY))
        awaited = life.awaited(BACK) + life.awaited(COMING) if site_id == "s1" else 0
        try:
            self.world.cancel(HoldName.of_caller(name), CommitmentRow(site_id=site_id, sku="tea", units=units))
        except (NotFound, StateConflict):
            assert state is not CONFIRMED or units > life.there[site_id] + awaited
            return
        assert state is CONFIRMED
        self.books = books
        self.wrote()
        life.became[site_id, "cancelled"] += units
        given = 0
        while given < min(units, awaited):
            rank_of = {what: (life.promises[what][-1][0], what) for what in (BACK, COMING) if life.promises[what]}
            life.drop(max(rank_of, key=lambda what: rank_of[what]), 1)
            given += 1
        life.there[site_id] -= units - given
        self.books.good[site_id] += units - given
        if units > given:
            self.books.cover(site_id)

    @rule(minutes=st.integers(-9, 9))
    def turn_the_clock(self, minutes: int) -> None:
        self.world.clock.advance(timedelta(minutes=minutes))

    @precondition(lambda self: self.books.holds)
    @rule(data=st.data())
    def turn_the_clock_to_an_expiry(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.books.holds)))
        self.world.clock.advance(self.books.holds[name].expires_at - self.world.clock.now())

    @invariant()
    def sites_are_the_models(self) -> None:
        self.now()
        with self.world.database.read() as reader:
            found = {level.site_id: level for level in self.world.stock.levels(reader)}
        for site_id, level in found.items():
            assert level.available == self.books.available(site_id)
            assert level.held == self.books.held(site_id)
            assert level.committed == self.books.committed(site_id)
            assert level.frozen == self.books.frozen[site_id]
        assert (found["s1"].backordered, found["s1"].backorderable) == (
            self.books.promised(BACK),
            self.books.room(BACK),
        )
        assert self.books.good.keys() <= found.keys() | {site for site in SITES if not self.books.good[site]}

    @invariant()
    def holds_are_the_models(self) -> None:
        self.now()
        for name, life in self.books.holds.items():
            state, units = self.world.units(name)
            assert state is self.books.state(name)
            if state is HELD:
                assert units == life.contents()
            if state is CONFIRMED:
                self.commitment_is_the_models(name, life)
            if state is EXPIRED:
                assert self.world.hold(name).expires_at <= self.books.now

    def commitment_is_the_models(self, name: str, life: Life) -> None:
        found = {one.site_id: one for one in self.world.commitment(HoldName.of_caller(name)).contents}
        for site_id, one in found.items():
            assert one == life.commitment(site_id)

    @invariant()
    def nobody_waits_for_what_is_free(self) -> None:
        self.now()
        assert not self.books.waits_though_it_could_be_served()

    @invariant()
    def the_books_balance(self) -> None:
        assert self.world.discrepancies() == ()

    def teardown(self) -> None:
        with suppress(XunyuanError):
            self.world.database.close()
        self.folder.cleanup()


TestHoldMachine = HoldMachine.TestCase
TestHoldMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None, print_blob=True)
