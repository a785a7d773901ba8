"""Random lives of plans while the world changes: what an order was promised is shipped, open in one plan that stands,
lost and not yet planned anew, or told as unfilled; the books of stock and of money agree with that at every step.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.fulfilment import records
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.charging import charges_of
from solver.fulfilment.model import PlanCommand, PlanRecord, PlanState
from solver.fulfilment.replanning.model import ExceptionKind, ReplanCommand, ReplanOutcome
from solver.fulfilment.replanning.remains import remains_of
from solver.fulfilment.warehousing.consignments import Sending
from solver.network.conditions import CarrierHealth, CarrierState, SourceCondition, SourceStatus
from solver.orders.model import Order
from solver.scenario.load import load
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.holding.commitment_model import CommitmentRow, CommittedUnits, ShortPick
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.stock.model import BackorderLimit
from solver.storage.database import Reader
from solver.storage.once import Request, request_for
from solver.waves.limits import WaveLimits
from tests.made_world import MONDAY_AT_8, made_world, order_of

SECONDS = 60.0
HOUR = timedelta(hours=1)
PARTS = {"TEA": {"TEA": 1}, "CUP": {"CUP": 1}, "POT": {"POT": 1}, "GIFT": {"POT": 1, "CUP": 2}}
WANTED = st.dictionaries(st.sampled_from(sorted(PARTS)), st.integers(1, 4), min_size=1, max_size=2)
SERVICES, SOURCES = st.sampled_from(["ground", "air"]), st.sampled_from(["W-EAST", "S-EAST", "W-WEST"])
ANY = st.integers(0, 10**6)
ENDED = (PlanState.RELEASED, PlanState.EXPIRED)


def in_a_folder(folder: str) -> str:
    """The URL of a file in a folder of the machine's own."""
    return f"sqlite:{folder}/books.db"


