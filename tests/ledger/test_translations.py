"""Vouchers of days without a rate: posted in their own currency, and told in the base currency once the rate comes."""

from datetime import date

import pytest

from solver.errors import StateConflict
from solver.journal.journal import Journal
from solver.ledger.books.canonical import export
from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.readings import voucher_lines
from solver.ledger.books.rebuild import rebuild
from solver.ledger.books.translations import Untranslated, untranslated
from solver.ledger.books.verify import verify
from solver.ledger.ledger import Ledger
from solver.ledger.model import Charges
from solver.storage.database import Database
from tests.ledger.carried import carried
from tests.ledger.group import GROUP, balances, declare, keep_rate, post

MARCH_2, MARCH_20 = date(2026, 3, 2), date(2026, 3, 20)


@pytest.fixture
def group(database: Database, ledger: Ledger) -> Database:
    declare(database, ledger)
    return database


def worth(database: Database, source: str) -> list[int]:
    with database.read() as reader:
        rows = reader.query("SELECT entry_id FROM ledger_voucher WHERE source = ? ORDER BY entry_id", (source,))
        return [line.base_minor for row in rows for line in voucher_lines(reader, row[0])]


def test_a_voucher_without_a_rate_is_posted_and_waits_and_the_rate_completes_it(
    group: Database, ledger: Ledger
) -> None:
    post(group, ledger, "shipped", "s/1", 10_000, MARCH_2)
    assert balances(group, ledger) == {("USD", "receivable/amazon"): 10_000, ("USD", "sales"): -10_000}
    assert worth(group, "s/1") == [0]
    with group.read() as reader:
        waiting = Untranslated(entity="CN01", currency="USD", base_currency="CNY", on=MARCH_2, vouchers=1)
        assert untranslated(reader) == (waiting,)
        assert verify(reader).troubles == ()
        assert carried(reader) == []
    keep_rate(group, ledger, date(2026, 3, 1), "7.1")
    assert worth(group, "s/1") == [71_000]
    with group.read() as reader:
        assert untranslated(reader) == ()
        assert verify(reader).troubles == ()
        assert carried(reader) == [(10_000, 71_000)]


def test_the_confirmation_of_a_plan_does_not_wait_for_a_rate(group: Database, ledger: Ledger) -> None:
    charges = Charges(plan_id="plan-1", currency="USD", freight_minor={"ups": 500}, handling_minor={})
    with group.write() as tx:
        voucher = ledger.post_plan_confirmed(tx, charges)
    assert voucher is not None
    with group.read() as reader:
        assert ledger.owed(reader, "plan-1", "USD") == charges


def test_what_waits_lets_later_vouchers_of_its_currency_wait_and_is_followed_in_order(
    group: Database, ledger: Ledger
) -> None:
    post(group, ledger, "shipped", "s/1", 10_000, MARCH_2)
    keep_rate(group, ledger, date(2026, 3, 19), "7.2")
    post(group, ledger, "payment_received", "p/1", 4_000, MARCH_20)
    with group.read() as reader:
        assert [one.vouchers for one in untranslated(reader)] == [2]
    keep_rate(group, ledger, date(2026, 3, 1), "7.1")
    # 40.00 USD stood for 284.00 CNY and brought 288.00, as if the rates had been there from the beginning.
    assert balances(group, ledger) == {
        ("CNY", "exchange_difference"): -400,
        ("CNY", "receivable/amazon"): 400,
        ("USD", "bank"): 4_000,
        ("USD", "receivable/amazon"): 6_000,
        ("USD", "sales"): -10_000,
    }
    with group.read() as reader:
        assert carried(reader) == [(6_000, 42_600)]
        [paid, difference] = ledger.vouchers(reader, "p/1")
        assert (difference.kind, difference.follows, difference.on) == (
            "exchange_difference",
            paid.voucher_id,
            MARCH_20,
        )
        assert verify(reader).troubles == ()


def test_what_was_reversed_while_it_waited_comes_to_nothing(group: Database, ledger: Ledger) -> None:
    keep_rate(group, ledger, date(2026, 3, 1), "7.1")
    post(group, ledger, "shipped", "s/1", 10_000, MARCH_2)
    paid = post(group, ledger, "payment_received", "p/1", 4_000, MARCH_20)
    with group.write() as tx:
        ledger.reverse(tx, paid.voucher_id, on=MARCH_20, reason="bounced")
    with group.read() as reader:
        assert [one.vouchers for one in untranslated(reader)] == [2]
    keep_rate(group, ledger, MARCH_20, "7.2")
    assert balances(group, ledger) == {("USD", "receivable/amazon"): 10_000, ("USD", "sales"): -10_000}
    with group.read() as reader:
        assert carried(reader) == [(10_000, 71_000)]
        kinds = [one.kind for one in ledger.vouchers(reader, "p/1")]
    assert kinds == ["payment_received", "reversal", "exchange_difference", "reversal"]


def test_a_period_is_not_closed_while_a_voucher_of_it_waits(group: Database, ledger: Ledger) -> None:
    post(group, ledger, "shipped", "s/1", 10_000, MARCH_2)
    with pytest.raises(StateConflict) as refused, group.write() as tx:
        ledger.close_period(tx, "", "2026-03")
    assert refused.value.reason == "NOT_TRANSLATED"
    assert refused.value.metadata == {"entity": "CN01", "period": "2026-03", "currency": "USD", "base": "CNY"}
    with group.write() as tx:
        ledger.close_period(tx, "", "2026-02")  # nothing of it waits
        ledger.close_period(tx, "HK01", "2026-03")
    keep_rate(group, ledger, date(2026, 3, 1), "7.1")
    keep_rate(group, ledger, date(2026, 3, 31), "7.1")
    with group.write() as tx:
        ledger.close_period(tx, "", "2026-03")


def test_a_declaration_by_which_rates_count_longer_completes_what_waits(group: Database, ledger: Ledger) -> None:
    keep_rate(group, ledger, date(2026, 3, 1), "7.1")
    post(group, ledger, "shipped", "s/1", 10_000, MARCH_20)
    assert worth(group, "s/1") == [0]
    longer = GROUP.replace("base_currency: CNY,", "base_currency: CNY, rate_days: 30,")
    with group.write() as tx:
        ledger.declare(tx, read_declaration(longer, "group.yaml"))
    assert worth(group, "s/1") == [71_000]


def test_books_with_vouchers_that_wait_are_rebuilt_the_same(
    group: Database, ledger: Ledger, journal: Journal, another_store: Database
) -> None:
    post(group, ledger, "shipped", "s/1", 10_000, MARCH_2)
    keep_rate(group, ledger, date(2026, 3, 1), "7.1")
    post(group, ledger, "payment_received", "p/1", 4_000, MARCH_20)
    with group.read() as reader:
        text = b"".join(export(reader))
    assert text.count(b'"untranslated":true') == 1
    with another_store.write() as tx:
        rebuild(tx, journal, text.splitlines(keepends=True))
    for database in (group, another_store):
        keep_rate(database, ledger, MARCH_20, "7.2")
    with group.read() as reader, another_store.read() as other:
        assert b"".join(export(other)) == b"".join(export(reader))
