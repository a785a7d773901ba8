"""Books of two entities in two base currencies, and what tests of other currencies post to them."""

from datetime import date
from decimal import Decimal

from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rates import Rate
from solver.ledger.ledger import Ledger
from solver.ledger.model import Voucher
from solver.storage.database import Database

GROUP = """\
entities:
  CN01: {name_en: Trading, name_zh: 商贸, base_currency: CNY, home: true}
  HK01: {name_en: Hong Kong, base_currency: HKD}
"""


def declare(database: Database, ledger: Ledger) -> None:
    with database.write() as tx:
        ledger.declare(tx, read_declaration(GROUP, "group.yaml"))


def keep_rate(database: Database, ledger: Ledger, on: date, rate: str, currency: str = "USD") -> None:
    with database.write() as tx:
        ledger.keep_rates(tx, [Rate(currency=currency, base="CNY", on=on, rate=Decimal(rate))])


def post(
    database: Database, ledger: Ledger, kind: str, source: str, minor: int, on: date, *, currency: str = "USD"
) -> Voucher:
    """A sale to amazon, or its payment."""
    charge = "sale" if kind == "shipped" else "payment"
    amounts = (Amount(charge=charge, amount_minor=minor, party="amazon"),)
    with database.write() as tx:
        voucher = ledger.post(tx, Event(kind=kind, entity="", currency=currency, on=on, source=source, amounts=amounts))
    assert voucher is not None
    return voucher


def balances(database: Database, ledger: Ledger) -> dict[tuple[str, str], int]:
    """By currency and account, of everything that holds anything."""
    with database.read() as reader:
        rows = ledger.trial_balance(reader)
    return {(row.currency, row.account): row.balance_minor for row in rows if row.balance_minor}
