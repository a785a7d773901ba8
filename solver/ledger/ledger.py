"""The money book: vouchers and balances over the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from solver.errors import BrokenInvariant, NotFound, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import MAX_AMOUNT, Balance, Book, Transfer
from solver.ledger.books import charting, declared, periods, rates, revaluation, translations, vouchers
from solver.ledger.books.accruals import Bill, event_of
from solver.ledger.books.charting import ChartVersion
from solver.ledger.books.declared import DeclarationVersion
from solver.ledger.books.entities import Declaration, LegalEntity
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.posting import account_name, day_number, parts_of
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import VoucherLine, voucher_lines
from solver.ledger.books.rules import PostingRule
from solver.ledger.books.terms import read_terms
from solver.ledger.books.vouchers import NewVoucher, VoucherRow
from solver.ledger.books.writer import VoucherWriter, refuse_no_reason
from solver.ledger.model import Charges, Leg, TrialBalanceRow, Voucher
from solver.storage.database import Reader, Transaction

PLAN_CONFIRMED = "plan_confirmed"
PLAN_CHANGED = "plan_changed"
_PREFIX = "V"


class Ledger:
    """What is owed to whom, and why."""

    def __init__(self, journal: Journal, rules: Mapping[str, PostingRule] | None = None) -> None:
        self._journal = journal
        self._writer = VoucherWriter(journal, rules)

    def post(self, tx: Transaction, event: Event) -> Voucher | None:
        """Leave the voucher of an event by its posting rule; None where every amount is zero.

        Where the event settles an open amount in another currency, a second voucher (`exchange_difference`) that
        follows it books what that realised. Raises InvalidRequest for a kind, charge, entity, centre or currency that
        is not known or a party that is missing, and StateConflict where the event was posted for this source before
        (VOUCHER_POSTED; a reversed voucher does not count) or its period is closed (PERIOD_CLOSED). Nothing may be
        kept of the transaction then. A day without a rate of exchange refuses nothing: the voucher waits for it.
        """
        return self.post_each(tx, [event])[0]

    def post_each(self, tx: Transaction, events: Sequence[Event]) -> list[Voucher | None]:
        """As `post` for each, all or none, with as many statements as one takes."""
        return [None if one is None else _of_new(one) for one in self._writer.post_each(tx, events)]

    def post_intercompany(self, tx: Transaction, first: Event, second: Event) -> tuple[Voucher, Voucher]:
        """Leave a voucher with each of two entities; the second follows the first and is reversed with it.

        Raises what `post` raises, and InvalidRequest unless what one is owed is what the other one owes.
        """
        head, follower = self._writer.post_pair(tx, first, second)
        return _of_new(head), _of_new(follower)

    def post_bill(self, tx: Transaction, bill: Bill) -> Voucher | None:
        """Book what a carrier or a source bills, and take back what was expected. Raises what `post` raises."""
        code = _code(declared.in_force(tx).entity_of(bill.entity))
        return self.post(tx, event_of(tx, replace(bill, entity=code)))

    def declare(self, tx: Transaction, declaration: Declaration) -> DeclarationVersion:
        """Let these entities and centres count from now on. Raises StateConflict (ENTITY_IN_USE)."""
        version = declared.declare(tx, declaration, self._journal.now(tx))
        self._writer.translate(tx)  # a rate may count for more days than before
        return version

    def change_chart(self, tx: Transaction, body: str, origin: str) -> ChartVersion:
        """Let a file of accounts and posting rules count. Raises InvalidRequest, StateConflict (ACCOUNT_IN_USE)."""
        return charting.change(tx, body, origin, self._journal.now(tx))

    def keep_rates(self, tx: Transaction, found: Iterable[Rate]) -> int:
        """Keep dated rates of exchange; returns how many are new. Raises StateConflict (RATE_EXISTS).

        Vouchers that waited for them are told in the base currency.
        """
        new = rates.keep_rates(tx, found)
        self._writer.translate(tx)
        return new

    def reverse(self, tx: Transaction, voucher_id: str, *, on: date, reason: str) -> Voucher:
        """Take a voucher back by another one, and with it those that followed it; all of them stay.

        Raises NotFound; InvalidRequest without a reason; StateConflict where it was reversed before
        (VOUCHER_REVERSED), is itself a reversal (IS_REVERSAL), follows another voucher that is to be reversed instead
        (IS_FOLLOWER), or the period of `on` is closed (PERIOD_CLOSED).
        """
        refuse_no_reason(reason, f"the reversal of {voucher_id}")
        row = self._row(tx, voucher_id)
        followers = vouchers.by_ids(tx, vouchers.followers_of(tx, row.entry_id)).values()
        _refuse_irreversible(tx, row)
        periods.refuse_closed(tx, {(one.entity, day_number(on) // 100) for one in (row, *followers)})
        reversal = self._writer.reverse(tx, row, on, reason, None)
        for one in sorted(followers, key=lambda row: row.entry_id):
            self._writer.reverse(tx, one, on, reason, reversal.entry.entry_id)
        return _of_new(reversal)

    def close_period(self, tx: Transaction, entity: str, period: str, *, reason: str = "") -> PeriodChange:
        """Refuse postings into a month (`2026-03`).

        What is open in other currencies is told at the month's last rates first: by a voucher (`revaluation`) of its
        last day, reversed on the first day of the next. Raises InvalidRequest, and StateConflict where it is closed, or
        the next one, which the reversal is for (PERIOD_CLOSED), something is open without a rate (RATE_UNKNOWN), or
        vouchers wait for theirs (NOT_TRANSLATED).
        """
        of, month = declared.in_force(tx).entity_of(entity), periods.period_of(period)
        periods.refuse_closed(tx, [(_code(of), month)])
        if of is not None:
            translations.refuse_untranslated(tx, of.code, month)
            self._revalue(tx, of, month)
        return periods.close(tx, _code(of), month, reason, self._journal.now(tx))

    def reopen_period(self, tx: Transaction, entity: str, period: str, *, reason: str) -> PeriodChange:
        """Allow postings into a closed month again. Raises StateConflict (PERIOD_OPEN), InvalidRequest."""
        code = _code(declared.in_force(tx).entity_of(entity))
        return periods.reopen(tx, code, periods.period_of(period), reason, self._journal.now(tx))

    def open_day(self, reader: Reader, entity: str, day: date) -> date:
        """The day itself, or the first one after it whose period is open: for what must not wait for the books."""
        read_terms(reader)
        return periods.open_day(reader, _code(declared.in_force(reader).entity_of(entity)), day)

    def post_plan_confirmed(self, tx: Transaction, charges: Charges) -> Voucher | None:
        """Book what a confirmed plan owes; None when it owes nothing.

        Raises StateConflict (VOUCHER_POSTED) when the plan was charged before, and BrokenInvariant on a negative
        charge; nothing is written then.
        """
        return self._post_charges(tx, PLAN_CONFIRMED, charges)

    def post_plan_changed(self, tx: Transaction, charges: Charges) -> Voucher | None:
        """Take back what a confirmed plan owes for packages that will not leave; None where that is nothing."""
        return self._post_charges(tx, PLAN_CHANGED, charges)

    def owed(self, reader: Reader, plan_id: str, currency: str) -> Charges:
        """What a plan owes by now: what its vouchers say together."""
        of_kind: dict[str, dict[str, int]] = {"payable_carrier": {}, "payable_source": {}}
        for row in vouchers.by_source(reader, plan_id):
            for transfer in self._journal.transfers(reader, row.entry_id):
                for account, minor in ((transfer.credit, transfer.amount), (transfer.debit, -transfer.amount)):
                    if (of := of_kind.get(account.kind)) is not None:
                        of[account.holder] = of.get(account.holder, 0) + minor
        return Charges(
            plan_id=plan_id,
            currency=currency,
            freight_minor=of_kind["payable_carrier"],
            handling_minor=of_kind["payable_source"],
        )

    def voucher(self, reader: Reader, voucher_id: str) -> Voucher:
        """One voucher. Raises NotFound."""
        return self._voucher(reader, self._row(reader, voucher_id))

    def lines(self, reader: Reader, voucher_id: str) -> tuple[VoucherLine, ...]:
        """A voucher's lines in full. Raises NotFound."""
        return voucher_lines(reader, self._row(reader, voucher_id).entry_id)

    def vouchers(self, reader: Reader, subject: str) -> tuple[Voucher, ...]:
        """Every voucher about this subject, oldest first."""
        return tuple(self._voucher(reader, row) for row in vouchers.by_source(reader, subject))

    def trial_balance(self, reader: Reader, currency: str | None = None) -> tuple[TrialBalanceRow, ...]:
        """Every account of one currency, or of all, ordered by entity, currency and account.

        Balances sum to zero in each currency of each entity.
        """
        rows = [_row(balance) for balance in self._journal.balances(reader, Book.MONEY)]
        wanted = [row for row in rows if currency is None or row.currency == currency]
        return tuple(sorted(wanted, key=lambda row: (row.entity, row.currency, row.account)))

    def _revalue(self, tx: Transaction, entity: LegalEntity, period: int) -> None:
        event = revaluation.revaluation_of(tx, entity, period)
        voucher = None if event is None else self.post(tx, event)
        if voucher is not None:
            reason = f"opening of {periods.period_name(day_number(revaluation.next_month(period)) // 100)}"
            self.reverse(tx, voucher.voucher_id, on=revaluation.next_month(period), reason=reason)

    def _post_charges(self, tx: Transaction, kind: str, charges: Charges) -> Voucher | None:
        amounts = [
            Amount(charge=charge, amount_minor=amount_minor, party=party)
            for charge, of_party in (("freight", charges.freight_minor), ("handling", charges.handling_minor))
            for party, amount_minor in sorted(of_party.items())
            if amount_minor
        ]
        for amount in amounts:
            if not 0 < amount.amount_minor <= MAX_AMOUNT or not amount.party:
                what = f"{amount.charge} of {amount.amount_minor} {charges.currency} to `{amount.party}`"
                raise BrokenInvariant(f"{what} cannot be posted")
        return self.post(
            tx,
            Event(
                kind=kind,
                entity="",
                currency=charges.currency,
                on=self.open_day(tx, "", self._journal.now(tx).date()),
                source=charges.plan_id,
                amounts=tuple(amounts),
            ),
        )

    def _row(self, reader: Reader, voucher_id: str) -> VoucherRow:
        entry_id = _entry_id(voucher_id)
        row = None if entry_id is None else vouchers.by_ids(reader, [entry_id]).get(entry_id)
        if row is None:
            raise NotFound(f"there is no voucher {voucher_id}", metadata={"voucher_id": voucher_id})
        return row

    def _voucher(self, reader: Reader, row: VoucherRow) -> Voucher:
        entry = self._journal.find(reader, row.entry_id)
        assert entry is not None
        return _as_voucher(row, entry.at, self._journal.transfers(reader, row.entry_id))


