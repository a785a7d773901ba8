"""Vouchers written: by an event's rule, by a reversal, and by what a settlement in another currency realises."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from solver.errors import InvalidRequest, StateConflict, Violations
from solver.journal.journal import Journal
from solver.journal.model import NewPost, Transfer
from solver.ledger.books import carrying, declared, periods, rates, vouchers
from solver.ledger.books.carrying import EXCHANGE_DIFFERENCE, Realised
from solver.ledger.books.chart import shipped_chart
from solver.ledger.books.entities import Declaration, LegalEntity
from solver.ledger.books.intercompany import check_mirrored
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.posting import Line, check_event, day_number, lines_of
from solver.ledger.books.rules import REVERSAL, PostingRule
from solver.ledger.books.vouchers import NewVoucher, VoucherRow
from solver.storage.database import Reader, Transaction

CARRIED = carrying.carried_codes(list(shipped_chart().values()))
Posting = tuple[Event, LegalEntity | None, tuple[Line, ...]]


class VoucherWriter:
    """Writes vouchers, their lines, the totals and what is carried, all in the caller's transaction."""

    def __init__(self, journal: Journal, rules: Mapping[str, PostingRule]) -> None:
        self._journal = journal
        self._rules = rules

    def post_each(self, tx: Transaction, events: Sequence[Event]) -> list[NewVoucher | None]:
        """The voucher of each event; see `Ledger.post` for what is refused."""
        declaration = declared.in_force(tx)
        of_each = [self._posting(event, declaration) for event in events]
        postings = [one for one in of_each if one[2]]
        self._refuse_repeated(tx, [event for event, _, _ in postings])
        periods.refuse_closed(tx, {(event.entity, day_number(event.on) // 100) for event, _, _ in postings})
        made = self._write(tx, postings)
        self._realise(tx, made)
        written = iter(made)
        return [next(written) if lines else None for _, _, lines in of_each]

    def post_pair(self, tx: Transaction, first: Event, second: Event) -> tuple[NewVoucher, NewVoucher]:
        """The vouchers of one event in the books of two entities; the second follows the first."""
        declaration = declared.in_force(tx)
        postings = [self._posting(event, declaration) for event in (first, second)]
        check_mirrored(postings[0][0], postings[0][2], postings[1][0], postings[1][2])
        self._refuse_repeated(tx, [event for event, _, _ in postings])
        periods.refuse_closed(tx, {(event.entity, day_number(event.on) // 100) for event, _, _ in postings})
        [head] = self._write(tx, postings[:1])
        [follower] = self._write(tx, postings[1:], [head.entry.entry_id])
        self._realise(tx, [head, follower])
        return head, follower

    def reverse(self, tx: Transaction, row: VoucherRow, on: date, reason: str, follows: int | None) -> NewVoucher:
        """A voucher that takes another one back, line by line."""
        lines = vouchers.lines(tx, row.entry_id)
        back = [
            Transfer(debit=one.credit, credit=one.debit, amount=one.amount)
            for one in self._journal.transfers(tx, row.entry_id)
        ]
        [(entry, moves)] = self._journal.post_each(tx, [NewPost(kind=REVERSAL, subject=row.source, transfers=back)])
        entity = declared.in_force(tx).entities.get(row.entity)
        new = NewVoucher(
            entry=entry,
            entity=row.entity,
            currency=row.currency,
            base=entity.base_currency if entity else "",
            on=on,
            reason=reason,
            transfers=back,
            moves=moves,
            base_minor=[line.base_minor for line in lines],
            amounts=[line.amount for line in lines],
            reverses=row.entry_id,
            follows=follows,
        )
        vouchers.write(tx, [new])
        carrying.carry(tx, new, CARRIED)
        return new

    def _posting(self, event: Event, declaration: Declaration) -> Posting:
        check_event(event, self._rules)
        entity = declaration.entity_of(event.entity)
        resolved = replace(event, entity=entity.code) if entity else event
        violations = Violations()
        for position, amount in enumerate(event.amounts):
            for kind in ("cost_centre", "profit_centre"):
                code = getattr(amount, kind)
                if trouble := declaration.centre_trouble(kind, code, resolved.entity):
                    violations.add(f"amounts[{position}].{kind}", code, trouble)
        violations.refuse_any(f"{event.kind} of {event.source}")
        return resolved, entity, lines_of(resolved, self._rules[event.kind], resolved.entity)

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

    def _write(
        self, tx: Transaction, postings: Sequence[Posting], follows: Sequence[int] | None = None
    ) -> list[NewVoucher]:
        of_each = [[line.transfer for line in lines] for _, _, lines in postings]
        entries = self._journal.post_each(
            tx,
            [
                NewPost(kind=event.kind, subject=event.source, transfers=transfers)
                for (event, _, _), transfers in zip(postings, of_each, strict=True)
            ],
        )
        made = [
            NewVoucher(
                entry=entry,
                entity=event.entity,
                currency=event.currency,
                base=entity.base_currency if entity else "",
                on=event.on,
                reason=event.reason,
                transfers=transfers,
                moves=moves,
                base_minor=_base_minor(tx, event, entity, transfers),
                amounts=[line.amount for line in lines],
                follows=follows[position] if follows else None,
            )
            for position, ((event, entity, lines), transfers, (entry, moves)) in enumerate(
                zip(postings, of_each, entries, strict=True)
            )
        ]
        vouchers.write(tx, made)
        return made

    def _realise(self, tx: Transaction, made: Sequence[NewVoucher]) -> None:
        """Carry what the vouchers change, and book what they realise by vouchers that follow them."""
        gains = [(one, carrying.carry(tx, one, CARRIED)) for one in made if one.base]
        following = [(one, of) for one, of in gains if of]
        if not following:
            return
        declaration = declared.in_force(tx)
        postings = [self._posting(_difference(one, of), declaration) for one, of in following]
        for one in self._write(tx, postings, [one.entry.entry_id for one, _ in following]):
            carrying.carry(tx, one, CARRIED)


def refuse_no_reason(reason: str, what: str) -> None:
    """Raise InvalidRequest where nothing is said."""
    violations = Violations()
    violations.require(bool(reason.strip()), "reason", reason, "say why")
    if violations.found:
        raise InvalidRequest(what, violations.found)


def _difference(one: NewVoucher, realised: Sequence[Realised]) -> Event:
    return Event(
        kind=EXCHANGE_DIFFERENCE,
        entity=one.entity,
        currency=one.base,
        on=one.on,
        source=one.entry.subject,
        amounts=tuple(
            Amount(charge=of.account, amount_minor=of.amount_minor, party=of.party, about=one.currency)
            for of in realised
        ),
    )


def _base_minor(reader: Reader, event: Event, entity: LegalEntity | None, transfers: Sequence[Transfer]) -> list[int]:
    """What each line is worth in the base currency; 0 where there is none."""
    if entity is None:
        return [0] * len(transfers)
    if entity.base_currency == event.currency:
        return [transfer.amount for transfer in transfers]
    rate = rates.rate_of(reader, event.currency, entity.base_currency, event.on, entity.rate_days)
    return [rates.in_base(one.amount, event.currency, entity.base_currency, rate) for one in transfers]
