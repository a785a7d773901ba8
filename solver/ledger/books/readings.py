"""Figures of the books and the way down from each: trial balance, account statement, voucher lines, order lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from solver.errors import FieldViolation, InvalidRequest
from solver.journal.model import Book
from solver.ledger.books.posting import day_number, day_of, parts_of, unit_of
from solver.ledger.books.vouchers import BASE_MINOR, TRANSLATED
from solver.storage.database import Reader, Row

FIRST_PERIOD, LAST_PERIOD = 190001, 299912
MOST_LINES = 1_000
_DIMENSIONS = "charge, party, order_id, line_id, sku, channel, cost_centre, profit_centre, about"
_NAME = "CASE WHEN {of}.holder = '' THEN {of}.kind ELSE {of}.kind || '/' || {of}.holder END"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceFilter:
    """Which balances are wanted; None: all. Periods are numbers (202603), both included."""

    entity: str | None = None
    currency: str | None = None
    cost_centre: str | None = None
    profit_centre: str | None = None
    from_period: int = FIRST_PERIOD
    until_period: int = LAST_PERIOD
    by_centre: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodBalance:
    """An account over some periods: what it held before, what was debited and credited, what it holds after.

    `base_minor` is what `closing_minor` stands for in the entity's base currency, at the rates of the postings.
    """

    entity: str
    currency: str
    account: str
    cost_centre: str
    profit_centre: str
    opening_minor: int
    debit_minor: int
    credit_minor: int
    closing_minor: int
    base_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLine:
    """A line of a voucher in full; `amount_minor` (> 0) goes from the credited to the debited account."""

    voucher_id: str
    line: int
    kind: str
    source: str
    on: date
    entity: str
    currency: str
    debit: str
    credit: str
    amount_minor: int
    base_minor: int
    charge: str
    party: str
    order_id: str
    line_id: str
    sku: str
    channel: str
    cost_centre: str
    profit_centre: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """A line as one account sees it: debited, or credited (then below 0), and what the account holds after it."""

    moved_minor: int
    balance_minor: int
    line: VoucherLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """A page of an account's movements. `closing_minor` is after the page's last line; the token leads to the next."""

    account: str
    entity: str
    currency: str
    opening_minor: int
    closing_minor: int
    lines: tuple[StatementLine, ...]
    next_page_token: str


def period_balances(reader: Reader, wanted: BalanceFilter) -> tuple[PeriodBalance, ...]:
    """The trial balance: every account that moved, by entity, currency, account and, where asked, centres."""
    conditions = ["period <= ?"]
    params: list[int | str] = [wanted.from_period, wanted.from_period, wanted.from_period, wanted.until_period]
    for column, value in (("cost_centre", wanted.cost_centre), ("profit_centre", wanted.profit_centre)):
        if value is not None:
            conditions.append(f"{column} = ?")
            params.append(value)
    centres = "cost_centre, profit_centre" if wanted.by_centre else "'', ''"
    rows = reader.query(
        f"""SELECT unit, {_NAME.format(of="journal_account")}, {centres},
                   sum(CASE WHEN period < ? THEN debit_minor - credit_minor ELSE 0 END),
                   sum(CASE WHEN period >= ? THEN debit_minor ELSE 0 END),
                   sum(CASE WHEN period >= ? THEN credit_minor ELSE 0 END),
                   sum(debit_minor - credit_minor), sum(base_debit_minor - base_credit_minor)
            FROM ledger_total JOIN journal_account ON journal_account.account_id = ledger_total.account_id
            WHERE {" AND ".join(conditions)}
            GROUP BY unit, kind, holder{", cost_centre, profit_centre" if wanted.by_centre else ""}""",
        params,
    )
    found = [_balance(row) for row in rows]
    return tuple(
        sorted(
            (one for one in found if wanted.entity in (None, one.entity) and wanted.currency in (None, one.currency)),
            key=lambda one: (one.entity, one.currency, one.account, one.cost_centre, one.profit_centre),
        )
    )


def statement(
    reader: Reader,
    *,
    account: str,
    entity: str,
    currency: str,
    since: date,
    until: date,
    most: int = MOST_LINES,
    page_token: str = "",
) -> AccountStatement:
    """One page of an account's movements from `since` to `until`, both included, by business date and voucher.

    `account` is `code` or `code/party`. Raises InvalidRequest on a token that no page gave.
    """
    code, _, party = account.partition("/")
    rows = reader.query(
        "SELECT account_id FROM journal_account WHERE book = ? AND kind = ? AND unit = ? AND holder = ?",
        (Book.MONEY, code, unit_of(entity, currency), party),
    )
    account_id = rows[0][0] if rows else 0
    start = (day_number(since), 0, 0, 0)
    opening = _before(reader, account_id, day_number(since))
    if page_token:
        *after, opening = _token(page_token)
        start = (after[0], after[1], after[2], after[3])
    found = _moved(reader, account_id, start, day_number(until), most + 1)
    lines, balance = [], opening
    for row in found[:most]:
        moved = row[4] if row[3] == 1 else -row[4]
        balance += moved
        lines.append(StatementLine(moved_minor=moved, balance_minor=balance, line=_line(row[5:])))
    last = found[most - 1] if len(found) > most else None
    return AccountStatement(
        account=account,
        entity=entity,
        currency=currency,
        opening_minor=opening,
        closing_minor=balance,
        lines=tuple(lines),
        next_page_token="" if last is None else ".".join(str(value) for value in (*last[:4], balance)),
    )


def voucher_lines(reader: Reader, entry_id: int) -> tuple[VoucherLine, ...]:
    """The lines of one voucher, by its entry's id."""
    return _lines(reader, "voucher.entry_id = ?", entry_id)


