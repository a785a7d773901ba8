"""The books that a command works on: a service's, or those of a folder or database that it opens itself."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeAlias

from solver.app import Application
from solver.cli.connecting import connected
from solver.client.books import BooksClient
from solver.client.channel import new_request_id
from solver.clock import SystemClock
from solver.ledger.books.accruals import Accrual
from solver.ledger.books.desk import LedgerDesk
from solver.ledger.books.model import Event
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import AccountStatement, BalanceFilter, PeriodBalance, VoucherLine
from solver.ledger.books.translations import Untranslated
from solver.ledger.books.verify import Verification
from solver.ledger.model import Voucher
from solver.storage.once import Request, request_for


class LocalBooks:
    """What `BooksClient` does, without a service."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    def post(self, events: Sequence[Event]) -> tuple[Voucher, ...]:
        """Leave the voucher of each event, all or none, however many they are."""
        return self._desk.post(_named("PostEvents"), events, most=max(1, len(events)))

    def reverse(self, voucher_id: str, *, on: date, reason: str) -> Voucher:
        """Take a voucher back by another one."""
        return self._desk.reverse(_named("ReverseVoucher"), voucher_id, on=on, reason=reason)

    def close(self, entity: str, period: str, reason: str) -> PeriodChange:
        """Refuse postings into a month."""
        return self._desk.close(_named("ClosePeriod"), entity, period, reason)

    def reopen(self, entity: str, period: str, reason: str) -> PeriodChange:
        """Allow postings into a closed month again."""
        return self._desk.reopen(_named("ReopenPeriod"), entity, period, reason)

    def declare(self, document: str, origin: str) -> int:
        """Let a document of entities and centres count; its version."""
        return self._desk.declare(_named("DeclareEntities"), document, origin).version

    def keep_rates(self, rates: Sequence[Rate]) -> int:
        """Keep rates of exchange, however many they are; how many are new."""
        return self._desk.keep_rates(_named("ImportRates"), rates, most=max(1, len(rates)))

    def voucher(self, voucher_id: str) -> tuple[Voucher, tuple[VoucherLine, ...]]:
        """A voucher, and its lines in full."""
        return self._desk.voucher(voucher_id)

    def balances(self, wanted: BalanceFilter) -> tuple[PeriodBalance, ...]:
        """The trial balance."""
        return self._desk.balances(wanted)

    def statement(
        self, *, account: str, entity: str, currency: str, since: date, until: date, page_token: str = ""
    ) -> AccountStatement:
        """A page of an account's movements."""
        return self._desk.statement(
            account=account, entity=entity, currency=currency, since=since, until=until, page_token=page_token
        )

    def order_lines(self, order_id: str) -> tuple[VoucherLine, ...]:
        """Every line that was posted for an order."""
        return self._desk.order_lines(order_id)

    def accruals(self, *, only_open: bool = False) -> tuple[Accrual, ...]:
        """What was expected of carriers and sources against what they billed."""
        return self._desk.accruals(only_open=only_open)

    def rates(self) -> tuple[Rate, ...]:
        """Every rate of exchange."""
        return self._desk.rates()

    def declaration(self) -> tuple[int, str]:
        """The version that is in force and what it says."""
        version = self._desk.declaration()
        return (version.version, version.body) if version else (0, "")

    def change_chart(self, document: str, origin: str) -> int:
        """Let a file of accounts and posting rules count; its version."""
        return self._desk.change_chart(_named("ImportChart"), document, origin)

    def chart(self) -> tuple[int, str]:
        """The version of that file that is in force and what it says."""
        return self._desk.chart()

    def untranslated(self) -> tuple[Untranslated, ...]:
        """Which vouchers wait for a rate of exchange."""
        return self._desk.untranslated()

    def verify(self) -> Verification:
        """Every balance rebuilt from the lines and compared."""
        return self._desk.verify()


AnyBooks: TypeAlias = BooksClient | LocalBooks


@contextmanager
def application_of(options: argparse.Namespace) -> Iterator[Application]:
    """The books' own application, closed at the end. Raises StorageUnusable, also where a service has them."""
    application = Application.open(options.books, SystemClock())
    try:
        yield application
    finally:
        application.close()


@contextmanager
def books_of(options: argparse.Namespace) -> Iterator[AnyBooks]:
    """The books that the options name."""
    if options.books is None:
        with connected(options) as client:
            yield client.books
        return
    with application_of(options) as application:
        yield LocalBooks(LedgerDesk(application.database, application.clock, application.ledger))


def _named(method: str) -> Request:
    """A command makes each change once; it is told from others by an id of its own."""
    return request_for(method, new_request_id())
