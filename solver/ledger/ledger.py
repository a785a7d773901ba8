"""The money book: vouchers and balances over the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from solver.errors import BrokenInvariant, FieldViolation, InvalidRequest, NotFound, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import MAX_AMOUNT, Balance, Book, NewPost, Transfer
from solver.ledger.books import periods, vouchers
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.posting import Line, account_name, check_event, day_number, lines_of, parts_of
from solver.ledger.books.rules import REVERSAL, PostingRule, shipped_rules
from solver.ledger.books.vouchers import NewVoucher, VoucherRow
from solver.ledger.model import Charges, Leg, TrialBalanceRow, Voucher
from solver.storage.database import Reader, Transaction

PLAN_CONFIRMED = "plan_confirmed"
PLAN_CHANGED = "plan_changed"
_PREFIX = "V"


class Ledger:
    """What is owed to whom, and why."""

    def __init__(self, journal: Journal, rules: Mapping[str, PostingRule] | None = None) -> None:
        self._journal = journal
        self._rules = shipped_rules() if rules is None else rules

    def post(self, tx: Transaction, event: Event) -> Voucher | None:
        """Leave the voucher of an event by its posting rule; None where every amount is zero.

        Raises InvalidRequest for a kind, charge or currency that is not known or a party that is missing, and
        StateConflict where the event was posted for this source before (VOUCHER_POSTED; a reversed voucher does not
        count) or its period is closed (PERIOD_CLOSED). Nothing is written then.
        """
        return self.post_each(tx, [event])[0]

    def post_each(self, tx: Transaction, events: Sequence[Event]) -> list[Voucher | None]:
        """As `post` for each, all or none, with as many statements as one takes."""
        for event in events:
            check_event(event, self._rules)
        of_each = [lines_of(event, self._rules[event.kind], event.entity) for event in events]
        posted = [(event, lines) for event, lines in zip(events, of_each, strict=True) if lines]
        self._refuse_repeated(tx, [event for event, _ in posted])
        periods.refuse_closed(tx, {(event.entity, day_number(event.on) // 100) for event, _ in posted})
        made = iter(self._write(tx, posted))
        return [next(made) if lines else None for lines in of_each]

    def reverse(self, tx: Transaction, voucher_id: str, *, on: date, reason: str) -> Voucher:
        """Take a voucher back by another one, and with it those that followed it; both stay.

        Raises NotFound; InvalidRequest without a reason; StateConflict where it was reversed before
        (VOUCHER_REVERSED), is itself a reversal (IS_REVERSAL) or the period of `on` is closed (PERIOD_CLOSED).
        """
        if not reason.strip():
            violation = FieldViolation(field="reason", value="", remedy="say why it is taken back")
            raise InvalidRequest(f"the reversal of {voucher_id}", [violation])
        row = self._row(tx, voucher_id)
        refused = {"voucher_id": voucher_id}
        if row.reverses is not None:
            text = f"{voucher_id} is a reversal: post the event again instead"
            raise StateConflict(text, reason="IS_REVERSAL", metadata=refused)
        if (by := vouchers.reversal_of(tx, row.entry_id)) is not None:
            text = f"{voucher_id} was reversed by {_voucher_id(by)} before"
            raise StateConflict(text, reason="VOUCHER_REVERSED", metadata=refused)
        periods.refuse_closed(tx, [(row.entity, day_number(on) // 100)])
        reversal = self._reverse(tx, row, on, reason)
        for follower in vouchers.by_ids(tx, vouchers.followers_of(tx, row.entry_id)).values():
            if vouchers.reversal_of(tx, follower.entry_id) is None:
                self._reverse(tx, follower, on, reason, follows=_entry_id(reversal.voucher_id))
        return reversal

    def close_period(self, tx: Transaction, entity: str, period: str, *, reason: str = "") -> PeriodChange:
        """Refuse postings into a month (`2026-03`). Raises StateConflict (PERIOD_CLOSED), InvalidRequest."""
        return periods.close(tx, entity, periods.period_of(period), reason, self._journal.now(tx))

    def reopen_period(self, tx: Transaction, entity: str, period: str, *, reason: str) -> PeriodChange:
        """Allow postings into a closed month again. Raises StateConflict (PERIOD_OPEN), InvalidRequest."""
        return periods.reopen(tx, entity, periods.period_of(period), reason, self._journal.now(tx))

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
                on=self._journal.now(tx).date(),
                source=charges.plan_id,
                amounts=tuple(amounts),
            ),
        )

    def _refuse_repeated(self, tx: Transaction, events: Sequence[Event]) -> None:
        once = [(event.kind, event.source, event.entity) for event in events if not self._rules[event.kind].repeats]
        if not once:
            return
        before = vouchers.standing(tx, sorted({source for _, source, _ in once}))
        for kind, source, entity in once:
            if (kind, source, entity) in before:
                raise StateConflict(
                    f"{kind} of {source} was posted before",
                    reason="VOUCHER_POSTED",
                    metadata={"kind": kind, "source": source},
                )
            before.add((kind, source, entity))

    def _write(self, tx: Transaction, posted: Sequence[tuple[Event, tuple[Line, ...]]]) -> list[Voucher]:
        entries = self._journal.post_each(
            tx,
            [
                NewPost(kind=event.kind, subject=event.source, transfers=[line.transfer for line in lines])
                for event, lines in posted
            ],
        )
        new = [
            NewVoucher(
                entry=entry,
                entity=event.entity,
                currency=event.currency,
                on=event.on,
                reason=event.reason,
                moves=moves,
                base_minor=[0] * len(lines),
                amounts=[line.amount for line in lines],
            )
            for (event, lines), (entry, moves) in zip(posted, entries, strict=True)
        ]
        vouchers.write(tx, new)
        return [
            _as_voucher(one.row, one.entry.at, [line.transfer for line in lines])
            for one, (_, lines) in zip(new, posted, strict=True)
        ]

    def _reverse(self, tx: Transaction, row: VoucherRow, on: date, reason: str, follows: int | None = None) -> Voucher:
        lines = vouchers.lines(tx, row.entry_id)
        back = [
            Transfer(debit=one.credit, credit=one.debit, amount=one.amount)
            for one in self._journal.transfers(tx, row.entry_id)
        ]
        [(entry, moves)] = self._journal.post_each(tx, [NewPost(kind=REVERSAL, subject=row.source, transfers=back)])
        new = NewVoucher(
            entry=entry,
            entity=row.entity,
            currency=row.currency,
            on=on,
            reason=reason,
            moves=moves,
            base_minor=[line.base_minor for line in lines],
            amounts=[replace(line.amount, amount_minor=-line.amount_minor) for line in lines],
            reverses=row.entry_id,
            follows=follows,
        )
        vouchers.write(tx, [new])
        return _as_voucher(new.row, entry.at, back)

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