def _voucher_id(entry_id: int) -> str:
    return f"{_PREFIX}{entry_id:010d}"


def _entry_id(voucher_id: str) -> int | None:
    """The entry that an id names; None where it is none that `_voucher_id` gives."""
    digits = voucher_id.removeprefix(_PREFIX)
    if digits.isascii() and digits.isdecimal() and len(digits) < 19 and voucher_id == _voucher_id(int(digits)):
        return int(digits)
    return None


def _refuse_irreversible(reader: Reader, row: VoucherRow) -> None:
    voucher_id = _voucher_id(row.entry_id)
    text, reason = "", ""
    if row.reverses is not None:
        text, reason = f"{voucher_id} is a reversal: post the event again instead", "IS_REVERSAL"
    elif row.follows is not None:
        text, reason = f"{voucher_id} follows {_voucher_id(row.follows)}: reverse that one", "IS_FOLLOWER"
    elif (by := vouchers.reversal_of(reader, row.entry_id)) is not None:
        text, reason = f"{voucher_id} was reversed by {_voucher_id(by)} before", "VOUCHER_REVERSED"
    if reason:
        raise StateConflict(text, reason=reason, metadata={"voucher_id": voucher_id})


def _code(entity: LegalEntity | None) -> str:
    return entity.code if entity else ""


def _of_new(one: NewVoucher) -> Voucher:
    return _as_voucher(one.row, one.entry.at, one.transfers)


def _as_voucher(row: VoucherRow, at: datetime, transfers: Iterable[Transfer]) -> Voucher:
    return Voucher(
        voucher_id=_voucher_id(row.entry_id),
        kind=row.kind,
        subject=row.source,
        at=at,
        currency=row.currency,
        legs=tuple(
            Leg(
                debit=account_name(transfer.debit),
                credit=account_name(transfer.credit),
                amount_minor=transfer.amount,
            )
            for transfer in transfers
        ),
        on=row.on,
        entity=row.entity,
        reason=row.reason,
        reverses="" if row.reverses is None else _voucher_id(row.reverses),
        follows="" if row.follows is None else _voucher_id(row.follows),
    )


def _row(balance: Balance) -> TrialBalanceRow:
    entity, currency = parts_of(balance.account.unit)
    return TrialBalanceRow(
        account=account_name(balance.account),
        currency=currency,
        debit_minor=balance.debits_posted,
        credit_minor=balance.credits_posted,
        balance_minor=balance.posted,
        entity=entity,
    )
