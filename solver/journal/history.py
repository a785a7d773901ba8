"""What an account held at any time, rebuilt from the entries until then: nothing that is kept is believed."""

from datetime import datetime

from solver.clock import to_micros
from solver.journal.model import AccountKey, Balance
from solver.storage.database import Reader

# A hold counts as pending from its entry until it was resolved, or was due.
_SUMS = """
WITH moved AS (
    SELECT debit_id, credit_id,
           CASE WHEN entry.phase = 'post' OR resolution.phase = 'confirm' THEN amount ELSE 0 END AS posted,
           CASE WHEN entry.phase = 'hold' AND resolution.phase IS NULL AND entry.expires_at_us > ?
                THEN amount ELSE 0 END AS pending
    FROM journal_transfer
    JOIN journal_entry AS entry ON entry.entry_id = journal_transfer.entry_id
    LEFT JOIN journal_entry AS resolution ON resolution.resolves = entry.entry_id AND resolution.at_us <= ?
    WHERE entry.at_us <= ? AND (debit_id = ? OR credit_id = ?)
)
SELECT coalesce(sum(CASE WHEN debit_id = ? THEN posted ELSE 0 END), 0),
       coalesce(sum(CASE WHEN credit_id = ? THEN posted ELSE 0 END), 0),
       coalesce(sum(CASE WHEN debit_id = ? THEN pending ELSE 0 END), 0),
       coalesce(sum(CASE WHEN credit_id = ? THEN pending ELSE 0 END), 0)
FROM moved
"""


def balance_at(reader: Reader, account: AccountKey, at: datetime) -> Balance:
    """The account's sums after every entry at or before `at`; zeros before its first one. Reads the whole journal."""
    rows = reader.query(
        "SELECT account_id FROM journal_account WHERE book = ? AND kind = ? AND unit = ? AND holder = ?",
        (account.book, account.kind, account.unit, account.holder),
    )
    at_us, account_id = to_micros(at), rows[0][0] if rows else 0
    sums = reader.query(_SUMS, (at_us, at_us, at_us, *[account_id] * 6))[0]
    return Balance(
        account=account,
        debits_posted=sums[0],
        credits_posted=sums[1],
        debits_pending=sums[2],
        credits_pending=sums[3],
    )
