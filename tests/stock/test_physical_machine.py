"""Random lives of goods: whatever is received, moved, counted, sent, returned, reserved or reported, every unit is
somewhere, places add up to their sites, and nothing that is promised, expired or stale can be had.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.expected.consignments import Consignments
from solver.stock.model import Claim, Movement
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import Dealers, DealerSale
from solver.stock.partners.dropship import DropShippers, SkuLevel
from solver.stock.physical.counts import Counts
from solver.stock.physical.moves import StateChange, StockMove, change_states, move_stock
from solver.stock.physical.return_model import AnnouncedUnits, Grade, GradedUnits, ReturnedUnits
from solver.stock.physical.returns import Returns
from solver.stock.physical.states import BY_HAND, StockState
from solver.stock.stock import Stock
from solver.storage.database import Transaction
from solver.storage.url import open_database
from tests.stock.machine_books import in_a_file
from tests.stock.schemas import STOCK_SCHEMAS

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ETA = START + timedelta(days=9)
SITES, ZONES, LOTS = st.sampled_from(["s1", "s2"]), st.sampled_from(["", "A", "B"]), st.sampled_from(["", "L", "M"])
UNITS = st.integers(1, 6)
EXPIRIES = {"": None, "L": date(2026, 3, 2), "M": date(2026, 3, 4)}
REFUSALS = (InvalidRequest, StateConflict, StockShort)


class PhysicalMachine(RuleBasedStateMachine):
    """One SKU, two sites, three zones, two lots that expire; either site may have a dealer and a drop-shipper."""

    begin_books: ClassVar[Callable[[str], str]] = in_a_file

    def __init__(self) -> None:
        super().__init__()
        begin_books = type(self).begin_books
        self.folder = tempfile.TemporaryDirectory()
        self.database = open_database(begin_books(self.folder.name), STOCK_SCHEMAS)
        self.clock = ManualClock(START)
        self.journal = Journal(self.clock)
        self.stock = Stock(self.journal)
        self.number = 0

    def do(self, act: Callable[[Transaction], object]) -> None:
        """What is refused leaves no trace: the invariants look at what is left."""
        self.number += 1
        try:
            with self.database.write() as tx:
                act(tx)
        except REFUSALS:
            return

    def movement(self, site_id: str, units: int, zone: str, lot: str) -> Movement:
        return Movement(site_id=site_id, sku="tea", units=units, zone=zone, lot=lot, expires_on=EXPIRIES[lot])

    @initialize()
    def begin(self) -> None:
        everywhere = [self.movement(site_id, 4, zone, "") for site_id in ("s1", "s2") for zone in ("", "A")]
        self.do(lambda tx: self.stock.receive(tx, everywhere, "po"))

    @rule(site_id=SITES, units=UNITS, zone=ZONES, lot=LOTS, state=st.sampled_from(BY_HAND))
    def receive(self, site_id: str, units: int, zone: str, lot: str, state: StockState) -> None:
        movement = replace(self.movement(site_id, units, zone, lot), state=state)
        self.do(lambda tx: self.stock.receive(tx, [movement], "po"))

    @rule(site_id=SITES, units=UNITS, zone=ZONES, lot=LOTS)
    def lose(self, site_id: str, units: int, zone: str, lot: str) -> None:
        self.do(lambda tx: self.stock.adjust(tx, [self.movement(site_id, -units, zone, lot)], "lost"))

    @rule(site_id=SITES, units=UNITS, from_zone=ZONES, to_zone=ZONES, lot=LOTS)
    def move(self, site_id: str, units: int, from_zone: str, to_zone: str, lot: str) -> None:
        one = StockMove(site_id=site_id, sku="tea", units=units, from_zone=from_zone, to_zone=to_zone, lot=lot)
        self.do(lambda tx: move_stock(self.journal, self.stock.places, tx, [one], ""))

    @rule(site_id=SITES, units=UNITS, of=st.sampled_from(BY_HAND), to=st.sampled_from(BY_HAND), zone=ZONES)
    def change_state(self, site_id: str, units: int, of: StockState, to: StockState, zone: str) -> None:
        one = StateChange(site_id=site_id, sku="tea", units=units, from_state=of, to_state=to, zone=zone)
        self.do(lambda tx: change_states(self.journal, self.stock.places, tx, [one], ""))

    @rule(site_id=SITES, units=UNITS, hours=st.integers(1, 30), end=st.sampled_from(["", "confirm", "release"]))
    def hold(self, site_id: str, units: int, hours: int, end: str) -> None:
        hold_id = f"h{self.number}"

        def act(tx: Transaction) -> None:
            claim = Claim(site_id=site_id, sku="tea", units=units)
            self.stock.hold(tx, hold_id, [claim], self.stock.now(tx) + timedelta(hours=hours))
            if end:
                (self.stock.confirm if end == "confirm" else self.stock.release)(tx, hold_id)

        self.do(act)

    @rule(site_id=SITES, units=UNITS)
    def ship(self, site_id: str, units: int) -> None:
        def act(tx: Transaction) -> None:
            (level,) = self.stock.levels(tx, site_ids=[site_id]) or (None,)
            leaving = 0 if level is None else min(units, level.committed)
            if leaving:
                picks = self.stock.places.pick(tx, site_id, "tea", leaving)
                self.journal.post(tx, "shipped", "", self.stock.places.transfers_out("tea", picks))

        self.do(act)

    @rule(site_id=SITES, found=st.lists(st.integers(0, 5), min_size=8, max_size=8))
    def count(self, site_id: str, found: list[int]) -> None:
        def act(tx: Transaction) -> None:
            counts, count_id = Counts(self.journal, self.stock), f"c{self.number}"
            sheet = counts.open(tx, count_id, site_id).lines
            lines = [replace(line, counted_units=units) for line, units in zip(sheet, found, strict=False)]
            if len(lines) == len(sheet) and lines:
                counts.submit(tx, count_id, lines)
                counts.approve(tx, count_id)

        self.do(act)

    @rule(
        units=UNITS, good=st.integers(0, 7), damaged=st.integers(0, 2), end=st.sampled_from(["all", "part", "cancel"])
    )
    def send(self, units: int, good: int, damaged: int, end: str) -> None:
        def act(tx: Transaction) -> None:
            consignments, name = Consignments(self.journal, self.stock), f"t{self.number}"
            consignments.dispatch(tx, name, "s1", "s2", [SentUnits(sku="tea", units=units)], ETA)
            if end == "no":
                consignments.cancel(tx, name, "")
            else:
                arrived = [ArrivedUnits(sku="tea", units=good, damaged_units=damaged)]
                consignments.arrive(tx, name, arrived if good or damaged else [], more_to_come=end == "part")

        self.do(act)

    @rule(site_id=SITES, units=UNITS, graded=UNITS, grade=st.sampled_from(Grade), lot=LOTS)
    def take_back(self, site_id: str, units: int, graded: int, grade: Grade, lot: str) -> None:
        def act(tx: Transaction) -> None:
            returns, name = Returns(self.journal, self.stock), f"r{self.number}"
            returns.announce(tx, name, "", site_id, [AnnouncedUnits(sku="tea", units=units)])
            came = ReturnedUnits(sku="tea", units=units, lot=lot, expires_on=EXPIRIES[lot])
            returns.receive(tx, name, [came])
            returns.grade(tx, name, [GradedUnits(sku="tea", units=min(units, graded), grade=grade, lot=lot)])

        self.do(act)

    @rule(site_id=SITES, reserve=st.integers(0, 6), sold=st.integers(0, 3))
    def agree(self, site_id: str, reserve: int, sold: int) -> None:
        def act(tx: Transaction) -> None:
            dealers = Dealers(self.journal, self.stock)
            dealers.set_terms(tx, [DealerTerms(site_id=site_id, sku="tea", reserve_units=reserve)], "")
            if sold:
                dealers.sell(tx, [DealerSale(site_id=site_id, sku="tea", units=sold)], "")

        self.do(act)

    @rule(site_id=SITES, units=st.integers(0, 9), age=st.integers(0, 3))
    def report(self, site_id: str, units: int, age: int) -> None:
        as_of = self.clock.now() - timedelta(hours=age)
        levels, fresh_for = [SkuLevel(sku="tea", units=units)], timedelta(hours=6)
        shippers = DropShippers(self.journal, self.stock)
        self.do(lambda tx: shippers.report(tx, site_id, levels, as_of, fresh_for, is_complete=True))

    @rule(hours=st.integers(1, 12))
    def wait(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

    @invariant()
    def every_unit_is_somewhere(self) -> None:
        with self.database.read() as reader:
            assert self.journal.audit(reader) == ()
            assert self.stock.audit(reader) == ()

    @invariant()
    def what_is_missing_is_promised_and_no_one_can_have_it(self) -> None:
        with self.database.read() as reader:
            for level in self.stock.levels(reader):
                assert level.on_hand == level.available + level.held + level.committed - level.missing
                assert level.on_hand >= 0
                assert level.available >= 0
                assert level.missing >= 0

    @invariant()
    def after_a_sweep_no_free_unit_is_expired_stale_or_missing(self) -> None:
        self.stock.sweep_if_due(self.database)
        with self.database.read() as reader:
            today = self.stock.places.today(reader, "s1")
            expired: dict[str, int] = {}
            for one in self.stock.places.levels(reader):
                if one.state is StockState.GOOD and one.place.expires_on is not None and one.place.expires_on < today:
                    expired[one.place.site_id] = expired.get(one.place.site_id, 0) + one.units
            for level in self.stock.levels(reader):
                if level.available:
                    assert expired.get(level.site_id, 0) == 0
                    assert level.missing == 0

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()


TestPhysicalMachine = PhysicalMachine.TestCase
TestPhysicalMachine.settings = settings(max_examples=50, stateful_step_count=30, deadline=None, print_blob=True)
