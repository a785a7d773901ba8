"""The audit: rebuild every balance from the transfers and compare, trusting nothing that is kept.

Where entries were archived it begins from what accounts held then; the archives prove that (docs/archive.md).
"""

from solver.clock import from_micros
from solver.journal.archived import CUT, archives, kept_digest, opening_digest
from solver.journal.model import Discrepancy
from solver.storage.database import Reader


def audit(reader: Reader) -> tuple[Discrepancy, ...]:
    """Every broken rule of the books; empty when they balance. Reads the whole journal."""
    return (
        *_opening_is_what_was_archived(reader),
        *_rows_are_numbered_without_gaps(reader),
        *_balances_equal_their_transfers(reader),
        *_debits_equal_credits(reader),
        *_guarded_accounts_stay_above_zero(reader),
        *_transfers_stay_within_book_and_unit(reader),
        *_pending_lists_the_unresolved_holds(reader),
        *_entries_stand_in_time_order(reader),
        *_resolutions_respect_the_expiry(reader),
    )


def _opening_is_what_was_archived(reader: Reader) -> list[Discrepancy]:
    """What the archives came to, and what was left of them, are as the last archive says; that is append-only."""
    done = archives(reader)
    if not done:
        return []
    last = done[-1]
    facts = (
        ("opening_is_what_was_archived", last.opening_digest, opening_digest(reader)),
        ("kept_entries_are_what_was_left", last.kept_digest, kept_digest(reader)),
    )
    return [
        Discrepancy(rule=rule, where=str(last), expected=expected, found=found)
        for rule, expected, found in facts
        if expected != found
    ]


def _rows_are_numbered_without_gaps(reader: Reader) -> list[Discrepancy]:
    """A row that was taken out of history leaves a gap."""
    entries = reader.query(
        f"""SELECT entry_id, before_id
           FROM (SELECT entry_id, lag(entry_id, 1, {CUT}) OVER (ORDER BY entry_id) AS before_id
                 FROM journal_entry WHERE entry_id > {CUT}) AS numbered
           WHERE entry_id <> before_id + 1 ORDER BY entry_id"""
    )
    lines = reader.query(
        """SELECT entry_id, line, before
           FROM (SELECT entry_id, line, lag(line, 1, -1) OVER (PARTITION BY entry_id ORDER BY line) AS before
                 FROM journal_transfer) AS numbered
           WHERE line <> before + 1 ORDER BY entry_id, line"""
    )
    rule = "rows_are_numbered_without_gaps"
    return [
        *(
            Discrepancy(rule=rule, where=f"entry {found}", expected=f"entry {before + 1}", found=f"entry {found}")
            for found, before in entries
        ),
        *(
            Discrepancy(
                rule=rule, where=f"entry {entry} line {line}", expected=f"line {before + 1}", found=f"line {line}"
            )
            for entry, line, before in lines
        ),
    ]


# How often a transfer counts as posted and as pending follows from its entry and the entry that resolved it; what an
# archived entry posted is in the opening.
_REBUILT = f"""
WITH counted AS (
    SELECT debit_id, credit_id, amount,
           CASE WHEN (entry.phase = 'post' AND entry.entry_id > {CUT})
                  OR (resolution.phase = 'confirm' AND resolution.entry_id > {CUT}) THEN amount ELSE 0 END AS posted,
           CASE WHEN entry.phase = 'hold' AND resolution.phase IS NULL THEN amount ELSE 0 END AS pending
    FROM journal_transfer
    JOIN journal_entry AS entry ON entry.entry_id = journal_transfer.entry_id
    LEFT JOIN journal_entry AS resolution ON resolution.resolves = entry.entry_id
), sides AS (
    SELECT debit_id AS account_id, posted AS dr, 0 AS cr, pending AS dr_pending, 0 AS cr_pending FROM counted
    UNION ALL
    SELECT credit_id, 0, posted, 0, pending FROM counted
    UNION ALL
    SELECT account_id, debits_posted, credits_posted, 0, 0 FROM journal_opening
), rebuilt AS (
    SELECT account_id, sum(dr) AS dr, sum(cr) AS cr, sum(dr_pending) AS dr_pending, sum(cr_pending) AS cr_pending
    FROM sides GROUP BY account_id
)
SELECT book, kind, holder, unit,
       coalesce(dr, 0), coalesce(cr, 0), coalesce(dr_pending, 0), coalesce(cr_pending, 0),
       debits_posted, credits_posted, debits_pending, credits_pending
FROM journal_account LEFT JOIN rebuilt ON rebuilt.account_id = journal_account.account_id
WHERE (coalesce(dr, 0), coalesce(cr, 0), coalesce(dr_pending, 0), coalesce(cr_pending, 0))
   <> (debits_posted, credits_posted, debits_pending, credits_pending)
ORDER BY book, kind, unit, holder
"""


def _balances_equal_their_transfers(reader: Reader) -> list[Discrepancy]:
    return [
        Discrepancy(
            rule="balances_equal_their_transfers",
            where=f"{book}/{kind}/{holder}/{unit}",
            expected=_sums(figures[:4]),
            found=_sums(figures[4:]),
        )
        for book, kind, holder, unit, *figures in reader.query(_REBUILT)
    ]


