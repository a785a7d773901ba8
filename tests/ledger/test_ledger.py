"""What is owed to whom, voucher by voucher, and that the money book sums to zero."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import BrokenInvariant, NotFound, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Transfer
from solver.ledger.ledger import Ledger
from solver.ledger.model import Charges, Leg, TrialBalanceRow, Voucher
from solver.storage.database import Database

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]


def charge(
    database: Database,
    ledger: Ledger,
    plan_id: str,
    freight_minor: Mapping[str, int],
    handling_minor: Mapping[str, int],
    currency: str = "CNY",
) -> Voucher | None:
    with database.write() as tx:
        return ledger.post_plan_confirmed(
            tx,
            Charges(plan_id=plan_id, currency=currency, freight_minor=freight_minor, handling_minor=handling_minor),
        )


def balances(database: Database, ledger: Ledger, currency: str | None = None) -> dict[tuple[str, str], int]:
    with database.read() as reader:
        return {(row.currency, row.account): row.balance_minor for row in ledger.trial_balance(reader, currency)}


def test_a_confirmed_plan_owes_freight_to_carriers_and_handling_to_sources(
    database: Database, ledger: Ledger, clock: ManualClock
) -> None:
    voucher = charge(database, ledger, "plan-1", {"yto": 700, "sf": 1250}, {"wh-2": 90, "wh-1": 110})
    assert voucher == Voucher(
        voucher_id="V0000000001",
        kind="plan_confirmed",
        subject="plan-1",
        at=clock.now(),
        currency="CNY",
        legs=(
            Leg(debit="freight_expense", credit="payable_carrier/sf", amount_minor=1250),
            Leg(debit="freight_expense", credit="payable_carrier/yto", amount_minor=700),
            Leg(debit="handling_expense", credit="payable_source/wh-1", amount_minor=110),
            Leg(debit="handling_expense", credit="payable_source/wh-2", amount_minor=90),
        ),
        on=clock.now().date(),
    )
    assert balances(database, ledger) == {
        ("CNY", "freight_expense"): 1950,
        ("CNY", "handling_expense"): 200,
        ("CNY", "payable_carrier/sf"): -1250,
        ("CNY", "payable_carrier/yto"): -700,
        ("CNY", "payable_source/wh-1"): -110,
        ("CNY", "payable_source/wh-2"): -90,
    }


def test_a_voucher_reads_back_the_same_by_id_and_by_subject(
    database: Database, ledger: Ledger, clock: ManualClock
) -> None:
    posted = charge(database, ledger, "plan-1", {"sf": 5}, {"wh-1": 3})
    assert posted is not None
    charge(database, ledger, "plan-2", {"sf": 7}, {})
    with database.read() as reader:
        assert ledger.voucher(reader, posted.voucher_id) == posted
        assert ledger.vouchers(reader, "plan-1") == (posted,)
        assert ledger.vouchers(reader, "plan-3") == ()


def test_a_plan_that_owes_nothing_leaves_no_voucher(database: Database, ledger: Ledger, contents: Contents) -> None:
    before = contents()
    assert charge(database, ledger, "plan-1", {"sf": 0}, {}) is None
    assert contents() == before


def test_a_zero_amount_leaves_no_leg(database: Database, ledger: Ledger) -> None:
    voucher = charge(database, ledger, "plan-1", {"sf": 0, "yto": 4}, {"wh-1": 0})
    assert voucher is not None
    assert voucher.legs == (Leg(debit="freight_expense", credit="payable_carrier/yto", amount_minor=4),)
    assert balances(database, ledger) == {("CNY", "freight_expense"): 4, ("CNY", "payable_carrier/yto"): -4}


def test_a_plan_is_charged_once(database: Database, ledger: Ledger, contents: Contents) -> None:
    charge(database, ledger, "plan-1", {"sf": 5}, {})
    before = contents()
    with pytest.raises(StateConflict) as refused:
        charge(database, ledger, "plan-1", {"sf": 5}, {})
    assert refused.value.reason == "VOUCHER_POSTED"
    assert contents() == before


@pytest.mark.parametrize(
    ("freight_minor", "handling_minor"),
    [({"sf": -1}, {}), ({"sf": 5}, {"wh-1": -1}), ({"": 5}, {}), ({"sf": 10**16}, {})],
)
def test_a_charge_that_cannot_be_owed_is_our_bug_and_posts_nothing(
    database: Database,
    ledger: Ledger,
    contents: Contents,
    freight_minor: dict[str, int],
    handling_minor: dict[str, int],
) -> None:
    before = contents()
    with pytest.raises(BrokenInvariant):
        charge(database, ledger, "plan-1", freight_minor, handling_minor)
    assert contents() == before


def test_the_trial_balance_sums_to_zero_in_each_currency(database: Database, ledger: Ledger) -> None:
    charge(database, ledger, "plan-1", {"sf": 5}, {"wh-1": 3})
    charge(database, ledger, "plan-2", {"sf": 11}, {"wh-1": 2}, currency="EUR")
    charge(database, ledger, "plan-3", {"sf": 7}, {})
    with database.read() as reader:
        rows = ledger.trial_balance(reader)
        assert ledger.trial_balance(reader, "EUR") == tuple(row for row in rows if row.currency == "EUR")
        assert ledger.trial_balance(reader, "USD") == ()
    assert rows[0] == TrialBalanceRow(
        account="freight_expense", currency="CNY", debit_minor=12, credit_minor=0, balance_minor=12
    )
    assert [row.account for row in rows] == [
        "freight_expense",
        "handling_expense",
        "payable_carrier/sf",
        "payable_source/wh-1",
    ] * 2
    for currency, total in (("CNY", 15), ("EUR", 13)):
        of_currency = [row for row in rows if row.currency == currency]
        assert sum(row.debit_minor for row in of_currency) == sum(row.credit_minor for row in of_currency) == total
        assert sum(row.balance_minor for row in of_currency) == 0


@pytest.mark.parametrize("voucher_id", ["V0000000002", "V1", "0000000001", "V", "", "V000000000x", "V" + "9" * 30])
def test_an_unknown_voucher_is_not_found(database: Database, ledger: Ledger, voucher_id: str) -> None:
    charge(database, ledger, "plan-1", {"sf": 5}, {})
    with database.read() as reader, pytest.raises(NotFound):
        ledger.voucher(reader, voucher_id)


def test_an_entry_of_the_stock_book_is_no_voucher(database: Database, ledger: Ledger, journal: Journal) -> None:
    shelf = AccountKey(book=Book.STOCK, kind="good", holder="s1", unit="tea", guarded=True)
    gate = AccountKey(book=Book.STOCK, kind="supply", holder="", unit="tea")
    with database.write() as tx:
        journal.post(tx, "stock_received", "plan-1", [Transfer(debit=shelf, credit=gate, amount=1)])
    with database.read() as reader:
        assert ledger.vouchers(reader, "plan-1") == ()
        with pytest.raises(NotFound):
            ledger.voucher(reader, "V0000000001")
        assert ledger.trial_balance(reader) == ()
        assert journal.audit(reader) == ()
