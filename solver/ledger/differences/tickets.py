"""The life of a ticket: opened by a finding, looked after, and closed by a posting or a documented reason alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from solver.clock import Clock
from solver.errors import StateConflict, Violations
from solver.ledger.books.model import Amount, Event
from solver.ledger.differences.desk import Desk, shipped_desk
from solver.ledger.differences.model import ClosingAmount, Ticket, TicketEvent, TicketNote, TicketState
from solver.ledger.differences.rows import find, find_each, keep
from solver.ledger.matching.model import Difference, DifferenceKind, Match
from solver.ledger.model import Voucher
from solver.money import format_minor, is_currency
from solver.storage.database import Transaction
from solver.validation import check_id

EVENT = "difference_closed"
MOST_TEXT = 2_000


class Posting(Protocol):
    """The book that closing amounts are posted to."""

    def post(self, tx: Transaction, event: Event) -> Voucher | None:
        """The event's voucher; None where it is worth nothing."""
        ...


class Tickets:
    """Opens, follows and closes tickets within a transaction of the caller's."""

    def __init__(self, posting: Posting, clock: Clock, desk: Desk | None = None) -> None:
        self._posting = posting
        self._clock = clock
        self._desk = desk or shipped_desk()

    def open(
        self, tx: Transaction, differences: Sequence[Difference], *, actor: str, entity: str = ""
    ) -> tuple[Ticket, ...]:
        """A ticket for each difference. One that is known is left alone, unless its amount is another now.

        Raises InvalidRequest for a difference without evidence of what it is about.
        """
        _refuse_unsound(differences, actor)
        known = find_each(tx, [one.difference_id for one in differences])
        for difference in differences:
            ticket_id = difference.difference_id
            if ticket_id not in known:
                known[ticket_id] = self._opened(tx, difference, actor, entity)
            elif known[ticket_id].amount_minor != difference.amount_minor:
                known[ticket_id] = self._changed(tx, known[ticket_id], difference, actor)
        return tuple(known[one.difference_id] for one in differences)

    def assign(self, tx: Transaction, ticket_id: str, owner: str, *, actor: str, text: str = "") -> Ticket:
        """Let another one look after it. Raises NotFound, StateConflict (TICKET_CLOSED), InvalidRequest."""
        _refuse_words(owner=owner, actor=actor)
        ticket = self._standing_open(tx, ticket_id)
        said = f"{ticket.owner} -> {owner}" + (f": {text}" if text else "")
        return self._kept(tx, replace(ticket, owner=owner), actor, TicketEvent.ASSIGNED, said)

    def comment(self, tx: Transaction, ticket_id: str, text: str, *, actor: str) -> Ticket:
        """Add a remark, also to a closed one. Raises NotFound, InvalidRequest."""
        _refuse_words(actor=actor)
        _refuse_text(text)
        return self._kept(tx, find(tx, ticket_id), actor, TicketEvent.COMMENTED, text)

    def close_by_posting(
        self,
        tx: Transaction,
        ticket_id: str,
        amounts: Sequence[ClosingAmount],
        *,
        on: date,
        actor: str,
        text: str = "",
    ) -> Ticket:
        """Close it by a voucher: of these amounts, or of what is suggested where none are given.

        Amounts account for the whole difference, but for one of currencies. Raises NotFound, StateConflict
        (TICKET_CLOSED and what the ledger refuses), InvalidRequest.
        """
        _refuse_words(actor=actor)
        ticket = self._standing_open(tx, ticket_id)
        posted = amounts or _suggested(ticket)
        _refuse_partial(ticket, posted)
        times = sum(note.event is TicketEvent.CLOSED_BY_POSTING for note in ticket.notes) + 1
        voucher = self._posting.post(
            tx,
            Event(
                kind=EVENT,
                entity=ticket.entity,
                currency=ticket.currency,
                on=on,
                source=f"difference/{ticket_id}" if times == 1 else f"difference/{ticket_id}/{times}",
                amounts=tuple(
                    Amount(
                        charge=one.charge,
                        amount_minor=one.amount_minor,
                        party=one.party or ticket.party,
                        channel=ticket.channel,
                    )
                    for one in posted
                ),
                reason=text or ticket.suggestion.cause,
            ),
        )
        if voucher is None:
            violations = Violations()
            violations.add("amounts", "nothing", "a posting of nothing closes no ticket; give a reason instead")
            violations.refuse_any("the closing of a ticket")
        assert voucher is not None
        closed = replace(
            ticket, state=TicketState.CLOSED, closed_at=self._clock.now(), voucher_id=voucher.voucher_id, reason=text
        )
        return self._kept(tx, closed, actor, TicketEvent.CLOSED_BY_POSTING, text, voucher.voucher_id)

    def close_with_reason(self, tx: Transaction, ticket_id: str, reason: str, *, actor: str) -> Ticket:
        """Close it without a posting, for a reason that is kept. Raises NotFound, StateConflict, InvalidRequest."""
        _refuse_words(actor=actor)
        _refuse_text(reason, "reason")
        ticket = self._standing_open(tx, ticket_id)
        closed = replace(ticket, state=TicketState.CLOSED, closed_at=self._clock.now(), reason=reason)
        return self._kept(tx, closed, actor, TicketEvent.CLOSED_BY_REASON, reason)

    def close_matched(self, tx: Transaction, match_of: Mapping[str, Match], *, actor: str) -> int:
        """Close tickets of missing records whose partner came, each by the match that found it; how many.

        A ticket that was closed before is told so by a note: what was posted for it is to be looked at.
        """
        closed = 0
        for ticket_id, ticket in find_each(tx, match_of).items():
            match = match_of[ticket_id]
            reason = f"its partner came: {match.match_id} ({match.stage}): {match.reason}"[:MOST_TEXT]
            if ticket.state is TicketState.OPEN:
                done = replace(ticket, state=TicketState.CLOSED, closed_at=self._clock.now(), reason=reason)
                self._kept(tx, done, actor, TicketEvent.CLOSED_BY_MATCH, reason)
                closed += 1
            else:
                again = f"; look at {ticket.voucher_id}" if ticket.voucher_id else ""
                self._kept(tx, ticket, actor, TicketEvent.COMMENTED, f"{reason[: MOST_TEXT - 100]}{again}")
        return closed

    def _opened(self, tx: Transaction, difference: Difference, actor: str, entity: str) -> Ticket:
        rule = self._desk.owner(difference)
        ticket = Ticket(
            ticket_id=difference.difference_id,
            kind=difference.kind,
            side=difference.side,
            refs=difference.refs,
            amount_minor=difference.amount_minor,
            currency=difference.currency,
            on=difference.on,
            cause=difference.cause,
            evidence=difference.evidence,
            party=difference.party,
            channel=difference.channel,
            entity=entity,
            owner=rule.owner,
            rule=rule.name,
            suggestion=self._desk.suggestion(difference),
            state=TicketState.OPEN,
            opened_at=self._clock.now(),
        )
        return self._kept(tx, ticket, actor, TicketEvent.OPENED, difference.evidence)

    def _changed(self, tx: Transaction, ticket: Ticket, difference: Difference, actor: str) -> Ticket:
        was, now = (format_minor(amount, ticket.currency) for amount in (ticket.amount_minor, difference.amount_minor))
        changed = replace(
            ticket,
            amount_minor=difference.amount_minor,
            evidence=difference.evidence,
            suggestion=self._desk.suggestion(difference),
            state=TicketState.OPEN,
            closed_at=None,
            voucher_id="",
            reason="",
        )
        event = TicketEvent.CHANGED if ticket.state is TicketState.OPEN else TicketEvent.REOPENED
        return self._kept(tx, changed, actor, event, f"{was} -> {now} {ticket.currency}: {difference.evidence}")

    def _standing_open(self, tx: Transaction, ticket_id: str) -> Ticket:
        ticket = find(tx, ticket_id)
        if ticket.state is not TicketState.OPEN:
            raise StateConflict(
                f"ticket {ticket_id} was closed before; comment on it, or wait until it is found again",
                reason="TICKET_CLOSED",
                metadata={"ticket_id": ticket_id},
            )
        return ticket

    def _kept(
        self, tx: Transaction, ticket: Ticket, actor: str, event: TicketEvent, text: str, voucher_id: str = ""
    ) -> Ticket:
        note = TicketNote(at=self._clock.now(), actor=actor, event=event, text=text, voucher_id=voucher_id)
        keep(tx, ticket, note)
        return replace(ticket, notes=(*ticket.notes, note))