def _sums(figures: list[int]) -> str:
    return f"debits {figures[0]} + {figures[2]} pending, credits {figures[1]} + {figures[3]} pending"


def _debits_equal_credits(reader: Reader) -> list[Discrepancy]:
    rows = reader.query(
        """SELECT book, unit, sum(debits_posted), sum(credits_posted), sum(debits_pending), sum(credits_pending)
           FROM journal_account GROUP BY book, unit
           HAVING sum(debits_posted) <> sum(credits_posted) OR sum(debits_pending) <> sum(credits_pending)
           ORDER BY book, unit"""
    )
    return [
        Discrepancy(
            rule="debits_equal_credits",
            where=f"{book}/{unit}",
            expected=f"credits {debits} + {debits_pending} pending",
            found=f"credits {credits} + {credits_pending} pending",
        )
        for book, unit, debits, credits, debits_pending, credits_pending in rows
    ]


def _guarded_accounts_stay_above_zero(reader: Reader) -> list[Discrepancy]:
    rows = reader.query(
        """SELECT book, kind, holder, unit, debits_posted - credits_posted - credits_pending AS available
           FROM journal_account WHERE guarded = 1 AND debits_posted - credits_posted - credits_pending < 0
           ORDER BY book, kind, unit, holder"""
    )
    return [
        Discrepancy(
            rule="guarded_accounts_stay_above_zero",
            where=f"{book}/{kind}/{holder}/{unit}",
            expected="at least 0",
            found=str(available),
        )
        for book, kind, holder, unit, available in rows
    ]


def _transfers_stay_within_book_and_unit(reader: Reader) -> list[Discrepancy]:
    rows = reader.query(
        """SELECT entry_id, line, debit.book || '/' || debit.unit, credit.book || '/' || credit.unit
           FROM journal_transfer
           JOIN journal_account AS debit ON debit.account_id = debit_id
           JOIN journal_account AS credit ON credit.account_id = credit_id
           WHERE (debit.book, debit.unit) <> (credit.book, credit.unit) ORDER BY entry_id, line"""
    )
    return [
        Discrepancy(
            rule="transfers_stay_within_book_and_unit",
            where=f"entry {entry_id} line {line}",
            expected=debited,
            found=credited,
        )
        for entry_id, line, debited, credited in rows
    ]


def _pending_lists_the_unresolved_holds(reader: Reader) -> list[Discrepancy]:
    rows = reader.query(
        """WITH unresolved AS (
               SELECT entry_id, expires_at_us FROM journal_entry AS hold
               WHERE phase = 'hold' AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE resolves = hold.entry_id)
           )
           SELECT coalesce(unresolved.entry_id, pending.entry_id) AS entry_id,
                  unresolved.expires_at_us, pending.expires_at_us
           FROM unresolved FULL JOIN journal_pending AS pending ON pending.entry_id = unresolved.entry_id
           WHERE unresolved.expires_at_us IS DISTINCT FROM pending.expires_at_us ORDER BY 1"""
    )
    return [
        Discrepancy(
            rule="pending_lists_the_unresolved_holds",
            where=f"entry {entry_id}",
            expected=_expiry(expected_us),
            found=_expiry(found_us),
        )
        for entry_id, expected_us, found_us in rows
    ]


def _expiry(expires_at_us: int | None) -> str:
    return "not pending" if expires_at_us is None else f"pending until {from_micros(expires_at_us).isoformat()}"


def _entries_stand_in_time_order(reader: Reader) -> list[Discrepancy]:
    rows = reader.query(
        """SELECT entry_id, before_us, at_us
           FROM (SELECT entry_id, at_us, lag(at_us) OVER (ORDER BY entry_id) AS before_us FROM journal_entry) AS timed
           WHERE at_us < before_us ORDER BY entry_id"""
    )
    return [
        Discrepancy(
            rule="entries_stand_in_time_order",
            where=f"entry {entry_id}",
            expected=f"at or after {from_micros(before_us).isoformat()}",
            found=from_micros(at_us).isoformat(),
        )
        for entry_id, before_us, at_us in rows
    ]


def _resolutions_respect_the_expiry(reader: Reader) -> list[Discrepancy]:
    rows = reader.query(
        """SELECT resolution.entry_id, resolution.phase, hold.expires_at_us, resolution.at_us
           FROM journal_entry AS resolution JOIN journal_entry AS hold ON hold.entry_id = resolution.resolves
           WHERE hold.phase <> 'hold' OR resolution.entry_id < hold.entry_id
              OR (resolution.phase = 'expire') <> (resolution.at_us >= hold.expires_at_us)
           ORDER BY resolution.entry_id"""
    )
    return [
        Discrepancy(
            rule="resolutions_respect_the_expiry",
            where=f"entry {entry_id}",
            expected=f"{phase} of a hold that expires at {expires_at_us} us",
            found=f"{phase} at {at_us} us",
        )
        for entry_id, phase, expires_at_us, at_us in rows
    ]
