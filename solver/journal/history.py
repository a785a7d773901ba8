"""What accounts held at any time, rebuilt from the entries until then: nothing that is kept is believed.

Where entries were archived it begins from what accounts held then; what was before is to be read from the archives.
"""

from datetime import datetime

from solver.clock import to_micros
from solver.journal.archived import CUT, refuse_archived_time
from solver.journal.model import AccountKey, Balance, Book
from solver.storage.database import Reader

# A hold counts as pending from its entry until it was resolved, or was due.
_MOVED = f"""
    SELECT debit_id, credit_id,
           CASE WHEN (entry.phase = 'post' AND entry.entry_id > {CUT})
                  OR (resolution.phase = 'confirm' AND resolution.entry_id > {CUT}) THEN amount ELSE 0 END AS posted,
           CASE WHEN entry.phase = 'hold' AND resolution.phase IS NULL AND entry.expires_at_us > ?
                THEN amount ELSE 0 END AS pending
    FROM journal_transfer
    JOIN journal_entry AS entry ON entry.entry_id = journal_transfer.entry_id
    LEFT JOIN journal_entry AS resolution ON resolution.resolves = entry.entry_id AND resolution.at_us <= ?
"""
_SUMS = f"""
WITH moved AS ({_MOVED} WHERE entry.at_us <= ? AND (debit_id = ? OR credit_id = ?))
SELECT coalesce(sum(CASE WHEN debit_id = ? THEN posted ELSE 0 END), 0)
         + coalesce((SELECT debits_posted FROM journal_opening WHERE account_id = ?), 0),
       coalesce(sum(CASE WHEN credit_id = ? THEN posted ELSE 0 END), 0)
         + coalesce((SELECT credits_posted FROM journal_opening WHERE account_id = ?), 0),
       coalesce(sum(CASE WHEN debit_id = ? THEN pending ELSE 0 END), 0),
       coalesce(sum(CASE WHEN credit_id = ? THEN pending ELSE 0 END), 0)
FROM moved
"""
_OF_UNIT = f"""
WITH moved AS (
    {_MOVED} JOIN journal_account ON account_id = debit_id WHERE entry.at_us <= ? AND unit = ?
),
sides AS (
    SELECT debit_id AS side_id, posted AS debits, 0 AS credits, pending AS debits_due, 0 AS credits_due FROM moved
    UNION ALL SELECT credit_id, 0, posted, 0, pending FROM moved
    UNION ALL SELECT journal_opening.account_id, journal_opening.debits_posted, journal_opening.credits_posted, 0, 0
    FROM journal_opening JOIN journal_account ON journal_account.account_id = journal_opening.account_id WHERE unit = ?
)
SELECT book, kind, holder, unit, guarded, sum(debits), sum(credits), sum(debits_due), sum(credits_due)
FROM sides JOIN journal_account ON account_id = side_id
GROUP BY book, kind, holder, unit, guarded ORDER BY book, kind, holder
"""


def balance_at(reader: Reader, account: AccountKey, at: datetime) -> Balance:
    """The account's sums after every entry at or before `at`; zeros before its first one. Reads the whole journal.

    Raises StateConflict (JOURNAL_ARCHIVED) for a time before the last archived entry.
    """
    refuse_archived_time(reader, at)
    rows = reader.query(
        "SELECT account_id FROM journal_account WHERE book = ? AND kind = ? AND unit = ? AND holder = ?",
        (account.book, account.kind, account.unit, account.holder),
    )
    at_us, account_id = to_micros(at), rows[0][0] if rows else 0
    sums = reader.query(_SUMS, (at_us, at_us, at_us, *[account_id] * 8))[0]
    return Balance(
        account=account,
        debits_posted=sums[0],
        credits_posted=sums[1],
        debits_pending=sums[2],
        credits_pending=sums[3],
    )


def balances_at(reader: Reader, unit: str, at: datetime) -> tuple[Balance, ...]:
    """The sums of every account of a unit that was used until then, in all books. Reads the whole journal.

    Raises StateConflict (JOURNAL_ARCHIVED) for a time before the last archived entry.
    """
    refuse_archived_time(reader, at)
    at_us = to_micros(at)
    return tuple(
        Balance(
            account=AccountKey(book=Book(book), kind=kind, holder=holder, unit=of_unit, guarded=bool(guarded)),
            debits_posted=sums[0],
            credits_posted=sums[1],
            debits_pending=sums[2],
            credits_pending=sums[3],
        )
        for book, kind, holder, of_unit, guarded, *sums in reader.query(_OF_UNIT, (at_us, at_us, at_us, unit, unit))
    )