def order_lines(reader: Reader, order_id: str) -> tuple[VoucherLine, ...]:
    """Every line that was posted for an order, oldest first."""
    return _lines(reader, "posted.order_id = ? AND posted.order_id <> ''", order_id)


_COLUMNS = f"""posted.entry_id, posted.line, voucher.kind, voucher.source, posted.on_day, voucher.entity,
       voucher.currency, {_NAME.format(of="debited")}, {_NAME.format(of="credited")}, posted.amount_minor,
       {BASE_MINOR}, {", ".join(f"posted.{name.strip()}" for name in _DIMENSIONS.split(","))}"""
_JOINED = f"""{TRANSLATED}
    JOIN ledger_voucher AS voucher ON voucher.entry_id = posted.entry_id
    JOIN journal_account AS debited ON debited.account_id = posted.debit_id
    JOIN journal_account AS credited ON credited.account_id = posted.credit_id"""
# Side 0 is credited, 1 debited; a line that has the account on both sides stands twice.
_MOVED = f"""
WITH moved AS (
    SELECT on_day, entry_id, line, 1 AS side FROM ledger_line
    WHERE debit_id = ? AND (on_day, entry_id, line) >= (?, ?, ?) AND on_day <= ?
    UNION ALL
    SELECT on_day, entry_id, line, 0 FROM ledger_line
    WHERE credit_id = ? AND (on_day, entry_id, line) >= (?, ?, ?) AND on_day <= ?
), page AS (
    SELECT on_day, entry_id, line, side FROM moved WHERE (on_day, entry_id, line, side) > (?, ?, ?, ?)
    ORDER BY on_day, entry_id, line, side LIMIT ?
)
SELECT page.on_day, page.entry_id, page.line, page.side, posted.amount_minor, {_COLUMNS}
FROM page JOIN ledger_line AS posted ON posted.entry_id = page.entry_id AND posted.line = page.line
    {_JOINED}
ORDER BY page.on_day, page.entry_id, page.line, page.side
"""


