"""Books of a database that was made before vouchers were written with their lines."""

from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Transfer
from solver.ledger.books.adoption import tell_early_vouchers
from solver.ledger.books.verify import verify
from solver.ledger.ledger import Ledger
from solver.ledger.model import Leg
from solver.storage.database import Database


def account(kind: str, holder: str = "") -> AccountKey:
    return AccountKey(book=Book.MONEY, kind=kind, holder=holder, unit="CNY")


def test_vouchers_of_plans_are_told_once_and_with_their_parties(
    database: Database, ledger: Ledger, journal: Journal
) -> None:
    freight, carrier = account("freight_expense"), account("payable_carrier", "sf")
    handling, source = account("handling_expense"), account("payable_source", "wh")
    with database.write() as tx:
        there = [
            Transfer(debit=freight, credit=carrier, amount=5),
            Transfer(debit=handling, credit=source, amount=3),
        ]
        journal.post(tx, "plan_confirmed", "P1", there)
        journal.post(tx, "plan_changed", "P1", [Transfer(debit=carrier, credit=freight, amount=2)])
        tell_early_vouchers(tx)
        tell_early_vouchers(tx)
    with database.read() as reader:
        confirmed, changed = ledger.vouchers(reader, "P1")
        assert confirmed.legs[1] == Leg(debit="handling_expense", credit="payable_source/wh", amount_minor=3)
        [line] = ledger.lines(reader, changed.voucher_id)
        assert (line.charge, line.party, line.debit) == ("freight", "sf", "payable_carrier/sf")
        assert verify(reader).troubles == ()
        assert ledger.owed(reader, "P1", "CNY").freight_minor == {"sf": 3}
