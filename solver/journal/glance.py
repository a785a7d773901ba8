"""A quick look at the journal, for those who cannot wait for the audit of all of it."""

from collections.abc import Iterator
from itertools import pairwise

from solver.journal.archived import CUT
from solver.storage.database import Reader

MOST_ENTRIES = 10_000


def glance(reader: Reader, most: int = MOST_ENTRIES) -> Iterator[str]:
    """What is wrong with the last entries and with the accounts; nothing where a glance finds nothing."""
    rows = reader.query(
        f"SELECT entry_id, at_us FROM journal_entry WHERE entry_id > {CUT} ORDER BY entry_id DESC LIMIT ?", (most,)
    )
    for (later, later_us), (earlier, earlier_us) in pairwise(rows):
        if later != earlier + 1:
            yield f"entry {earlier} is followed by entry {later}"
        if later_us < earlier_us:
            yield f"entry {later} is earlier than entry {earlier}"
    overdrawn = reader.query(
        """SELECT book, kind, unit, holder FROM journal_account
           WHERE guarded = 1 AND debits_posted - credits_posted - credits_pending < 0"""
    )
    for account in overdrawn:
        yield f"account {'/'.join(account)} is below 0"
