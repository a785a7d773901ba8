"""Rows of vouchers and their lines: written once, read, never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from solver.journal.accounts import Move
from solver.journal.model import Entry, Transfer
from solver.ledger.books.model import Amount
from solver.ledger.books.posting import day_number, day_of
from solver.storage.database import Reader, Transaction

_VOUCHER = "entry_id, kind, source, entity, currency, on_day, reason, reverses, follows"
# What a line is worth in the base currency: as it was posted, or as it was translated since.
BASE_MINOR = "coalesce(translated.base_minor, posted.base_minor)"
TRANSLATED = """LEFT JOIN ledger_translation AS translated
    ON translated.entry_id = posted.entry_id AND translated.line = posted.line"""
_DIMENSIONS = "charge, party, order_id, line_id, sku, channel, cost_centre, profit_centre, about"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherRow:
    """A voucher as it is kept, named by its entry in the journal."""

    entry_id: int
    kind: str
    source: str
    entity: str
    currency: str
    on: date
    reason: str
    reverses: int | None = None
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVoucher:
    """A voucher to be written: its entry, and each line's accounts, its value in the base currency, and its amount.

    `base` is the entity's base currency, empty where it has none. One that is not translated waits for a rate of its
    day, and its lines are worth 0 until then.
    """

    entry: Entry
    entity: str
    currency: str
    base: str
    on: date
    reason: str
    transfers: Sequence[Transfer]
    moves: Sequence[Move]
    base_minor: Sequence[int]
    amounts: Sequence[Amount]
    reverses: int | None = None
    follows: int | None = None
    is_translated: bool = True

    @property
    def row(self) -> VoucherRow:
        """The voucher as it will be read."""
        return VoucherRow(
            entry_id=self.entry.entry_id,
            kind=self.entry.kind,
            source=self.entry.subject,
            entity=self.entity,
            currency=self.currency,
            on=self.on,
            reason=self.reason,
            reverses=self.reverses,
            follows=self.follows,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line as it is kept; the amount is positive, from the credited to the debited account."""

    entry_id: int
    line: int
    on: date
    debit_id: int
    credit_id: int
    amount_minor: int
    base_minor: int
    amount: Amount


def write(tx: Transaction, vouchers: Sequence[NewVoucher]) -> None:
    """Write vouchers and their lines, and add the lines to the totals of their accounts."""
    tx.execute_rows(
        f"INSERT INTO ledger_voucher ({_VOUCHER}) {{rows}}",
        [_voucher_values(one) for one in vouchers],
    )
    tx.execute_rows(
        "INSERT INTO ledger_line (entry_id, line, on_day, debit_id, credit_id, amount_minor, base_minor, "
        f"{_DIMENSIONS}) {{rows}}",
        [row for one in vouchers for row in _line_values(one)],
    )
    _add_to_totals(
        tx,
        [
            (_period(one.on), moved, base_minor, amount)
            for one in vouchers
            for moved, base_minor, amount in zip(one.moves, one.base_minor, one.amounts, strict=True)
        ],
    )


def by_ids(reader: Reader, entry_ids: Collection[int]) -> dict[int, VoucherRow]:
    """The vouchers that there are of these, by their entries' ids."""
    sql = f"SELECT {_VOUCHER} FROM ledger_voucher WHERE entry_id IN (?)"
    return {row[0]: _voucher(row) for row in reader.query_within(sql, (entry_ids,))}


def by_source(reader: Reader, source: str) -> list[VoucherRow]:
    """Every voucher of this source, oldest first."""
    rows = reader.query(f"SELECT {_VOUCHER} FROM ledger_voucher WHERE source = ? ORDER BY entry_id", (source,))
    return [_voucher(row) for row in rows]


def standing(reader: Reader, sources: Collection[str]) -> set[tuple[str, str, str]]:
    """Kind, source and entity of every voucher of these sources that was not reversed."""
    rows = reader.query_within(
        """SELECT kind, source, entity FROM ledger_voucher AS posted
           WHERE source IN (?) AND NOT EXISTS (SELECT 1 FROM ledger_voucher WHERE reverses = posted.entry_id)""",
        (sources,),
    )
    return {(kind, source, entity) for kind, source, entity in rows}


def reversal_of(reader: Reader, entry_id: int) -> int | None:
    """The entry of the voucher that reversed this one, if one did."""
    rows = reader.query("SELECT entry_id FROM ledger_voucher WHERE reverses = ?", (entry_id,))
    return rows[0][0] if rows else None


def followers_of(reader: Reader, entry_id: int) -> list[int]:
    """The vouchers that were posted because of this one, oldest first."""
    rows = reader.query("SELECT entry_id FROM ledger_voucher WHERE follows = ? ORDER BY entry_id", (entry_id,))
    return [row[0] for row in rows]


