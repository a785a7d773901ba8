"""Balances of any time are rebuilt from the entries until then, whatever was kept since."""

import random
from datetime import datetime, timedelta

from solver.clock import ManualClock
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Balance, Book, Transfer
from solver.storage.database import Database

SHELF = AccountKey(book=Book.STOCK, kind="shelf", holder="s1", unit="tea", guarded=True)
GATE = AccountKey(book=Book.STOCK, kind="gate", holder="", unit="tea")
MINUTES = timedelta(minutes=1)


def shelf_at(database: Database, journal: Journal, at: datetime) -> tuple[int, int, int, int]:
    with database.read() as reader:
        balance = journal.balance_at(reader, SHELF, at)
    return (balance.debits_posted, balance.credits_posted, balance.debits_pending, balance.credits_pending)


def test_every_stage_of_a_hold_can_be_looked_up_later(database: Database, journal: Journal, clock: ManualClock) -> None:
    begun = clock.now()
    with database.write() as tx:
        journal.post(tx, "received", "po", [Transfer(debit=SHELF, credit=GATE, amount=7)])
    clock.advance(MINUTES)
    entries = []
    for subject in ("confirmed", "released", "lapsed"):
        with database.write() as tx:
            transfers = [Transfer(debit=GATE, credit=SHELF, amount=2)]
            entries.append(journal.hold(tx, "held", subject, transfers, begun + 5 * MINUTES).entry_id)
    clock.advance(MINUTES)
    with database.write() as tx:
        journal.confirm(tx, entries[0])
        journal.release(tx, entries[1])
    clock.advance(10 * MINUTES)
    with database.write() as tx:
        journal.expire_due(tx)
    looked_up = {minute: shelf_at(database, journal, begun + minute * MINUTES) for minute in (-1, 0, 1, 2, 4, 5, 12)}
    assert looked_up == {
        -1: (0, 0, 0, 0),
        0: (7, 0, 0, 0),
        1: (7, 0, 0, 6),
        2: (7, 2, 0, 2),
        4: (7, 2, 0, 2),
        5: (7, 2, 0, 0),  # due, though nothing was written
        12: (7, 2, 0, 0),
    }


def test_an_account_that_was_never_opened_held_nothing(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    assert shelf_at(database, journal, clock.now()) == (0, 0, 0, 0)


def test_at_every_moment_of_a_random_history_it_is_what_was_read_then(
    database: Database, journal: Journal, clock: ManualClock, seed: int
) -> None:
    draw = random.Random(seed)
    read: dict[datetime, Balance] = {}
    of_all: dict[datetime, set[Balance]] = {}
    for number in range(60):
        clock.advance(timedelta(seconds=draw.randint(1, 90)))
        try:
            with database.write() as tx:
                journal.expire_due(tx)
                amount = draw.randint(1, 5)
                if draw.random() < 0.4:
                    journal.post(tx, "received", "po", [Transfer(debit=SHELF, credit=GATE, amount=amount)])
                else:
                    transfers = [Transfer(debit=GATE, credit=SHELF, amount=amount)]
                    held = journal.hold(tx, "held", f"{number}", transfers, journal.now(tx) + 3 * MINUTES)
                    if draw.random() < 0.6:
                        draw.choice([journal.confirm, journal.release])(tx, held.entry_id)
        except GuardRefused:
            continue
        with database.read() as reader:
            read[clock.now()] = journal.balances(reader, Book.STOCK, kinds=["shelf"])[0]
            of_all[clock.now()] = set(journal.balances(reader, Book.STOCK))
    with database.read() as reader:
        assert {at: journal.balance_at(reader, SHELF, at) for at in read} == read
        assert {at: set(journal.balances_at(reader, "tea", at)) for at in of_all} == of_all
    assert len(read) > 20
