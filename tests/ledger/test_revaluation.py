"""What is open in other currencies is told at the rate of the period's last day, and that is taken back at once."""

from datetime import date

import pytest

from solver.errors import StateConflict
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.readings import BalanceFilter, period_balances
from solver.ledger.books.verify import verify
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from tests.ledger.carried import carried
from tests.ledger.group import balances, declare, keep_rate, post

MARCH_2, APRIL_10 = date(2026, 3, 2), date(2026, 4, 10)


@pytest.fixture
def group(database: Database, ledger: Ledger) -> Database:
    """100.00 USD of a claim at 7.10, and 20.00 of them paid at 7.20; the month ends at 7.30."""
    declare(database, ledger)
    for day, rate in ((1, "7.1"), (20, "7.2"), (31, "7.3")):
        keep_rate(database, ledger, date(2026, 3, day), rate)
    post(database, ledger, "shipped", "s/1", 10_000, MARCH_2)
    post(database, ledger, "payment_received", "p/1", 2_000, date(2026, 3, 20))
    return database


def close(database: Database, ledger: Ledger, period: str) -> None:
    with database.write() as tx:
        ledger.close_period(tx, "", period)


def of_march(database: Database) -> dict[str, int]:
    """What accounts hold in yuan at the end of March."""
    with database.read() as reader:
        rows = period_balances(reader, BalanceFilter(currency="CNY", until_period=202603))
    return {row.account: row.closing_minor for row in rows if row.closing_minor}


def test_open_balances_are_told_at_the_closing_rate_and_the_difference_is_unrealised(
    group: Database, ledger: Ledger
) -> None:
    close(group, ledger, "2026-03")
    # The claim: 80.00 USD carried at 568.00 are 584.00. The bank: 20.00 USD that came in at 144.00 are 146.00.
    assert of_march(group) == {
        "bank": 200,
        "exchange_difference": -200,
        "receivable/amazon": 200 + 1_600,
        "unrealised_exchange_difference": -1_800,
    }
    with group.read() as reader:
        [posted, back] = ledger.vouchers(reader, "revaluation/2026-03")
        assert (posted.kind, posted.on, back.kind, back.on) == (
            "revaluation",
            date(2026, 3, 31),
            "reversal",
            date(2026, 4, 1),
        )
        assert back.reverses == posted.voucher_id
        assert verify(reader).troubles == ()


def test_at_the_opening_of_the_next_period_nothing_of_it_is_left_and_realised_counts_from_the_postings(
    group: Database, ledger: Ledger
) -> None:
    close(group, ledger, "2026-03")
    assert ("CNY", "unrealised_exchange_difference") not in balances(group, ledger)
    with group.read() as reader:
        assert carried(reader) == [(8_000, 56_800)]
    keep_rate(group, ledger, APRIL_10, "7.25")
    post(group, ledger, "payment_received", "p/2", 8_000, APRIL_10)
    # 80.00 USD at 7.25 are 580.00 for the 568.00 that they were carried at; 2.00 were realised in March.
    assert balances(group, ledger)["CNY", "exchange_difference"] == -200 - 1_200
    keep_rate(group, ledger, date(2026, 4, 30), "7")
    close(group, ledger, "2026-04")
    with group.read() as reader:
        [posted, _] = ledger.vouchers(reader, "revaluation/2026-04")
    # Only the bank is open: 100.00 USD that came in at 144.00 and 580.00 are 700.00.
    assert [(leg.debit, leg.credit, leg.amount_minor) for leg in posted.legs] == [
        ("unrealised_exchange_difference", "bank", 2_400)
    ]


def test_a_period_that_was_opened_again_gets_only_what_changed(group: Database, ledger: Ledger) -> None:
    close(group, ledger, "2026-03")
    first = of_march(group)
    with group.write() as tx:
        ledger.reopen_period(tx, "", "2026-03", reason="a late invoice")
    close(group, ledger, "2026-03")
    assert of_march(group) == first
    with group.write() as tx:
        ledger.reopen_period(tx, "", "2026-03", reason="another one")
    post(group, ledger, "shipped", "s/2", 1_000, MARCH_2)
    close(group, ledger, "2026-03")
    assert of_march(group)["unrealised_exchange_difference"] == -1_800 - 200
    assert ("CNY", "unrealised_exchange_difference") not in balances(group, ledger)


def test_prepayments_and_stock_are_no_money_and_are_not_revalued(group: Database, ledger: Ledger) -> None:
    amounts = (Amount(charge="prepayment", amount_minor=500, party="amazon"),)
    paid = Event(kind="payment_received", entity="", currency="USD", on=MARCH_2, source="p/3", amounts=amounts)
    stock = (Amount(charge="opening_inventory", amount_minor=700),)
    opening = Event(kind="adjustment", entity="", currency="USD", on=MARCH_2, source="a/1", amounts=stock)
    with group.write() as tx:
        ledger.post_each(tx, [paid, opening])
    close(group, ledger, "2026-03")
    with group.read() as reader:
        [posted, _] = ledger.vouchers(reader, "revaluation/2026-03")
    assert {leg.debit for leg in posted.legs} == {"bank", "receivable/amazon"}


def test_without_a_closing_rate_the_period_stays_open(group: Database, ledger: Ledger) -> None:
    close(group, ledger, "2026-03")
    post(group, ledger, "shipped", "s/3", 100, date(2026, 4, 2))
    with pytest.raises(StateConflict) as refused:
        close(group, ledger, "2026-04")
    assert refused.value.reason == "RATE_UNKNOWN"
    assert refused.value.metadata["on"] == "2026-04-30"
    with group.read() as reader:
        assert ledger.vouchers(reader, "revaluation/2026-04") == ()


def test_a_period_before_a_closed_one_is_not_closed_while_something_is_open(group: Database, ledger: Ledger) -> None:
    keep_rate(group, ledger, date(2026, 4, 30), "7.3")
    close(group, ledger, "2026-04")
    with pytest.raises(StateConflict) as refused:
        close(group, ledger, "2026-03")
    assert refused.value.reason == "PERIOD_CLOSED"
    assert refused.value.metadata["period"] == "2026-04"


def test_books_in_one_currency_leave_no_voucher(database: Database, ledger: Ledger) -> None:
    declare(database, ledger)
    post(database, ledger, "shipped", "s/1", 10_000, MARCH_2, currency="CNY")
    close(database, ledger, "2026-03")
    with database.read() as reader:
        assert ledger.vouchers(reader, "revaluation/2026-03") == ()
