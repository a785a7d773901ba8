"""What `ledger sheet` and `ledger erp` write, of books that they open themselves or that a service has open."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from solver.cli.ledger_access import application_of
from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.ledger.books import charting
from solver.ledger.books.chart import Account
from solver.ledger.books.desk import LedgerDesk
from solver.ledger.books.periods import period_of
from solver.ledger.books.readings import FIRST_PERIOD, LAST_PERIOD, BalanceFilter, StatementLine, lines_between
from solver.ledger.contracts.book import ContractBook
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.ledger import Ledger
from solver.ledger.settlement.model import Item, Statement
from solver.ledger.settlement.settlements import Settlements
from solver.ledger.sheets.balances import AccountBalance, AccountMovement, statement_sheet, trial_balance_sheets
from solver.ledger.sheets.erp import erp_lines, write_erp
from solver.ledger.sheets.model import Sheet
from solver.ledger.sheets.settlements import SettlementFacts, SettlementRow, settlement_sheet
from solver.ledger.sheets.tickets import ageing_sheets
from solver.ledger.sheets.writing import write_sheets
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.url import open_existing

_PAGE = 1_000


def run(options: argparse.Namespace) -> int:
    """Write what the words say; the file is told."""
    with _database(options) as database:
        if options.way == "erp":
            written = f"{_erp(database, options):,} lines"
        else:
            names = write_sheets(options.to, _SHEETS[options.way](database, options))
            written = ", ".join(names)
    sys.stdout.write(f"{options.to}: {written}\n")
    return 0


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[Database]:
    """Books of one's own, which are begun where there are none; or a service's, which are only read."""
    if options.books is not None:
        with application_of(options) as application:
            yield application.database
        return
    database = open_existing(options.url or options.data, STEPS)
    try:
        yield database
    finally:
        database.close()


def _trial_balance(database: Database, options: argparse.Namespace) -> list[Sheet]:
    chart = _chart(database)
    rows = _desk(database).balances(
        BalanceFilter(
            from_period=period_of(options.from_period, "--from") if options.from_period else FIRST_PERIOD,
            until_period=period_of(options.until_period, "--until") if options.until_period else LAST_PERIOD,
        )
    )
    balances = []
    for row in rows:
        named = chart.get(row.account.partition("/")[0])
        balances.append(
            AccountBalance(
                account=row.account,
                number=named.number if named else "",
                name=named.name_en if named else row.account,
                name_zh=named.name_zh if named else row.account,
                currency=row.currency,
                debit_minor=row.debit_minor,
                credit_minor=row.credit_minor,
                entity=row.entity,
                opening_minor=row.opening_minor,
            )
        )
    first, last = options.from_period or "the beginning", options.until_period or "now"
    return trial_balance_sheets(balances, period=f"{first} - {last}")


def _statement(database: Database, options: argparse.Namespace) -> list[Sheet]:
    opening, lines = _moved(_desk(database), options)
    sheet = statement_sheet(
        options.account,
        [_movement(one) for one in lines],
        currency=options.currency,
        opening_minor=opening,
        period=f"{options.since} - {options.until}",
        entity=options.entity,
    )
    return [sheet]


def _moved(desk: LedgerDesk, options: argparse.Namespace) -> tuple[int, list[StatementLine]]:
    """What the account held before, and every movement since."""
    opening: int | None = None
    lines: list[StatementLine] = []
    token = ""
    while opening is None or token:
        page = desk.statement(
            account=options.account,
            entity=options.entity,
            currency=options.currency,
            since=options.since,
            until=options.until,
            page_token=token,
        )
        opening = page.opening_minor if opening is None else opening
        lines += page.lines
        token = page.next_page_token
    return opening, lines


def _movement(one: StatementLine) -> AccountMovement:
    return AccountMovement(
        on=one.line.on,
        voucher_id=one.line.voucher_id,
        kind=one.line.kind,
        source=one.line.source,
        debit_minor=max(0, one.moved_minor),
        credit_minor=max(0, -one.moved_minor),
        order_id=one.line.order_id,
        text=one.line.charge,
    )


def _ageing(database: Database, options: argparse.Namespace) -> list[Sheet]:
    clock = SystemClock()
    desk = DifferenceDesk(database=database, clock=clock, posting=Ledger(Journal(clock)))
    return ageing_sheets(desk.ageing(options.aim_days), desk.all())


def _settlement(database: Database, options: argparse.Namespace) -> list[Sheet]:
    settlements = _settlements(database)
    run = settlements.statement(options.run_id)
    facts = SettlementFacts(
        settlement_id=run.run_id,
        party=run.party,
        first=run.first_day,
        last=run.last_day,
        currency=run.currency,
        carried_minor=run.opening_minor,
    )
    rows = [_earned(item) for item in _items(settlements, run)]
    for charge, text, text_zh, minor in (
        ("holdback", "held back until returns are no longer due", "质保金暂扣", -run.held_minor),
        ("holdback_released", "held back before, due now", "质保金释放", run.released_minor),
        ("netting", "set against what the party owes us", "与应收款抵销", -run.receivable_netted_minor),
    ):
        if minor:
            rows.append(_row(run, charge, text, text_zh, minor))
    return [settlement_sheet(facts, rows)]


def _items(settlements: Settlements, run: Statement) -> Iterator[Item]:
    after = 0
    while page := settlements.items(run.run_id, after, _PAGE):
        yield from (item for _, item in page)
        after = page[-1][0]


def _earned(item: Item) -> SettlementRow:
    text = f"refund {item.refund_id}" if item.refund_id else str(item.role)
    return SettlementRow(
        on=item.earned_on,
        order_id=item.order_id,
        charge=item.charge,
        text=text,
        text_zh=f"退款 {item.refund_id}" if item.refund_id else str(item.role),
        base_minor=item.base_minor if item.rate else item.amount_minor,
        rate=item.rate or "-",
        for_minor=max(0, item.amount_minor),
        against_minor=max(0, -item.amount_minor),
    )


def _row(run: Statement, charge: str, text: str, text_zh: str, minor: int) -> SettlementRow:
    return SettlementRow(
        on=run.last_day,
        order_id="",
        charge=charge,
        text=text,
        text_zh=text_zh,
        base_minor=abs(minor),
        rate="-",
        for_minor=max(0, minor),
        against_minor=max(0, -minor),
    )


def _erp(database: Database, options: argparse.Namespace) -> int:
    with (
        database.read() as reader,
        options.to.open("w", encoding="utf-8", newline="") as file,
    ):
        lines = lines_between(reader, options.since, options.until)
        return write_erp(file, erp_lines(lines, charting.in_force(reader).accounts), bom=options.bom)


def _chart(database: Database) -> Mapping[str, Account]:
    with database.read() as reader:
        return charting.in_force(reader).accounts


def _desk(database: Database) -> LedgerDesk:
    clock = SystemClock()
    return LedgerDesk(database, clock, Ledger(Journal(clock)))


def _settlements(database: Database) -> Settlements:
    """Of which runs are only read, so that no contract is asked for."""
    clock = SystemClock()
    journal = Journal(clock)
    return Settlements(
        database=database, clock=clock, journal=journal, ledger=Ledger(journal), book=lambda: ContractBook(())
    )


_SHEETS: dict[str, Callable[[Database, argparse.Namespace], list[Sheet]]] = {
    "trial-balance": _trial_balance,
    "statement": _statement,
    "ageing": _ageing,
    "settlement": _settlement,
}
