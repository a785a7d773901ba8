"""Vouchers written: by an event's rule, by a reversal, and by what a settlement in another currency realises."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from solver.errors import InvalidRequest, StateConflict, Violations
from solver.journal.journal import Journal
from solver.journal.model import NewPost, Transfer
from solver.ledger.books import carrying, charting, declared, periods, rates, translations, vouchers
from solver.ledger.books.carrying import EXCHANGE_DIFFERENCE, Realised
from solver.ledger.books.entities import Declaration, LegalEntity
from solver.ledger.books.intercompany import check_mirrored
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.posting import Line, check_event, day_number, lines_of
from solver.ledger.books.rules import REVERSAL, PostingRule
from solver.ledger.books.terms import read_terms
from solver.ledger.books.translating import Translating
from solver.ledger.books.vouchers import NewVoucher, VoucherRow
from solver.storage.database import Reader, Transaction

Posting = tuple[Event, LegalEntity | None, tuple[Line, ...]]


class VoucherWriter:
    """Writes vouchers, their lines, the totals and what is carried, all in the caller's transaction."""

    def __init__(self, journal: Journal, rules: Mapping[str, PostingRule] | None = None) -> None:
        """By the rules that are in force, or by these."""
        self._journal = journal
        self._given = rules
        self._translating = Translating(journal, self._book_gains, self._take_back)

    def translate(self, tx: Transaction) -> int:
        """Tell vouchers that waited for a rate in the base currency, as far as rates are known; how many."""
        return self._translating.follow(tx)

    def post_each(self, tx: Transaction, events: Sequence[Event]) -> list[NewVoucher | None]:
        """The voucher of each event; see `Ledger.post` for what is refused."""
        read_terms(tx)
        declaration, rules = declared.in_force(tx), self._rules(tx)
        of_each = [_posting(event, declaration, rules) for event in events]
        postings = [one for one in of_each if one[2]]
        self._refuse_repeated(tx, [event for event, _, _ in postings])
        periods.refuse_closed(tx, {(event.entity, day_number(event.on) // 100) for event, _, _ in postings})
        made = self._write(tx, postings)
        self._realise(tx, made)
        written = iter(made)
        return [next(written) if lines else None for _, _, lines in of_each]

    def post_pair(self, tx: Transaction, first: Event, second: Event) -> tuple[NewVoucher, NewVoucher]:
        """The vouchers of one event in the books of two entities; the second follows the first."""
        declaration, rules = declared.in_force(tx), self._rules(tx)
        postings = [_posting(event, declaration, rules) for event in (first, second)]
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
        base = entity.base_currency if entity else ""
        late = base not in ("", row.currency) and translations.waits(tx, row.entity, row.currency)
        new = NewVoucher(
            entry=entry,
            entity=row.entity,
            currency=row.currency,
            base=base,
            on=on,
            reason=reason,
            transfers=back,
            moves=moves,
            base_minor=[0 if late else line.base_minor for line in lines],
            amounts=[line.amount for line in lines],
            reverses=row.entry_id,
            follows=follows,
            is_translated=not late,
        )
        vouchers.write(tx, [new])
        translations.wait(tx, [new])
        carrying.carry(tx, new, charting.in_force(tx).carried)
        return new

    def _rules(self, reader: Reader) -> Mapping[str, PostingRule]:
        return charting.in_force(reader).rules if self._given is None else self._given

    def _refuse_repeated(self, tx: Transaction, events: Sequence[Event]) -> None:
        rules = self._rules(tx)
        once = [(event.kind, event.source, event.entity) for event in events if not rules[event.kind].repeats]
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
        worth = _worth_of(tx, [(event, entity, of) for (event, entity, _), of in zip(postings, of_each, strict=True)])
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
                base_minor=[0] * len(transfers) if (minor := worth[position]) is None else minor,
                is_translated=minor is not None,
                amounts=[line.amount for line in lines],
                follows=follows[position] if follows else None,
            )
            for position, ((event, entity, lines), transfers, (entry, moves)) in enumerate(
                zip(postings, of_each, entries, strict=True)
            )
        ]
        vouchers.write(tx, made)
        translations.wait(tx, made)
        return made

    def _realise(self, tx: Transaction, made: Sequence[NewVoucher]) -> None:
        """Carry what the vouchers change, and book what they realise by vouchers that follow them."""
        with_base = [one for one in made if one.base]
        if not with_base:
            return
        carried = charting.in_force(tx).carried
        gains = [(one, carrying.carry(tx, one, carried)) for one in with_base]
        self._book_each(tx, [(one, of) for one, of in gains if of])

    def _book_gains(self, tx: Transaction, one: NewVoucher, gains: list[Realised]) -> None:
        self._book_each(tx, [(one, gains)])

    def _book_each(self, tx: Transaction, following: Sequence[tuple[NewVoucher, list[Realised]]]) -> None:
        if not following:
            return
        declaration, rules = declared.in_force(tx), charting.in_force(tx).rules
        postings = [_posting(_difference(one, of), declaration, rules) for one, of in following]
        carried = charting.in_force(tx).carried
        for one in self._write(tx, postings, [one.entry.entry_id for one, _ in following]):
            carrying.carry(tx, one, carried)

    def _take_back(self, tx: Transaction, follower: VoucherRow, reversal: NewVoucher) -> None:
        self.reverse(tx, follower, reversal.on, reversal.reason, reversal.entry.entry_id)


def refuse_no_reason(reason: str, what: str) -> None:
    """Raise InvalidRequest where nothing is said."""
    violations = Violations()
    violations.require(bool(reason.strip()), "reason", reason, "say why")
    if violations.found:
        raise InvalidRequest(what, violations.found)


def _posting(event: Event, declaration: Declaration, rules: Mapping[str, PostingRule]) -> Posting:
    check_event(event, rules)
    entity = declaration.entity_of(event.entity)
    resolved = replace(event, entity=entity.code) if entity and entity.code != event.entity else event
    if declaration.cost_centres or declaration.profit_centres:
        _check_centres(resolved, declaration)
    return resolved, entity, lines_of(resolved, rules[event.kind], resolved.entity)


def _check_centres(event: Event, declaration: Declaration) -> None:
    violations = Violations()
    for position, amount in enumerate(event.amounts):
        for kind, code in (("cost_centre", amount.cost_centre), ("profit_centre", amount.profit_centre)):
            if code and (trouble := declaration.centre_trouble(kind, code, event.entity)):
                violations.add(f"amounts[{position}].{kind}", code, trouble)
    if violations.found:
        violations.refuse_any(f"{event.kind} of {event.source}")


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


Worth = list[int] | None


def _worth_of(reader: Reader, postings: Sequence[tuple[Event, LegalEntity | None, Sequence[Transfer]]]) -> list[Worth]:
    """What each posting's lines are worth in the base currency; None where it waits for a rate, or for one that does.

    0 where there is no base currency.
    """
    late: set[tuple[str, str]] = set()
    found: list[Worth] = []
    for event, entity, transfers in postings:
        key = (event.entity, event.currency)
        is_late = key in late or (_is_foreign(event, entity) and translations.waits(reader, *key))
        worth = None if is_late else _base_minor(reader, event, entity, transfers)
        if worth is None:
            late.add(key)
        found.append(worth)
    return found


def _is_foreign(event: Event, entity: LegalEntity | None) -> bool:
    return entity is not None and entity.base_currency != event.currency


def _base_minor(reader: Reader, event: Event, entity: LegalEntity | None, transfers: Sequence[Transfer]) -> Worth:
    if entity is None:
        return [0] * len(transfers)
    if entity.base_currency == event.currency:
        return [transfer.amount for transfer in transfers]
    rate = rates.find_rate(reader, event.currency, entity.base_currency, event.on, entity.rate_days)
    if rate is None:
        return None
    return [rates.in_base(one.amount, event.currency, entity.base_currency, rate) for one in transfers]
