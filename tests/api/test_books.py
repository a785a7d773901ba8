"""BooksService: events posted, accounts read, periods closed, over the wire."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from solver.client import CallFailed, Client
from solver.clock import ManualClock
from solver.ledger.books.accruals import Bill, BillLine
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import BalanceFilter
from tests.running import HOST, Running

GROUP = "entities:\n  A: {name_en: A, base_currency: CNY, home: true}\n  B: {name_en: B, base_currency: CNY}\n"
MARCH = date(2026, 3, 2)


@pytest.fixture
def client(tmp_path: Path, clock: ManualClock) -> Iterator[Client]:
    made = Running(tmp_path / "data", clock)
    with Client(f"{HOST}:{made.server.port}") as connected:
        yield connected
    made.close()


def event(kind: str, source: str, *amounts: Amount, entity: str = "", currency: str = "CNY") -> Event:
    return Event(kind=kind, entity=entity, currency=currency, on=MARCH, source=source, amounts=amounts)


def test_books_are_kept_and_read_over_the_wire(client: Client) -> None:
    books = client.books
    assert books.declaration() == (0, "")
    assert books.declare(GROUP, "group.yaml") == 1
    assert books.keep_rates([Rate(currency="USD", base="CNY", on=MARCH, rate=Decimal("7.1"))]) == 1
    assert [str(one.rate) for one in books.rates()] == ["7.1"]
    sale = event("shipped", "s/1", Amount(charge="sale", amount_minor=500, party="tmall", order_id="o1"))
    [posted] = books.post([sale], request_id="r1")
    assert books.post([sale], request_id="r1") == (posted,)
    voucher, [line] = books.voucher(posted.voucher_id)
    assert (voucher, line.order_id, line.base_minor) == (posted, "o1", 500)
    assert books.order_lines("o1") == (line,)
    page = books.statement(account="receivable/tmall", entity="", currency="CNY", since=MARCH, until=MARCH)
    assert ([one.line for one in page.lines], page.closing_minor) == ([line], 500)
    [balance] = [row for row in books.balances(BalanceFilter(entity="A", currency="CNY")) if row.account == "sales"]
    assert (balance.credit_minor, balance.closing_minor) == (500, -500)
    reversal = books.reverse(posted.voucher_id, on=MARCH, reason="wrong")
    assert reversal.reverses == posted.voucher_id
    found = books.verify()
    assert (found.vouchers, found.lines, found.troubles) == (2, 2, ())


def test_periods_bills_and_affiliates_over_the_wire(client: Client) -> None:
    books = client.books
    books.declare(GROUP, "group.yaml")
    [_] = books.post([event("accrual", "P1", Amount(charge="freight", amount_minor=90, party="sf"))])
    assert [one.open_minor for one in books.accruals(only_open=True)] == [90]
    lines = (BillLine(about="P1", amount_minor=95),)
    bill = Bill(
        source="bill/1", account="payable_carrier", party="sf", entity="", currency="CNY", on=MARCH, lines=lines
    )
    [_] = books.post_bill(bill)
    assert books.accruals(only_open=True) == ()
    assert [one.difference_minor for one in books.accruals()] == [5]
    first = event("intercompany_supply", "ic/1", Amount(charge="supply", amount_minor=7, party="B"), entity="A")
    second = event("intercompany_receipt", "ic/1", Amount(charge="supply", amount_minor=7, party="A"), entity="B")
    assert [one.entity for one in books.post_intercompany(first, second)] == ["A", "B"]
    closed = books.close("", "2026-03", "done")
    assert (closed.entity, closed.period, closed.is_closed) == ("A", 202603, True)
    with pytest.raises(CallFailed) as failed:
        books.post([event("accrual", "P2", Amount(charge="freight", amount_minor=1, party="sf"))])
    assert failed.value.reason == "PERIOD_CLOSED"
    books.reopen("A", "2026-03", "late")
    assert [(one.is_closed, one.reason) for one in books.period_changes("A")] == [(True, "done"), (False, "late")]


def test_charts_and_vouchers_that_wait_for_a_rate_over_the_wire(client: Client) -> None:
    assert client.books.chart() == (0, "")
    own = "accounts:\n  own: {number: '6601.99', name_en: Own, name_zh: 自有, type: expense}\n"
    assert client.books.change_chart(own, "own.yaml") == 1
    assert client.books.chart() == (1, own)
    client.books.declare("entities:\n  A: {name_en: A, base_currency: CNY}\n", "group.yaml")
    sale = Amount(charge="sale", amount_minor=100, party="amazon")
    sold = event("shipped", "s/9", sale, currency="USD")
    client.books.post([sold])
    [waiting] = client.books.untranslated()
    assert (waiting.entity, waiting.currency, waiting.on, waiting.vouchers) == ("A", "USD", sold.on, 1)
    client.books.keep_rates([Rate(currency="USD", base="CNY", on=sold.on, rate=Decimal("7.1"))])
    assert client.books.untranslated() == ()


def test_what_is_wrong_is_told_with_its_field(client: Client) -> None:
    for act in (
        lambda: client.books.post([event("shiped", "s/1")]),
        lambda: client.books.post([]),
        lambda: client.books.declare("entities:\n  A: {}\n", "group.yaml"),
        lambda: client.books.close("", "2026-13", "done"),
        lambda: client.books.balances(BalanceFilter(from_period=202604, until_period=202603)),
    ):
        with pytest.raises(CallFailed) as failed:
            act()
        assert failed.value.code == "INVALID_ARGUMENT"
        assert failed.value.violations
