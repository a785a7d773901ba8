"""How old open differences are, and how fast closed ones were: the aim is days, not weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.ledger.differences.model import Ticket, TicketState

AIM_DAYS = 3
# Days since a ticket was opened, from the first number on and below the second.
BUCKETS = ((0, 1), (1, 3), (3, 7), (7, 30), (30, 100_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingRow:
    """The open tickets of an owner, kind and currency. `buckets`: how many by age, `amounts_minor` their sizes."""

    owner: str
    kind: str
    currency: str
    tickets: int
    amount_minor: int
    buckets: tuple[int, ...]
    amounts_minor: tuple[int, ...]
    late: int
    oldest_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """Open tickets by age, and how many of the closed ones met the aim; `late` are open beyond it.

    Amounts are without sign: a short and a long payment do not make each other disappear.
    """

    at: datetime
    aim_days: int
    rows: tuple[AgeingRow, ...]
    open_tickets: int
    late: int
    closed_tickets: int
    closed_within_aim: int


def ageing(tickets: Iterable[Ticket], at: datetime, aim_days: int = AIM_DAYS) -> Ageing:
    """The report at a time: rows by owner, kind and currency."""
    groups: dict[tuple[str, str, str], list[Ticket]] = {}
    closed = in_time = 0
    for ticket in tickets:
        if ticket.state is TicketState.OPEN:
            groups.setdefault((ticket.owner, str(ticket.kind), ticket.currency), []).append(ticket)
        else:
            assert ticket.closed_at is not None
            closed += 1
            in_time += ticket.closed_at - ticket.opened_at <= timedelta(days=aim_days)
    rows = tuple(_row(key, group, at, aim_days) for key, group in sorted(groups.items()))
    return Ageing(
        at=at,
        aim_days=aim_days,
        rows=rows,
        open_tickets=sum(row.tickets for row in rows),
        late=sum(row.late for row in rows),
        closed_tickets=closed,
        closed_within_aim=in_time,
    )


def age_days(ticket: Ticket, at: datetime) -> int:
    """Whole days since it was opened; not below 0, though a clock went back."""
    return max(0, (at - ticket.opened_at).days)


def bucket_names() -> tuple[str, ...]:
    """The buckets as people read them."""
    return tuple(f"{low}-{high} d" if high < 1_000 else f"{low}+ d" for low, high in BUCKETS)


def _row(key: tuple[str, str, str], group: list[Ticket], at: datetime, aim_days: int) -> AgeingRow:
    owner, kind, currency = key
    aged = [(age_days(ticket, at), abs(ticket.amount_minor)) for ticket in group]
    return AgeingRow(
        owner=owner,
        kind=kind,
        currency=currency,
        tickets=len(group),
        amount_minor=sum(amount for _, amount in aged),
        buckets=tuple(sum(low <= age < high for age, _ in aged) for low, high in BUCKETS),
        amounts_minor=tuple(sum(amount for age, amount in aged if low <= age < high) for low, high in BUCKETS),
        late=sum(at - ticket.opened_at > timedelta(days=aim_days) for ticket in group),
        oldest_days=max(age for age, _ in aged),
    )
