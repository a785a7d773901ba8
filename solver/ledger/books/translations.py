"""Vouchers in another currency that wait for a rate of their day: posted, and not yet told in the base currency.

Vouchers of an entity in one currency are translated in the order in which they were posted, because what one realises
follows from those before. So one that waits lets all later ones of its currency wait as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from solver.errors import StateConflict
from solver.ledger.books.periods import period_name
from solver.ledger.books.posting import day_number, day_of
from solver.ledger.books.vouchers import NewVoucher
from solver.storage.database import Reader, Transaction

_WAITING = "entities and currencies of vouchers that wait for a rate"
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslated:
    """So many vouchers of an entity in a currency wait; the first of them, in their order, needs a rate of `on`."""

    entity: str
    currency: str
    base_currency: str
    on: date
    vouchers: int


def waits(reader: Reader, entity: str, currency: str) -> bool:
    """Whether a voucher of the entity in this currency waits."""
    if _WAITING not in reader.memo:
        rows = reader.query("SELECT DISTINCT entity, currency FROM ledger_untranslated")
        reader.memo[_WAITING] = {(of, code) for of, code in rows}
    known: set[tuple[str, str]] = reader.memo[_WAITING]
    return (entity, currency) in known


def wait(tx: Transaction, made: Iterable[NewVoucher]) -> None:
    """Note those of these vouchers that are not translated."""
    late = [one for one in made if not one.is_translated]
    if late:
        tx.execute_rows(
            "INSERT INTO ledger_untranslated (entry_id, entity, currency, base, on_day) {rows}",
            [(one.entry.entry_id, one.entity, one.currency, one.base, day_number(one.on)) for one in late],
        )
        tx.memo.pop(_WAITING, None)


def queues(reader: Reader) -> list[tuple[str, str, str]]:
    """Entity, currency and base currency of all that wait."""
    rows = reader.query("SELECT DISTINCT entity, currency, base FROM ledger_untranslated ORDER BY entity, currency")
    return [(entity, currency, base) for entity, currency, base in rows]


def first_of(reader: Reader, entity: str, currency: str) -> list[int]:
    """The entries of the vouchers that wait longest, in their order; empty where none waits."""
    rows = reader.query(
        "SELECT entry_id FROM ledger_untranslated WHERE entity = ? AND currency = ? ORDER BY entry_id LIMIT ?",
        (entity, currency, _AT_ONCE),
    )
    return [row[0] for row in rows]


def translate(tx: Transaction, entry_id: int, base_minor: Sequence[int]) -> None:
    """Keep what each line of a voucher is worth; from now on it does not wait."""
    tx.execute_rows(
        "INSERT INTO ledger_translation (entry_id, line, base_minor) {rows}",
        [(entry_id, line, minor) for line, minor in enumerate(base_minor)],
    )
    tx.execute("DELETE FROM ledger_untranslated WHERE entry_id = ?", (entry_id,))
    tx.memo.pop(_WAITING, None)


def untranslated(reader: Reader) -> tuple[Untranslated, ...]:
    """What waits, by entity and currency."""
    rows = reader.query(
        """SELECT waiting.entity, waiting.currency, waiting.base, waiting.on_day, queue.vouchers
           FROM (SELECT min(entry_id) AS entry_id, count(*) AS vouchers FROM ledger_untranslated
                 GROUP BY entity, currency) AS queue
           JOIN ledger_untranslated AS waiting ON waiting.entry_id = queue.entry_id
           ORDER BY waiting.entity, waiting.currency"""
    )
    return tuple(
        Untranslated(entity=entity, currency=currency, base_currency=base, on=day_of(on_day), vouchers=vouchers)
        for entity, currency, base, on_day, vouchers in rows
    )


def refuse_untranslated(reader: Reader, entity: str, period: int) -> None:
    """Raise StateConflict (NOT_TRANSLATED) where a voucher of the period, or of an earlier one, waits for its rate."""
    rows = reader.query(
        """SELECT currency, base, min(on_day), count(*) FROM ledger_untranslated WHERE entity = ? AND on_day < ?
           GROUP BY currency, base ORDER BY currency""",
        (entity, (period + 1) * 100),
    )
    for currency, base, on_day, count in rows:
        raise StateConflict(
            f"{count:,} vouchers in {currency} up to {period_name(period)} wait for a rate of {currency} in {base}, "
            f"the first of {day_of(on_day)}: import it, then close the period",
            reason="NOT_TRANSLATED",
            metadata={"entity": entity, "period": period_name(period), "currency": currency, "base": base},
        )
