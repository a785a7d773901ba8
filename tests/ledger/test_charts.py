"""Accounts and posting rules of an installation: read, checked against the product's and what is posted, versioned."""

from datetime import date

import pytest

from solver.errors import InvalidRequest, StateConflict
from solver.journal.journal import Journal
from solver.ledger.books import charting
from solver.ledger.books.canonical import export
from solver.ledger.books.chart_file import SHIPPED, read_chart_file
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rebuild import rebuild
from solver.ledger.ledger import Ledger
from solver.ledger.model import Leg
from solver.storage.database import Database
from tests.ledger.group import balances, declare, keep_rate

OWN = """\
accounts:
  packaging_expense: {number: "6601.31", name_en: Packaging, name_zh: 销售费用—包材, type: expense}
  platform_commission: {number: "6601.32", name_en: Commission, name_zh: 销售费用—平台佣金, type: expense}
  deposit: {number: "1221.09", name_en: Deposits, name_zh: 其他应收款—押金, type: asset, party: true, monetary: true}
  bank: {number: "1002.01", name_en: House bank, name_zh: 银行存款—基本户, type: asset, monetary: true}
rules:
  fee:
    charges:
      commission: {debit: platform_commission, credit: platform_clearing}
      packaging: {debit: packaging_expense, credit: accounts_payable}
  deposit_paid:
    repeats: true
    charges:
      deposit: {debit: deposit, credit: bank}
"""


def change(database: Database, ledger: Ledger, text: str) -> int:
    with database.write() as tx:
        return ledger.change_chart(tx, text, "chart.yaml").version


def post(
    database: Database, ledger: Ledger, kind: str, charge: str, party: str = "tmall", currency: str = "CNY"
) -> tuple[Leg, ...]:
    amounts = (Amount(charge=charge, amount_minor=100, party=party),)
    with database.write() as tx:
        voucher = ledger.post(
            tx,
            Event(
                kind=kind, entity="", currency=currency, on=date(2026, 3, 2), source=f"{kind}/{charge}", amounts=amounts
            ),
        )
    assert voucher is not None
    return voucher.legs


def test_a_file_adds_accounts_events_and_charges_and_turns_a_charge_to_another_account(
    database: Database, ledger: Ledger
) -> None:
    assert change(database, ledger, OWN) == 1
    assert post(database, ledger, "fee", "commission") == (
        Leg(debit="platform_commission", credit="platform_clearing/tmall", amount_minor=100),
    )
    assert post(database, ledger, "fee", "packaging", "box-co")[0].debit == "packaging_expense"
    assert post(database, ledger, "deposit_paid", "deposit", "mall") == (
        Leg(debit="deposit/mall", credit="bank", amount_minor=100),
    )
    assert post(database, ledger, "fee", "payment_fee")[0].debit == "payment_fee_expense"  # the product's own
    with database.read() as reader:
        assert charting.in_force(reader).accounts["bank"].number == "1002.01"


def test_what_was_posted_stays_and_the_last_version_counts(database: Database, ledger: Ledger) -> None:
    before = post(database, ledger, "fee", "commission")
    change(database, ledger, OWN)
    assert change(database, ledger, OWN) == 1  # says what counts already
    assert change(database, ledger, OWN.replace("平台佣金", "佣金")) == 2
    assert before[0].debit == "commission_expense"
    assert balances(database, ledger)["CNY", "commission_expense"] == 100
    with database.read() as reader:
        assert [one.version for one in charting.versions(reader)] == [1, 2]
        assert charting.in_force(reader).accounts["platform_commission"].name_zh == "销售费用—佣金"


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (OWN.replace(", party: true, monetary", ", monetary"), "is not kept per party"),
        (OWN.replace("type: asset, party: true", "type: liability, party: true"), "is liability, and was asset"),
        ("accounts: {}\n", "is missing"),
    ],
)
def test_an_account_with_postings_stays_what_it_is(database: Database, ledger: Ledger, wrong: str, what: str) -> None:
    change(database, ledger, OWN)
    post(database, ledger, "deposit_paid", "deposit", "mall")
    with pytest.raises(StateConflict, match=what) as refused:
        change(database, ledger, wrong)
    assert (refused.value.reason, refused.value.metadata) == ("ACCOUNT_IN_USE", {"account": "deposit"})
    with database.read() as reader:
        assert len(charting.versions(reader)) == 1


def test_without_postings_an_account_may_go_again(database: Database, ledger: Ledger) -> None:
    change(database, ledger, OWN)
    assert change(database, ledger, "accounts: {}\n") == 2
    with database.read() as reader:
        assert charting.in_force(reader).accounts == SHIPPED().accounts


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("account: {}\n", "chart.yaml:1: account"),
        ("accounts:\n  x: {number: 1, name_en: X, name_zh: X, type: cost}\n", "chart.yaml:2: accounts.x.type"),
        ("accounts:\n  a b: {number: 1, name_en: X, name_zh: X, type: asset}\n", "chart.yaml:2: accounts.a b"),
        (
            "accounts:\n  x: {number: 1, name_en: X, name_zh: X, type: income, monetary: true}\n",
            "chart.yaml:2: accounts.x.monetary",
        ),
        (
            "accounts:\n  receivable: {number: 1, name_en: X, name_zh: X, type: asset}\n",
            "chart.yaml:2: accounts.receivable",
        ),
        (
            "rules:\n  fee:\n    charges: {commission: {debit: nowhere, credit: bank}}\n",
            "chart.yaml:3: rules.fee.charges.commission.debit",
        ),
        (
            "rules:\n  shipped:\n    charges: {sale: {debit: receivable, credit: other_income}}\n",
            "chart.yaml:3: rules.shipped.charges.sale.credit",
        ),
        (
            "rules:\n  fee:\n    charges: {bank_fee: {debit: payment_fee_expense, credit: output_vat}}\n",
            "chart.yaml:3: rules.fee.charges.bank_fee.credit",
        ),
        ("rules:\n  revaluation:\n    charges: {}\n", "chart.yaml:3: rules.revaluation"),
        ("rules:\n  fee: {repeats: true, charges: {}}\n", "chart.yaml:2: rules.fee.repeats"),
    ],
)
def test_what_the_product_could_not_work_with_is_refused_with_its_line(text: str, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_chart_file(text, "chart.yaml")
    assert [one.field for one in refused.value.violations] == [field]


def test_an_own_account_of_parties_is_carried_and_revalued_like_the_products(
    database: Database, ledger: Ledger
) -> None:
    declare(database, ledger)
    change(database, ledger, OWN)
    for day, rate in ((1, "7.1"), (31, "7.3")):
        keep_rate(database, ledger, date(2026, 3, day), rate)
    post(database, ledger, "deposit_paid", "deposit", "mall", "USD")
    with database.write() as tx:
        ledger.close_period(tx, "", "2026-03")
        [posted, _] = ledger.vouchers(tx, "revaluation/2026-03")
    assert posted.legs == (
        Leg(debit="unrealised_exchange_difference", credit="bank", amount_minor=20),
        Leg(debit="deposit/mall", credit="unrealised_exchange_difference", amount_minor=20),
    )


def test_books_with_charts_are_rebuilt_the_same(
    database: Database, ledger: Ledger, journal: Journal, another_store: Database
) -> None:
    change(database, ledger, OWN)
    post(database, ledger, "deposit_paid", "deposit", "mall")
    with database.read() as reader:
        text = b"".join(export(reader))
    with another_store.write() as tx:
        rebuild(tx, journal, text.splitlines(keepends=True))
    with another_store.read() as reader:
        assert b"".join(export(reader)) == text