class ReplanMachine(RuleBasedStateMachine):
    """The made world with little stock, orders of one or two items, and everything that may befall them."""

    begin_books: ClassVar[Callable[[str], str]] = in_a_folder

    def __init__(self) -> None:
        super().__init__()
        begin_books = type(self).begin_books
        self.folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock(MONDAY_AT_8)
        self.application = Application.open(begin_books(self.folder.name), self.clock)
        self.orders: dict[str, Order] = {}
        self.cancelled: Counter[tuple[str, str]] = Counter()  # order, SKU: given back by hand
        self.consignments: list[str] = []
        self.number = 0

    @initialize(beyond=st.integers(0, 2))
    def begin(self, beyond: int) -> None:
        load(self.application, made_world())
        limits = [BackorderLimit(site_id="W-WEST", sku="CUP", units=beyond)]
        self.application.holding.set_backorder_limits(self.request("limit"), limits)

    def request(self, method: str) -> Request:
        self.number += 1
        return request_for(method, f"r{self.number}", str(self.number))

    def order(self, wanted: dict[str, int]) -> Order:
        self.number += 1
        order = order_of(*sorted(wanted.items()), order_id=f"O-{self.number}", placed_at=self.clock.now())
        self.orders[order.order_id] = order
        return order

    def pick(self, number: int, *states: PlanState) -> str:
        """The number-th plan in one of these states; empty where there is none."""
        with self.application.database.read() as reader:
            ids = [one.plan_id for order_id in self.orders for one in self.chain(reader, order_id)]
        fitting = [one for one in ids if self.application.made_plans.get(one).state in states]
        return fitting[number % len(fitting)] if fitting else ""

    # What callers do

    @rule(wanted=WANTED)
    def plan(self, wanted: dict[str, int]) -> None:
        command = PlanCommand(order=self.order(wanted), hold_for=2 * HOUR)
        self.application.planner.plan(self.request("Plan"), command, seconds_left=SECONDS)

    @rule(wanted=st.lists(WANTED, min_size=2, max_size=3))
    def plan_batch(self, wanted: list[dict[str, int]]) -> None:
        command = BatchCommand(
            orders=tuple(map(self.order, wanted)), hold_for=2 * HOUR, wave_limits=WaveLimits(time_limit_seconds=2.0)
        )
        self.application.batches.plan(self.request("PlanBatch"), command, seconds_left=SECONDS)

    @rule(number=ANY, ends=st.sampled_from(["confirm", "confirm", "confirm", "release"]))
    def resolve(self, number: int, ends: str) -> None:
        if plan_id := self.pick(number, PlanState.HELD):
            confirming = self.application.confirming
            (confirming.release if ends == "release" else confirming.confirm)(self.request(ends), plan_id)

    @rule(number=ANY, row=ANY, units=st.integers(1, 3), act=st.sampled_from(["ship", "short", "reject", "cancel"]))
    def work(self, number: int, row: int, units: int, act: str) -> None:
        plan_id = self.pick(number, PlanState.CONFIRMED, PlanState.PARTLY_SHIPPED)
        if not plan_id:
            return
        committing = self.application.committing
        contents = committing.get(plan_id=plan_id).contents
        is_open = [one for one in contents if one.committed_units or (act == "cancel" and one.awaited_units)]
        if not is_open:
            return
        of = is_open[row % len(is_open)]
        there = of.committed_units + (of.awaited_units if act == "cancel" else 0)
        asked = CommitmentRow(site_id=of.site_id, sku=of.sku, units=min(units, there))
        request = self.request(act)
        if act == "short":
            picks = [ShortPick(site_id=asked.site_id, sku=asked.sku, missing_units=asked.units)]
            committing.report_short(request, picks, plan_id=plan_id)
        elif act == "cancel":
            committing.cancel(request, [asked], plan_id=plan_id)
            self.cancelled[self.application.made_plans.get(plan_id).plan.order_id, asked.sku] += asked.units
        else:
            {"ship": committing.ship, "reject": committing.reject}[act](request, [asked], plan_id=plan_id)

    # What is reported

    @rule(service_id=SERVICES, state=st.sampled_from(CarrierState), room=st.sampled_from([None, 0, 1, 3]))
    def report_carrier(self, service_id: str, state: CarrierState, room: int | None) -> None:
        is_congested = state is CarrierState.CONGESTED
        health = CarrierHealth(
            service_id=service_id,
            state=state,
            expires_at=self.clock.now() + 3 * HOUR,
            packages_left=room if is_congested else None,
            extra_transit_minutes=60 * is_congested,
        )
        self.application.reports.report_carriers(self.request("health"), [health])

    @rule(source_id=SOURCES, state=st.sampled_from(SourceCondition), room=st.sampled_from([None, 0, 1, 3]))
    def report_source(self, source_id: str, state: SourceCondition, room: int | None) -> None:
        is_slow = state is SourceCondition.SLOW
        status = SourceStatus(
            source_id=source_id,
            state=state,
            expires_at=self.clock.now() + 3 * HOUR,
            orders_left=room if is_slow else None,
            extra_lead_minutes=30 * is_slow,
        )
        self.application.reports.report_sources(self.request("status"), [status])

    @rule(sku=st.sampled_from(["TEA", "CUP", "POT"]), units=st.integers(1, 4), hours=st.integers(1, 8), site_id=SOURCES)
    def advise(self, sku: str, units: int, hours: int, site_id: str) -> None:
        consignment_id = f"C-{self.number}"
        sending = Sending(
            consignment_id=consignment_id,
            site_id=site_id,
            lines=(SentUnits(sku=sku, units=units),),
            expected_at=self.clock.now() + hours * HOUR,
        )
        self.application.warehouse.consigning.advise(self.request("advise"), sending)
        self.consignments.append(consignment_id)

    @precondition(lambda self: self.consignments)
    @rule(number=ANY, hours=st.integers(1, 9))
    def reschedule(self, number: int, hours: int) -> None:
        consignment_id = self.consignments[number % len(self.consignments)]
        expected_at = self.clock.now() + hours * HOUR
        self.application.warehouse.consigning.reschedule(self.request("late"), consignment_id, expected_at)

    @precondition(lambda self: self.consignments)
    @rule(number=ANY, good=st.integers(0, 4), damaged=st.integers(0, 2), is_all=st.booleans())
    def arrive(self, number: int, good: int, damaged: int, is_all: bool) -> None:
        consignment_id = self.consignments[number % len(self.consignments)]
        consigning = self.application.warehouse.consigning
        (sku,) = consigning.get(consignment_id).coming()
        arrived = [ArrivedUnits(sku=sku, units=good, damaged_units=damaged)] if good or damaged else []
        if not arrived and not is_all:
            return
        consigning.receive(self.request("arrive"), consignment_id, arrived, more_to_come=not is_all)
        if is_all:
            self.consignments.remove(consignment_id)

    @rule(minutes=st.sampled_from([20, 60, 150]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    # Planning anew

    @rule(price=st.sampled_from([None, 0, 500]), only_look=st.booleans())
    def replan_all(self, price: int | None, only_look: bool) -> None:
        self.replan(ReplanCommand(change_minor_per_package=price, validate_only=only_look))

    @rule(number=ANY, price=st.sampled_from([None, 0, 500]))
    def replan_one(self, number: int, price: int | None) -> None:
        states = (PlanState.HELD, PlanState.CONFIRMED, PlanState.PARTLY_SHIPPED, PlanState.CANCELLED, PlanState.SHIPPED)
        if plan_id := self.pick(number, *states):
            self.replan(ReplanCommand(plan_ids=(plan_id,), change_minor_per_package=price))

    def replan(self, command: ReplanCommand) -> None:
        with self.application.database.read() as reader:
            before = [one.plan_id for order_id in self.orders for one in self.chain(reader, order_id)]
        try:
            replanned = self.application.replanner.replan(self.request("Replan"), command, seconds_left=SECONDS)
        except StateConflict as conflict:
            if conflict.reason != "PLAN_ENDED":
                raise
            return
        changed = {one.plan_id: one for one in replanned.changes if one.outcome is ReplanOutcome.CHANGED}
        for one in changed.values():
            assert bool(one.new_plan_id) != command.validate_only
            assert one.why
        with self.application.database.read() as reader:
            after = [one.plan_id for order_id in self.orders for one in self.chain(reader, order_id)]
        assert len(after) - len(before) == (0 if command.validate_only else len(changed))

    # What holds after every step

    def chain(self, reader: Reader, order_id: str) -> list[PlanRecord]:
        """The plans of an order, each in the place of the one before it."""
        found = {one: records.find(reader, one) for one in records.plan_ids_of(reader, order_id)}
        by_before = {one.replaces_plan_id: one for one in found.values() if one is not None}
        assert len(by_before) == len(found), "two plans stand in one's place"
        chained, at = [], ""
        while at in by_before:
            chained.append(by_before[at])
            at = by_before[at].plan_id
        assert len(chained) == len(found)
        return chained

    def contents(self, reader: Reader, plan_id: str) -> tuple[PlanState, tuple[CommittedUnits, ...]]:
        """Where a plan's hold stands, and what became of its units."""
        state = self.application.planner.keeping.state(reader, plan_id)
        commitments = Commitments(self.application.journal, self.application.stock.places)
        name = HoldName.of_plan(plan_id)
        if state is PlanState.HELD:
            return state, commitments.held(reader, name)
        return state, () if state in ENDED else commitments.find(reader, name).contents

    @invariant()
    def books_balance_and_nothing_is_sold_twice(self) -> None:
        with self.application.database.read() as reader:
            assert self.application.journal.audit(reader) == ()
            assert self.application.stock.audit(reader) == ()
            for level in self.application.stock.levels(reader):
                assert min(level.available, level.on_hand, level.held, level.committed) >= 0

    @invariant()
    def what_an_order_was_promised_is_somewhere_and_only_once(self) -> None:
        with self.application.database.read() as reader:
            for order_id, order in self.orders.items():
                chained = self.chain(reader, order_id)
                if chained:
                    self.account_for(reader, order, chained)

    def account_for(self, reader: Reader, order: Order, chained: list[PlanRecord]) -> None:
        told: Counter[str] = Counter()
        for record in chained:
            state, contents = self.contents(reader, record.plan_id)
            is_last = record is chained[-1]
            is_open = sum(one.committed_units + one.awaited_units for one in contents)
            assert is_last or not is_open, "units are open in a plan that another has replaced"
            if is_last and state in ENDED:
                return
            for answer in record.plan.lines:
                told.update(_parts(order, answer.line_id, answer.unfilled_units))
            for one in contents:
                told[one.sku] += one.shipped_units
            if is_last:
                told += _open_and_lost(record, contents)
        for sku in ("TEA", "CUP", "POT"):
            told[sku] += self.cancelled[order.order_id, sku]
        wanted: Counter[str] = Counter()
        for line in order.lines:
            wanted.update(_parts(order, line.line_id, line.quantity))
        assert +told == +wanted, (order, chained)

    @invariant()
    def what_is_owed_is_for_packages_that_leave(self) -> None:
        with self.application.database.read() as reader:
            for order_id in self.orders:
                for record in self.chain(reader, order_id):
                    state, contents = self.contents(reader, record.plan_id)
                    owed = self.application.ledger.owed(reader, record.plan_id, "CNY")
                    if any(one.broken_units for one in contents):
                        continue  # taken back with the next act on the plan
                    confirmed = state not in (PlanState.HELD, *ENDED)
                    due = charges_of(record, remains_of(record.plan, contents, {}).leaving if confirmed else ())
                    assert _positive(owed.freight_minor) == _positive(due.freight_minor)
                    assert _positive(owed.handling_minor) == _positive(due.handling_minor)

    @invariant()
    def what_waits_for_nobody_is_in_no_queue(self) -> None:
        for one in self.application.replanner.exceptions():
            state = self.application.made_plans.get(one.plan_id).state
            assert state.stands or one.kind is ExceptionKind.UNITS_LOST  # its customer still wants what was refused

    def teardown(self) -> None:
        self.application.close()
        self.folder.cleanup()


def _open_and_lost(record: PlanRecord, contents: tuple[CommittedUnits, ...]) -> Counter[str]:
    """All that a plan planned but for what was shipped or given back."""
    units: Counter[str] = Counter()
    for package in record.plan.packages:
        for packed in package.contents:
            units[packed.sku] += packed.units
    for one in contents:
        units[one.sku] -= one.shipped_units + one.cancelled_units
    return units


def _parts(order: Order, line_id: str, quantity: int) -> dict[str, int]:
    """Units by SKU of so many of an order's line, or of a part of it."""
    root, _, part = line_id.partition("/")
    if part:
        return {part: quantity}
    item = next(line.sku for line in order.lines if line.line_id == root)
    return {sku: units * quantity for sku, units in PARTS[item].items()}


def _positive(minor: Mapping[str, int]) -> dict[str, int]:
    return {party: amount for party, amount in minor.items() if amount}