def lines(reader: Reader, entry_id: int) -> list[LineRow]:
    """A voucher's lines in their order."""
    rows = reader.query(
        f"""SELECT posted.entry_id, posted.line, on_day, debit_id, credit_id, amount_minor, {BASE_MINOR}, {_DIMENSIONS}
            FROM ledger_line AS posted {TRANSLATED} WHERE posted.entry_id = ? ORDER BY posted.line""",
        (entry_id,),
    )
    return [_line(row) for row in rows]


def add_worth(tx: Transaction, worth: Sequence[LineRow], base_minor: Sequence[int]) -> None:
    """Add what lines turned out to be worth in the base currency to the totals of their accounts."""
    _add_to_totals(
        tx,
        [
            (_period(line.on), (line.debit_id, line.credit_id, 0), minor, line.amount)
            for line, minor in zip(worth, base_minor, strict=True)
        ],
    )


def _voucher_values(one: NewVoucher) -> tuple[int | str | None, ...]:
    return (
        one.entry.entry_id,
        one.entry.kind,
        one.entry.subject,
        one.entity,
        one.currency,
        day_number(one.on),
        one.reason,
        one.reverses,
        one.follows,
    )


def _line_values(one: NewVoucher) -> list[tuple[int | str, ...]]:
    entry_id, on_day = one.entry.entry_id, day_number(one.on)
    numbered = enumerate(zip(one.moves, one.base_minor, one.amounts, strict=True))
    return [
        (entry_id, line, on_day, *moved, base_minor, *_dimensions(amount))
        for line, (moved, base_minor, amount) in numbered
    ]


def _dimensions(amount: Amount) -> tuple[str, ...]:
    return (
        amount.charge,
        amount.party,
        amount.order_id,
        amount.line_id,
        amount.sku,
        amount.channel,
        amount.cost_centre,
        amount.profit_centre,
        amount.about,
    )


def _period(on: date) -> int:
    return on.year * 100 + on.month


def _add_to_totals(tx: Transaction, lines: Sequence[tuple[int, Move, int, Amount]]) -> None:
    """Each account's debits and credits by period and centres, from the period, accounts and values of lines."""
    sums: dict[tuple[int, int, str, str], list[int]] = {}
    for period, (debit_id, credit_id, amount_minor), base_minor, amount in lines:
        centres = amount.cost_centre, amount.profit_centre
        debited = sums.setdefault((debit_id, period, *centres), [0, 0, 0, 0])
        debited[0] += amount_minor
        debited[2] += base_minor
        credited = sums.setdefault((credit_id, period, *centres), [0, 0, 0, 0])
        credited[1] += amount_minor
        credited[3] += base_minor
    tx.execute_rows(
        """INSERT INTO ledger_total (account_id, period, cost_centre, profit_centre, debit_minor, credit_minor,
                                     base_debit_minor, base_credit_minor) {rows}
           ON CONFLICT (account_id, period, cost_centre, profit_centre) DO UPDATE SET
               debit_minor = ledger_total.debit_minor + excluded.debit_minor,
               credit_minor = ledger_total.credit_minor + excluded.credit_minor,
               base_debit_minor = ledger_total.base_debit_minor + excluded.base_debit_minor,
               base_credit_minor = ledger_total.base_credit_minor + excluded.base_credit_minor""",
        [(*key, *figures) for key, figures in sorted(sums.items())],
    )


def _voucher(row: Sequence[object]) -> VoucherRow:
    entry_id, kind, source, entity, currency, on_day, reason, reverses, follows = row
    assert isinstance(entry_id, int)
    assert isinstance(on_day, int)
    return VoucherRow(
        entry_id=entry_id,
        kind=str(kind),
        source=str(source),
        entity=str(entity),
        currency=str(currency),
        on=day_of(on_day),
        reason=str(reason),
        reverses=reverses if isinstance(reverses, int) else None,
        follows=follows if isinstance(follows, int) else None,
    )


def _line(row: Sequence[object]) -> LineRow:
    entry_id, line, on_day, debit_id, credit_id, amount_minor, base_minor = (int(str(value)) for value in row[:7])
    charge, party, order_id, line_id, sku, channel, cost_centre, profit_centre, about = (
        str(value) for value in row[7:]
    )
    return LineRow(
        entry_id=entry_id,
        line=line,
        on=day_of(on_day),
        debit_id=debit_id,
        credit_id=credit_id,
        amount_minor=amount_minor,
        base_minor=base_minor,
        amount=Amount(
            charge=charge,
            amount_minor=amount_minor,
            party=party,
            order_id=order_id,
            line_id=line_id,
            sku=sku,
            channel=channel,
            cost_centre=cost_centre,
            profit_centre=profit_centre,
            about=about,
        ),
    )
