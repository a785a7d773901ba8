"""What accounts held at a time that is archived, rebuilt from the archive that has it."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from solver.clock import to_micros
from solver.errors import FieldViolation, InvalidRequest
from solver.journal.archive_file import rows_digest
from solver.journal.archive_proof import open_archive, refuse_file
from solver.journal.archived import archives
from solver.journal.model import AccountKey, Balance, Book
from solver.storage.database import Reader

# A hold counts as pending from its entry until it was resolved, or was due; an archive has those that stood before.
_HELD = """
WITH moved AS (
    SELECT debit_id, credit_id,
           CASE WHEN made.phase = 'post' OR resolution.phase = 'confirm' THEN amount ELSE 0 END AS posted,
           CASE WHEN made.phase = 'hold' AND resolution.phase IS NULL AND made.expires_at_us > ?
                THEN amount ELSE 0 END AS pending
    FROM transfer JOIN entry AS made ON made.entry_id = transfer.entry_id
    LEFT JOIN entry AS resolution ON resolution.resolves = made.entry_id AND resolution.at_us <= ?
    JOIN account ON account_id = debit_id WHERE made.at_us <= ? AND unit = ?
), sides AS (
    SELECT debit_id AS side_id, posted AS debits, 0 AS credits, pending AS debits_due, 0 AS credits_due FROM moved
    UNION ALL SELECT credit_id, 0, posted, 0, pending FROM moved
    UNION ALL SELECT opening.account_id, debits_posted, credits_posted, 0, 0
    FROM opening JOIN account ON account.account_id = opening.account_id WHERE unit = ?
)
SELECT book, kind, holder, unit, guarded, sum(debits), sum(credits), sum(debits_due), sum(credits_due)
FROM sides JOIN account ON account_id = side_id
GROUP BY book, kind, holder, unit, guarded ORDER BY book, kind, holder
"""


def balances_in_archives(database: Reader, files: Sequence[Path], unit: str, at: datetime) -> tuple[Balance, ...]:
    """The sums of every account of a unit at a time that is archived; see `balances_at`.

    Raises InvalidRequest naming the archive that is needed where it is not given, or where its rows are not those that
    were archived.
    """
    done = archives(database)
    needed = next(one for one in done if at < one.last_at)
    with ExitStack() as stack:
        for file in files:
            one = open_archive(stack, file, done)
            if one.archive == needed:
                if rows_digest(one.reader) != needed.digest:
                    refuse_file(file, "its rows are not those that were archived: run python -m solver audit --archive")
                return _balances(one.reader, unit, to_micros(at))
    violation = FieldViolation(field="archive", value=", ".join(map(str, files)), remedy=f"give the file of {needed}")
    raise InvalidRequest("what accounts held then", [violation])


def _balances(reader: Reader, unit: str, at_us: int) -> tuple[Balance, ...]:
    return tuple(
        Balance(
            account=AccountKey(book=Book(book), kind=kind, holder=holder, unit=of_unit, guarded=bool(guarded)),
            debits_posted=sums[0],
            credits_posted=sums[1],
            debits_pending=sums[2],
            credits_pending=sums[3],
        )
        for book, kind, holder, of_unit, guarded, *sums in reader.query(_HELD, (at_us, at_us, at_us, unit, unit))
    )
