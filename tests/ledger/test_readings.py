"""Trial balance, statements, the way down to order lines, accruals; the books as one text, and rebuilt from it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.accruals import Bill, BillLine, accruals
from solver.ledger.books.canonical import export
from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.readings import BalanceFilter, order_lines, period_balances, statement
from solver.ledger.books.rebuild import rebuild
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.books.verify import verify
from solver.ledger.ledger import Ledger
from solver.ledger.model import Charges
from solver.storage.database import Database
from solver.storage.url import open_database


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def sold(source: str, on: str, minor: int, *, centre: str = "", order_id: str = "") -> Event:
    sale = Amount(charge="sale", amount_minor=minor, party="tmall", cost_centre=centre, order_id=order_id, line_id="1")
    return Event(kind="shipped", entity="", currency="CNY", on=day(on), source=source, amounts=(sale,))


@pytest.fixture
def books(database: Database, ledger: Ledger) -> Database:
    """Sales of three months, two of them in March, and a payment."""
    with database.write() as tx:
        ledger.post_each(
            tx,
            [
                sold("s/1", "02-27", 100, centre="north", order_id="o1"),
                sold("s/2", "03-05", 250, centre="south", order_id="o2"),
                sold("s/3", "03-05", 30, centre="north", order_id="o2"),
                sold("s/4", "04-01", 7),
            ],
        )
        paid = Amount(charge="payment", amount_minor=200, party="tmall")
        ledger.post(
            tx,
            Event(kind="payment_received", entity="", currency="CNY", on=day("03-04"), source="p/1", amounts=(paid,)),
        )
    return database


def figures(database: Database, wanted: BalanceFilter) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    with database.read() as reader:
        return {
            (one.account, one.cost_centre): (one.opening_minor, one.debit_minor, one.credit_minor, one.closing_minor)
            for one in period_balances(reader, wanted)
        }


def test_a_trial_balance_tells_what_was_before_what_moved_and_what_is(books: Database) -> None:
    march = BalanceFilter(from_period=202603, until_period=202603)
    assert figures(books, march) == {
        ("bank", ""): (0, 200, 0, 200),
        ("receivable/tmall", ""): (100, 280, 200, 180),
        ("sales", ""): (-100, 0, 280, -380),
    }
    north = BalanceFilter(cost_centre="north", until_period=202603, by_centre=True)
    assert figures(books, north) == {
        ("receivable/tmall", "north"): (0, 130, 0, 130),
        ("sales", "north"): (0, 0, 130, -130),
    }
    assert figures(books, BalanceFilter(currency="USD")) == {}


def test_a_statement_in_pages_of_any_size_tells_the_same(books: Database) -> None:
    for most in (1, 2, 10):
        found, token, openings = [], "", []
        while True:
            with books.read() as reader:
                page = statement(
                    reader,
                    account="receivable/tmall",
                    entity="",
                    currency="CNY",
                    since=day("03-01"),
                    until=day("03-31"),
                    most=most,
                    page_token=token,
                )
            openings.append(page.opening_minor)
            found += [(one.line.source, one.moved_minor, one.balance_minor) for one in page.lines]
            if not (token := page.next_page_token):
                break
        assert found == [("p/1", -200, -100), ("s/2", 250, 150), ("s/3", 30, 180)]
        assert openings[0] == 100
        assert page.closing_minor == 180


def test_a_statement_may_begin_within_a_month(books: Database) -> None:
    with books.read() as reader:
        page = statement(
            reader, account="receivable/tmall", entity="", currency="CNY", since=day("03-05"), until=day("03-05")
        )
    assert (page.opening_minor, page.closing_minor, len(page.lines)) == (-100, 180, 2)


@pytest.mark.parametrize("token", ["x", "1.2.3", "1.2.3.4.five"])
def test_a_token_that_no_page_gave_is_refused(books: Database, token: str) -> None:
    with pytest.raises(InvalidRequest), books.read() as reader:
        statement(
            reader,
            account="bank",
            entity="",
            currency="CNY",
            since=day("01-01"),
            until=day("12-31"),
            page_token=token,
        )


def test_every_line_of_an_order_is_found(books: Database) -> None:
    with books.read() as reader:
        lines = order_lines(reader, "o2")
    assert [(one.source, one.debit, one.credit, one.amount_minor) for one in lines] == [
        ("s/2", "receivable/tmall", "sales", 250),
        ("s/3", "receivable/tmall", "sales", 30),
    ]


def test_a_bill_takes_back_what_was_expected_and_the_difference_shows(database: Database, ledger: Ledger) -> None:
    with database.write() as tx:
        for plan, freight in (("P1", 900), ("P2", 400)):
            ledger.post_plan_confirmed(
                tx, Charges(plan_id=plan, currency="CNY", freight_minor={"sf": freight}, handling_minor={})
            )
        bill = Bill(
            source="bill/1",
            account="payable_carrier",
            party="sf",
            entity="",
            currency="CNY",
            on=day("04-02"),
            lines=(BillLine(about="P1", amount_minor=950, tax_minor=57), BillLine(about="P1", amount_minor=20)),
        )
        posted = ledger.post_bill(tx, bill)
    assert posted is not None
    with database.read() as reader:
        told = [
            (one.source, one.expected_minor, one.open_minor, one.actual_minor, one.difference_minor)
            for one in accruals(reader)
        ]
        assert [one.source for one in accruals(reader, only_open=True)] == ["P2"]
    assert told == [("P1", 900, 0, 970, 70), ("P2", 400, 400, 0, 0)]
    assert figures(database, BalanceFilter())["freight_expense", ""][3] == 1_370
    with database.write() as tx:
        ledger.reverse(tx, posted.voucher_id, on=day("04-03"), reason="a wrong bill")
        assert [one.open_minor for one in accruals(tx)] == [900, 400]


def text_of(database: Database) -> bytes:
    with database.read() as reader:
        return b"".join(export(reader))


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return open_database(tmp_path / "again.db", [JOURNAL_SCHEMA + LEDGER_SCHEMA])


def test_books_rebuilt_from_their_text_have_the_same_text(
    books: Database, ledger: Ledger, empty: Database, clock: ManualClock
) -> None:
    with books.write() as tx:
        ledger.declare(tx, read_declaration("entities:\n  CN01: {name_en: A, base_currency: CNY}\n", "e.yaml"))
        [voucher] = ledger.vouchers(tx, "s/1")
        ledger.reverse(tx, voucher.voucher_id, on=day("03-07"), reason="记错了")
        ledger.close_period(tx, "CN01", "2026-02", reason="done")
        ledger.reopen_period(tx, "CN01", "2026-02", reason="late")
    text = text_of(books)
    with empty.write() as tx:
        assert rebuild(tx, Journal(ManualClock(datetime(2030, 1, 1, tzinfo=UTC))), text.splitlines(keepends=True)) == 6
    assert text_of(empty) == text
    with books.read() as ours, empty.read() as theirs:
        assert verify(ours) == verify(theirs)
        assert verify(ours).troubles == ()
    with pytest.raises(StateConflict), books.write() as tx:
        rebuild(tx, Journal(clock), text.splitlines(keepends=True))
    empty.close()


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda lines: lines[:-1], "line 7"),
        (lambda lines: [*lines[:2], lines[2].replace(b"250", b"251"), *lines[3:]], "line 7"),
        (lambda lines: [lines[0], b"{\n", *lines[2:]], "line 2"),
        (lambda lines: lines[1:], "line 1"),
    ],
)
def test_a_text_that_is_cut_short_or_changed_rebuilds_nothing(
    books: Database, empty: Database, spoil: Callable[[list[bytes]], list[bytes]], line: str
) -> None:
    lines = spoil(text_of(books).splitlines(keepends=True))
    with pytest.raises(InvalidRequest) as refused, empty.write() as tx:
        rebuild(tx, Journal(ManualClock(datetime(2030, 1, 1, tzinfo=UTC))), lines)
    assert refused.value.violations[0].field == line
    with empty.read() as reader:
        assert verify(reader).vouchers == 0
    empty.close()


def test_verification_names_a_total_that_was_changed(books: Database) -> None:
    with books.write() as tx:
        tx.execute("UPDATE ledger_total SET debit_minor = debit_minor + 1 WHERE period = 202602 AND debit_minor > 0")
    with books.read() as reader:
        found = verify(reader)
    assert len(found.troubles) == 1
    assert "in 202602 is [101, 0, 0, 0], its lines [100, 0, 0, 0]" in found.troubles[0]
