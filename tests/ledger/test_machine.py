"""Any order of whatever books can do: every currency of every entity comes to zero, and the books replay the same."""

import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from solver.clock import ManualClock
from solver.errors import XunyuanError
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.accruals import Bill, BillLine
from solver.ledger.books.canonical import export
from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import BalanceFilter, period_balances
from solver.ledger.books.rebuild import rebuild
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.books.verify import verify
from solver.ledger.ledger import Ledger
from solver.ledger.model import Charges
from solver.storage.database import Database, Transaction
from solver.storage.url import open_database
from tests.ledger.carried import carried

BEGIN = date(2026, 1, 1)
GROUP = """\
entities:
  A: {name_en: A, base_currency: CNY, home: true, rate_days: 60}
  B: {name_en: B, base_currency: JPY, rate_days: 60}
cost_centres: {north: {name_en: North}}
"""
RATES = [
    Rate(currency=currency, base=base, on=BEGIN + timedelta(days=day), rate=Decimal(rate))
    for currency, base, day, rate in (
        ("USD", "CNY", 0, "7.1"),
        ("USD", "CNY", 40, "7.3333"),
        ("USD", "JPY", 0, "150"),
        ("USD", "JPY", 33, "147.77"),
        ("CNY", "JPY", 0, "21"),
    )
]
# Rates that come later: of what is posted from day 5 to 39 in yen, and from day 10 on in euros.
LATER = [
    Rate(currency=currency, base=base, on=BEGIN + timedelta(days=day), rate=Decimal(rate))
    for currency, base, day, rate in (
        ("JPY", "CNY", 2, "0.048"),
        ("EUR", "CNY", 0, "8.01"),
        ("EUR", "JPY", 4, "163.5"),
        ("EUR", "CNY", 30, "7.77"),
        ("EUR", "JPY", 61, "160"),
    )
]
days = st.integers(0, 70).map(lambda day: BEGIN + timedelta(days=day))
minor = st.one_of(st.integers(-50, 50), st.integers(-(10**9), 10**9))
entities = st.sampled_from(("A", "B", ""))
currencies = st.sampled_from(("CNY", "USD", "JPY", "EUR"))
parties = st.sampled_from(("tmall", "amazon"))
kinds = st.sampled_from(
    (
        ("shipped", "sale"),
        ("shipped", "cost_of_goods"),
        ("payment_received", "payment"),
        ("payment_received", "clearing_payment"),
        ("refunded", "refund"),
        ("settlement", "commission"),
        ("payout", "payout"),
        ("netting", "netting"),
        ("accrual", "freight"),
        ("adjustment", "opening_receivable"),
    )
)