def _lines(reader: Reader, condition: str, value: int | str) -> tuple[VoucherLine, ...]:
    rows = reader.query(
        f"""SELECT {_COLUMNS} FROM ledger_line AS posted {_JOINED}
            WHERE {condition} ORDER BY posted.entry_id, posted.line""",
        (value,),
    )
    return tuple(_line(row) for row in rows)


def _moved(reader: Reader, account_id: int, start: tuple[int, int, int, int], until: int, most: int) -> list[Row]:
    side = (account_id, *start[:3], until)
    # Before the first page no side was seen, and the sides of a first line count from -1.
    after = start if start[1] else (*start[:3], -1)
    return reader.query(_MOVED, (*side, *side, *after, most))


def _before(reader: Reader, account_id: int, on_day: int) -> int:
    """What an account holds before a day: the totals of earlier periods, and the lines of its own until then."""
    earlier = reader.query(
        "SELECT coalesce(sum(debit_minor - credit_minor), 0) FROM ledger_total WHERE account_id = ? AND period < ?",
        (account_id, on_day // 100),
    )[0][0]
    within = reader.query(
        """SELECT coalesce((SELECT sum(amount_minor) FROM ledger_line
                            WHERE debit_id = ? AND on_day >= ? AND on_day < ?), 0)
                - coalesce((SELECT sum(amount_minor) FROM ledger_line
                            WHERE credit_id = ? AND on_day >= ? AND on_day < ?), 0)""",
        (account_id, on_day // 100 * 100, on_day, account_id, on_day // 100 * 100, on_day),
    )[0][0]
    return int(earlier) + int(within)


def _token(text: str) -> list[int]:
    parts = text.split(".")
    if len(parts) == 5 and all(part.removeprefix("-").isdecimal() and len(part) < 20 for part in parts):
        return [int(part) for part in parts]
    violation = FieldViolation(field="page_token", value=text[:80], remedy="give the one of the page before, or none")
    raise InvalidRequest("the statement", [violation])


def _balance(row: Sequence[object]) -> PeriodBalance:
    entity, currency = parts_of(str(row[0]))
    opening, debit, credit, closing, base = (int(str(value)) for value in row[4:])
    return PeriodBalance(
        entity=entity,
        currency=currency,
        account=str(row[1]),
        cost_centre=str(row[2]),
        profit_centre=str(row[3]),
        opening_minor=opening,
        debit_minor=debit,
        credit_minor=credit,
        closing_minor=closing,
        base_minor=base,
    )


def voucher_id_of(entry_id: int) -> str:
    """A voucher is named by its entry in the journal."""
    return f"V{entry_id:010d}"


def _line(row: Sequence[object]) -> VoucherLine:
    entry_id, line, kind, source, on_day, entity, currency, debit, credit, amount_minor, base_minor = row[:11]
    charge, party, order_id, line_id, sku, channel, cost_centre, profit_centre, about = (str(one) for one in row[11:])
    return VoucherLine(
        voucher_id=voucher_id_of(int(str(entry_id))),
        line=int(str(line)),
        kind=str(kind),
        source=str(source),
        on=day_of(int(str(on_day))),
        entity=str(entity),
        currency=str(currency),
        debit=str(debit),
        credit=str(credit),
        amount_minor=int(str(amount_minor)),
        base_minor=int(str(base_minor)),
        charge=charge,
        party=party,
        order_id=order_id,
        line_id=line_id,
        sku=sku,
        channel=channel,
        cost_centre=cost_centre,
        profit_centre=profit_centre,
        about=about,
    )


def lines_between(reader: Reader, since: date, until: date) -> Iterator[VoucherLine]:
    """Every line with a business date from `since` to `until`, both included, voucher by voucher, one at a time."""
    rows = reader.stream(
        f"""SELECT {_COLUMNS} FROM ledger_line AS posted {_JOINED}
            WHERE posted.on_day >= ? AND posted.on_day <= ? ORDER BY posted.entry_id, posted.line""",
        (day_number(since), day_number(until)),
    )
    return (_line(row) for row in rows)
