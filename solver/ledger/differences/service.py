"""Tickets over a database: each request once, each answer as the ticket stands."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

import msgspec

from solver.clock import Clock
from solver.errors import Violations
from solver.ledger.differences.ageing import AIM_DAYS, Ageing, ageing
from solver.ledger.differences.desk import Desk
from solver.ledger.differences.model import ClosingAmount, Ticket
from solver.ledger.differences.rows import all_tickets, each_ticket, find, find_each
from solver.ledger.differences.tickets import Posting, Tickets
from solver.ledger.matching.model import Difference
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_ROWS, check_rows


class DifferenceDesk:
    """What people and programs ask of differences. Each method raises what those of `Tickets` raise."""

    def __init__(self, *, database: Database, clock: Clock, posting: Posting, desk: Desk | None = None) -> None:
        self._database = database
        self._clock = clock
        self.tickets = Tickets(posting, clock, desk)

    def open(
        self, request: Request, differences: Sequence[Difference], *, actor: str, entity: str = ""
    ) -> tuple[Ticket, ...]:
        """A ticket for each; those that are known stay what they are. Raises RequestIdReused too."""
        violations = Violations()
        check_rows(differences, "differences", violations, MOST_ROWS)
        violations.refuse_any("the differences")

        def act(tx: Transaction) -> bytes:
            self.tickets.open(tx, differences, actor=actor, entity=entity)
            return b""

        once(self._database, self._clock, request, act)
        wanted = [one.difference_id for one in differences]
        with self._database.read() as reader:
            found = find_each(reader, wanted)
        return tuple(found[ticket_id] for ticket_id in wanted)

    def assign(self, request: Request, ticket_id: str, owner: str, *, actor: str, text: str = "") -> Ticket:
        """Let another one look after it."""
        return self._once(
            request, ticket_id, lambda tx: self.tickets.assign(tx, ticket_id, owner, actor=actor, text=text)
        )

    def comment(self, request: Request, ticket_id: str, text: str, *, actor: str) -> Ticket:
        """Add a remark."""
        return self._once(request, ticket_id, lambda tx: self.tickets.comment(tx, ticket_id, text, actor=actor))

    def close_by_posting(
        self,
        request: Request,
        ticket_id: str,
        amounts: Sequence[ClosingAmount],
        *,
        on: date,
        actor: str,
        text: str = "",
    ) -> Ticket:
        """Close it by a voucher."""
        return self._once(
            request,
            ticket_id,
            lambda tx: self.tickets.close_by_posting(tx, ticket_id, amounts, on=on, actor=actor, text=text),
        )

    def close_with_reason(self, request: Request, ticket_id: str, reason: str, *, actor: str) -> Ticket:
        """Close it without one."""
        return self._once(
            request, ticket_id, lambda tx: self.tickets.close_with_reason(tx, ticket_id, reason, actor=actor)
        )

    def get(self, ticket_id: str) -> Ticket:
        """A ticket with all its notes. Raises NotFound."""
        with self._database.read() as reader:
            return find(reader, ticket_id)

    def all(
        self,
        *,
        states: Collection[str] = (),
        owners: Collection[str] = (),
        after: str = "",
        most: int | None = None,
    ) -> tuple[Ticket, ...]:
        """Tickets by id, at most so many behind an id; an empty filter lets all pass."""
        with self._database.read() as reader:
            return all_tickets(reader, states=states, owners=owners, after=after, most=most)

    def ageing(self, aim_days: int = AIM_DAYS, at: datetime | None = None) -> Ageing:
        """The report, by now or at another time."""
        with self._database.read() as reader:
            return ageing(each_ticket(reader), at or self._clock.now(), aim_days)

    def _once(self, request: Request, ticket_id: str, act: Callable[[Transaction], Ticket]) -> Ticket:
        once(self._database, self._clock, request, lambda tx: msgspec.json.encode(act(tx).ticket_id))
        return self.get(ticket_id)
