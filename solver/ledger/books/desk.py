"""The books over a database: each change under a request id, once, and everything that is read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeAlias

from solver.clock import Clock
from solver.errors import Violations
from solver.ledger.books import accruals, charting, declared, periods, rates, readings
from solver.ledger.books.accruals import Accrual, Bill
from solver.ledger.books.declared import DeclarationVersion
from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.model import Event
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import AccountStatement, BalanceFilter, PeriodBalance, VoucherLine
from solver.ledger.books.translations import Untranslated, untranslated
from solver.ledger.books.verify import Verification, verify
from solver.ledger.ledger import Ledger
from solver.ledger.model import Voucher
from solver.ledger.valuation.by_hand import refuse_inventory
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_ROWS, check_between, check_rows

VoucherAct: TypeAlias = Callable[[Transaction], Iterable[Voucher | None]]
ChangeAct: TypeAlias = Callable[[Transaction], PeriodChange]


class LedgerDesk:
    """What a service, a command or a program does with the books. A repeated request gets its first answer."""

    def __init__(self, database: Database, clock: Clock, ledger: Ledger) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger

    def post(self, request: Request, events: Sequence[Event], *, most: int = MOST_ROWS) -> tuple[Voucher, ...]:
        """Post all events or none; the vouchers of those that left one. Raises what `Ledger.post` raises."""
        violations = Violations()
        check_rows(events, "events", violations, most)
        violations.refuse_any("the list of events")
        return self._vouchers(request, lambda tx: self._ledger.post_each(tx, events))

    def post_intercompany(self, request: Request, first: Event, second: Event) -> tuple[Voucher, ...]:
        """One event in the books of two entities. Raises what `Ledger.post_intercompany` raises."""
        return self._vouchers(request, lambda tx: self._ledger.post_intercompany(tx, first, second))

    def post_bill(self, request: Request, bill: Bill) -> tuple[Voucher, ...]:
        """What a carrier or a source bills; at most one voucher. Raises what `Ledger.post` raises."""
        return self._vouchers(request, lambda tx: [self._ledger.post_bill(tx, bill)])

    def reverse(self, request: Request, voucher_id: str, *, on: date, reason: str) -> Voucher:
        """Take a voucher back. Raises what `Ledger.reverse` raises."""
        return self._vouchers(request, lambda tx: [self._ledger.reverse(tx, voucher_id, on=on, reason=reason)])[0]

    def close(self, request: Request, entity: str, period: str, reason: str) -> PeriodChange:
        """Refuse postings into a month. Raises what `Ledger.close_period` raises."""
        return self._change(request, lambda tx: self._ledger.close_period(tx, entity, period, reason=reason))

    def reopen(self, request: Request, entity: str, period: str, reason: str) -> PeriodChange:
        """Allow postings into a month again. Raises what `Ledger.reopen_period` raises."""
        return self._change(request, lambda tx: self._ledger.reopen_period(tx, entity, period, reason=reason))

    def declare(self, request: Request, document: str, origin: str) -> DeclarationVersion:
        """Let a document of entities and centres count. Raises InvalidRequest with lines, StateConflict."""
        declaration = read_declaration(document, origin or "document.yaml")

        def act(tx: Transaction) -> bytes:
            return str(self._ledger.declare(tx, declaration).version).encode()

        version = int(once(self._database, self._clock, request, act).body)
        with self._database.read() as reader:
            return declared.versions(reader)[version - 1]

    def keep_rates(self, request: Request, found: Sequence[Rate], *, most: int = MOST_ROWS) -> int:
        """Keep rates; how many are new. Raises InvalidRequest, StateConflict (RATE_EXISTS)."""
        violations = Violations()
        check_rows(found, "rates", violations, most)
        violations.refuse_any("the list of rates")
        for rate in found:
            rates.check_rate(rate)

        def act(tx: Transaction) -> bytes:
            return str(self._ledger.keep_rates(tx, found)).encode()

        return int(once(self._database, self._clock, request, act).body)

    def change_chart(self, request: Request, document: str, origin: str) -> int:
        """Let a file of accounts and posting rules count; its version. Raises what `Ledger.change_chart` raises."""

        def act(tx: Transaction) -> bytes:
            return str(self._ledger.change_chart(tx, document, origin or "chart.yaml").version).encode()

        return int(once(self._database, self._clock, request, act).body)

    def chart(self) -> tuple[int, str]:
        """The version of the file that is in force, and what it says; 0 and nothing for the product's own."""
        with self._database.read() as reader:
            versions = charting.versions(reader)
        return (versions[-1].version, versions[-1].body) if versions else (0, "")

    def untranslated(self) -> tuple[Untranslated, ...]:
        """Which vouchers wait for a rate."""
        with self._database.read() as reader:
            return untranslated(reader)

    def voucher(self, voucher_id: str) -> tuple[Voucher, tuple[VoucherLine, ...]]:
        """A voucher, and its lines in full. Raises NotFound."""
        with self._database.read() as reader:
            return self._ledger.voucher(reader, voucher_id), self._ledger.lines(reader, voucher_id)

    def balances(self, wanted: BalanceFilter) -> tuple[PeriodBalance, ...]:
        """The trial balance."""
        with self._database.read() as reader:
            return readings.period_balances(reader, wanted)

    def statement(
        self,
        *,
        account: str,
        entity: str,
        currency: str,
        since: date,
        until: date,
        page_size: int = 0,
        page_token: str = "",
    ) -> AccountStatement:
        """A page of an account's movements. Raises InvalidRequest."""
        violations = Violations()
        check_between(page_size, 0, readings.MOST_LINES, "page_size", violations)
        violations.refuse_any("the statement")
        with self._database.read() as reader:
            return readings.statement(
                reader,
                account=account,
                entity=self._code(reader, entity),
                currency=currency,
                since=since,
                until=until,
                most=page_size or readings.MOST_LINES,
                page_token=page_token,
            )

    def order_lines(self, order_id: str) -> tuple[VoucherLine, ...]:
        """Every line that was posted for an order."""
        with self._database.read() as reader:
            return readings.order_lines(reader, order_id)

    def accruals(self, *, only_open: bool = False) -> tuple[Accrual, ...]:
        """What was expected of carriers and sources against what they billed."""
        with self._database.read() as reader:
            return accruals.accruals(reader, only_open=only_open)

    def period_changes(self, entity: str | None = None) -> tuple[PeriodChange, ...]:
        """Every closing and reopening, oldest first."""
        with self._database.read() as reader:
            return periods.changes(reader, entity)

    def rates(self) -> tuple[Rate, ...]:
        """Every rate of exchange."""
        with self._database.read() as reader:
            return rates.rates(reader)

    def declaration(self) -> DeclarationVersion | None:
        """What is in force; None where nothing was declared."""
        with self._database.read() as reader:
            versions = declared.versions(reader)
        return versions[-1] if versions else None

    def verify(self) -> Verification:
        """Every balance rebuilt from the lines and compared. Reads all vouchers."""
        with self._database.read() as reader:
            return verify(reader)

    def _vouchers(self, request: Request, act: VoucherAct) -> tuple[Voucher, ...]:
        def post(tx: Transaction) -> bytes:
            made = [voucher for voucher in act(tx) if voucher is not None]
            refuse_inventory(tx, made)
            return " ".join(voucher.voucher_id for voucher in made).encode()

        answer = once(self._database, self._clock, request, post).body.decode()
        with self._database.read() as reader:
            return tuple(self._ledger.voucher(reader, voucher_id) for voucher_id in answer.split())

    def _change(self, request: Request, act: ChangeAct) -> PeriodChange:
        def change(tx: Transaction) -> bytes:
            act(tx)
            return str(len(periods.changes(tx))).encode()

        number = int(once(self._database, self._clock, request, change).body)
        with self._database.read() as reader:
            return periods.changes(reader)[number - 1]

    def _code(self, reader: Reader, entity: str) -> str:
        found = declared.in_force(reader).entity_of(entity)
        return found.code if found else ""