def _suggested(ticket: Ticket) -> tuple[ClosingAmount, ...]:
    one = ticket.suggestion
    violations = Violations()
    violations.require(bool(one.charge), "amounts", "none", f"nothing is suggested for this ticket: {one.cause}")
    violations.refuse_any("the closing of a ticket")
    return (ClosingAmount(charge=one.charge, amount_minor=one.amount_minor),)


def _refuse_partial(ticket: Ticket, amounts: Sequence[ClosingAmount]) -> None:
    """What is posted must be the difference, whichever way round the charges stand."""
    if ticket.kind is DifferenceKind.CURRENCY:
        return
    total = sum(one.amount_minor for one in amounts)
    whole = abs(ticket.amount_minor)
    violations = Violations()
    shown = format_minor(whole, ticket.currency)
    remedy = f"account for the whole difference of {shown} {ticket.currency}; split it over several charges if need be"
    violations.require(abs(total) == whole, "amounts", format_minor(total, ticket.currency), remedy)
    violations.refuse_any("the closing of a ticket")


def _refuse_unsound(differences: Sequence[Difference], actor: str) -> None:
    violations = Violations()
    check_id(actor, "actor", violations)
    for position, one in enumerate(differences):
        path = f"differences[{position}]"
        violations.require(bool(one.refs), f"{path}.refs", "none", "name at least one record, such as ours/P1")
        for number, ref in enumerate(one.refs):
            check_id(ref, f"{path}.refs[{number}]", violations)
        check_id(one.cause, f"{path}.cause", violations)
        is_code = is_currency(one.currency)
        violations.require(is_code, f"{path}.currency", one.currency, "give an ISO 4217 code, such as CNY")
        sound = 0 < len(one.evidence) <= MOST_TEXT
        violations.require(
            sound, f"{path}.evidence", one.evidence, f"say what was found, in up to {MOST_TEXT:,} letters"
        )
    violations.refuse_any("the differences")


def _refuse_words(**words: str) -> None:
    violations = Violations()
    for name, word in words.items():
        check_id(word, name, violations)
    violations.refuse_any("the note on a ticket")


def _refuse_text(text: str, name: str = "text") -> None:
    violations = Violations()
    violations.require(0 < len(text.strip()) <= MOST_TEXT, name, text, f"say something, in up to {MOST_TEXT:,} letters")
    violations.refuse_any("the note on a ticket")
