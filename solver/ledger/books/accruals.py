"""Accruals (暂估): what was expected at planning against what carriers and sources bill.

A plan accrues freight and handling to its carriers and sources. A bill takes back what was expected of the plans that
it names, and posts what they really cost: the difference stays where freight and handling are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from solver.errors import Violations
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.posting import day_of, parts_of
from solver.storage.database import Reader

_BILLED = {"payable_carrier": ("carrier_billed", "freight"), "payable_source": ("source_billed", "handling")}
_ACTUAL = ("freight", "handling", "logistics_fee", "expected_freight", "expected_handling")


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """What a bill says of one source of an accrual, such as a plan."""

    about: str
    amount_minor: int
    tax_minor: int = 0
    order_id: str = ""
    cost_centre: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a carrier (`payable_carrier`) or a source (`payable_source`) bills. `source` names it: `bill/B1`."""

    source: str
    account: str
    party: str
    entity: str
    currency: str
    on: date
    lines: tuple[BillLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """What was expected of a party for a source, how much of it is taken back, and what was billed instead.

    `open_minor` awaits a bill; `difference_minor` is what was billed beyond what it took back.
    """

    entity: str
    currency: str
    account: str
    party: str
    source: str
    since: date
    expected_minor: int
    released_minor: int
    actual_minor: int
    open_minor: int
    difference_minor: int


def accruals(reader: Reader, *, only_open: bool = False, source: str | None = None) -> tuple[Accrual, ...]:
    """Every accrual, or those that await a bill, by entity, currency, party and source."""
    found = [_accrual(row) for row in reader.query(*_query(source))]
    return tuple(one for one in found if one.open_minor or not only_open)


def event_of(reader: Reader, bill: Bill) -> Event:
    """The event that a bill is: expectations back as far as they are open, and what they really cost."""
    violations = Violations()
    if not violations.require(bill.account in _BILLED, "account", bill.account, f"give one of {', '.join(_BILLED)}"):
        violations.refuse_any(f"the bill {bill.source}")
    kind, actual = _BILLED[bill.account]
    amounts: list[Amount] = []
    seen: dict[str, int] = {}
    for line in bill.lines:
        if line.about not in seen:
            of_source = accruals(reader, source=line.about)
            seen[line.about] = sum(
                one.open_minor
                for one in of_source
                if (one.entity, one.currency, one.account, one.party)
                == (bill.entity, bill.currency, bill.account, bill.party)
            )
        open_minor, seen[line.about] = seen[line.about], 0
        for charge, minor in (("expected", open_minor), (actual, line.amount_minor), ("tax", line.tax_minor)):
            amounts.append(
                Amount(
                    charge=charge,
                    amount_minor=minor,
                    party=bill.party,
                    about=line.about,
                    order_id=line.order_id,
                    cost_centre=line.cost_centre,
                )
            )
    return Event(
        kind=kind,
        entity=bill.entity,
        currency=bill.currency,
        on=bill.on,
        source=bill.source,
        amounts=tuple(amounts),
    )


_SIDES = """
WITH sides AS (
    SELECT account.unit, account.kind, account.holder, posted.about, voucher.source, posted.on_day, posted.party,
           posted.charge, posted.amount_minor AS credited
    FROM journal_account AS account
    JOIN ledger_line AS posted ON posted.credit_id = account.account_id
    JOIN ledger_voucher AS voucher ON voucher.entry_id = posted.entry_id
    WHERE account.book = 'money'
        AND account.kind IN ('payable_carrier', 'payable_source', 'accounts_payable', 'settlement_payable') {only}
    UNION ALL
    SELECT account.unit, account.kind, account.holder, posted.about, voucher.source, posted.on_day, posted.party,
           posted.charge, -posted.amount_minor
    FROM journal_account AS account
    JOIN ledger_line AS posted ON posted.debit_id = account.account_id
    JOIN ledger_voucher AS voucher ON voucher.entry_id = posted.entry_id
    WHERE account.book = 'money'
        AND account.kind IN ('payable_carrier', 'payable_source', 'accounts_payable', 'settlement_payable') {only}
), told AS (
    SELECT unit, CASE WHEN about <> '' THEN about ELSE source END AS source, on_day, credited, about, charge,
           CASE WHEN kind IN ('payable_carrier', 'payable_source') THEN kind
                WHEN charge IN ('handling', 'expected_handling') THEN 'payable_source'
                ELSE 'payable_carrier' END AS kind,
           kind IN ('payable_carrier', 'payable_source') AS accrues,
           CASE WHEN party <> '' THEN party ELSE holder END AS party
    FROM sides
    WHERE kind IN ('payable_carrier', 'payable_source') OR (about <> '' AND charge IN ({charges}))
)
SELECT unit, kind, party, source, min(on_day),
       sum(CASE WHEN accrues AND about = '' THEN credited ELSE 0 END),
       sum(CASE WHEN accrues AND about <> '' THEN -credited ELSE 0 END),
       sum(CASE WHEN NOT accrues THEN credited ELSE 0 END)
FROM told GROUP BY unit, kind, party, source ORDER BY unit, kind, party, source
"""


def _query(source: str | None) -> tuple[str, list[str]]:
    if source is None:
        only, params = "", []
    else:
        only, params = "AND (posted.about = ? OR (posted.about = '' AND voucher.source = ?))", [source] * 4
    return _SIDES.format(only=only, charges=", ".join(f"'{charge}'" for charge in _ACTUAL)), params


def _accrual(row: Sequence[object]) -> Accrual:
    unit, account, party, source = (str(value) for value in row[:4])
    since, expected, released, actual = (int(str(value)) for value in row[4:])
    entity, currency = parts_of(unit)
    return Accrual(
        entity=entity,
        currency=currency,
        account=account,
        party=party,
        source=source,
        since=day_of(since),
        expected_minor=expected,
        released_minor=released,
        actual_minor=actual,
        open_minor=expected - released,
        difference_minor=actual - released,
    )