class Books(RuleBasedStateMachine):
    """What is refused changes nothing; what is not leaves the books whole."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = self.open("books.db")
        self.clock = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
        self.journal = Journal(self.clock)
        self.ledger = Ledger(self.journal)
        self.vouchers: list[str] = []
        self.number = 0

    def open(self, name: str) -> Database:
        return open_database(Path(self.folder.name) / name, [JOURNAL_SCHEMA + LEDGER_SCHEMA], durable=False)

    def teardown(self) -> None:
        self.replays()
        self.database.close()
        self.folder.cleanup()

    def source(self) -> str:
        self.number += 1
        return f"source/{self.number}"

    @initialize(is_declared=st.booleans())
    def begin(self, is_declared: bool) -> None:
        with self.database.write() as tx:
            self.ledger.keep_rates(tx, RATES)
            if is_declared:
                self.ledger.declare(tx, read_declaration(GROUP, "group.yaml"))

    @rule(kind=kinds, entity=entities, currency=currencies, on=days, amounts=st.lists(minor, min_size=1, max_size=3))
    def post(self, kind: tuple[str, str], entity: str, currency: str, on: date, amounts: list[int]) -> None:
        of = tuple(
            Amount(charge=kind[1], amount_minor=one, party=("tmall", "amazon")[number % 2], counterparty="amazon")
            for number, one in enumerate(amounts)
        )
        event = Event(kind=kind[0], entity=entity, currency=currency, on=on, source=self.source(), amounts=of)
        self.attempt(lambda tx: [one for one in self.ledger.post_each(tx, [event]) if one])

    @rule(amount=st.integers(2, 10**6), part=st.integers(1, 10**6), entity=entities, on=st.lists(days, min_size=3))
    def sell_in_dollars_and_be_paid_in_parts(self, amount: int, part: int, entity: str, on: list[date]) -> None:
        customer, paid = self.source(), min(part, amount - 1)
        for number, (kind, charge, minors) in enumerate(
            (
                ("shipped", "sale", amount),
                ("payment_received", "payment", paid),
                ("payment_received", "payment", amount - paid),
            )
        ):
            event = Event(
                kind=kind,
                entity=entity,
                currency="USD",
                on=on[number],
                source=self.source(),
                amounts=(Amount(charge=charge, amount_minor=minors, party=customer),),
            )
            self.attempt(lambda tx, event=event: [one for one in self.ledger.post_each(tx, [event]) if one])

    @rule(number=st.integers(0, len(LATER) - 1))
    def a_rate_comes_late(self, number: int) -> None:
        def act(tx: Transaction) -> list[object]:
            self.ledger.keep_rates(tx, [LATER[number]])
            return []

        self.attempt(act)

    @rule(number=st.integers(0, 50), on=days)
    def reverse(self, number: int, on: date) -> None:
        if self.vouchers:
            voucher_id = self.vouchers[number % len(self.vouchers)]
            self.attempt(lambda tx: [self.ledger.reverse(tx, voucher_id, on=on, reason="taken back")])

    @rule(entity=entities, period=st.sampled_from(("2026-01", "2026-02", "2026-03")), is_open=st.booleans())
    def change_period(self, entity: str, period: str, is_open: bool) -> None:
        change = self.ledger.reopen_period if is_open else self.ledger.close_period

        def act(tx: Transaction) -> list[object]:
            change(tx, entity, period, reason="a reason")
            return []

        self.attempt(act)

    @rule(minors=st.integers(1, 10**6), billed=st.integers(1, 10**6), on=days)
    def accrue_and_bill(self, minors: int, billed: int, on: date) -> None:
        plan = self.source()
        charges = Charges(plan_id=plan, currency="CNY", freight_minor={"sf": minors}, handling_minor={"wh": 3})
        self.attempt(lambda tx: [one for one in [self.ledger.post_plan_confirmed(tx, charges)] if one])
        bill = Bill(
            source=self.source(),
            account="payable_carrier",
            party="sf",
            entity="",
            currency="CNY",
            on=on,
            lines=(BillLine(about=plan, amount_minor=billed, tax_minor=1),),
        )
        self.attempt(lambda tx: [one for one in [self.ledger.post_bill(tx, bill)] if one])

    @rule(amount=st.integers(1, 10**6), currency=currencies, on=days)
    def supply_an_affiliate(self, amount: int, currency: str, on: date) -> None:
        source = self.source()
        first, second = (
            Event(
                kind=kind,
                entity=entity,
                currency=currency,
                on=on,
                source=source,
                amounts=(Amount(charge="supply", amount_minor=amount, party=partner),),
            )
            for kind, entity, partner in (("intercompany_supply", "A", "B"), ("intercompany_receipt", "B", "A"))
        )
        self.attempt(lambda tx: self.ledger.post_intercompany(tx, first, second))

    def attempt(self, act: object) -> None:
        assert callable(act)
        before = self.text()
        try:
            with self.database.write() as tx:
                made = act(tx)
        except XunyuanError:
            assert self.text() == before
        else:
            self.vouchers += [one.voucher_id for one in made]

    def text(self) -> bytes:
        with self.database.read() as reader:
            return b"".join(export(reader))

    @invariant()
    def every_currency_of_every_entity_comes_to_zero(self) -> None:
        with self.database.read() as reader:
            rows = period_balances(reader, BalanceFilter())
            assert self.journal.audit(reader) == ()
            assert verify(reader).troubles == ()
        sums: Counter[tuple[str, str]] = Counter()
        base: Counter[str] = Counter()
        for row in rows:
            sums[row.entity, row.currency] += row.closing_minor
            base[row.entity] += row.base_minor
        assert set(sums.values()) | set(base.values()) <= {0}

    @invariant()
    def nothing_that_is_settled_is_carried(self) -> None:
        with self.database.read() as reader:
            assert all(base == 0 for amount, base in carried(reader) if amount == 0)

    def replays(self) -> None:
        text = self.text()
        again = self.open("again.db")
        with again.write() as tx:
            rebuild(tx, Journal(self.clock), text.splitlines(keepends=True))
        with again.read() as reader, self.database.read() as ours:
            assert b"".join(export(reader)) == text
            assert sorted(carried(reader)) == sorted(carried(ours))
        again.close()


TestBooks = Books.TestCase
TestBooks.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
