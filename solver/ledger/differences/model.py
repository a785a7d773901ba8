"""The nouns of difference tickets (差异单). Amounts are minor units; those of a difference are theirs less ours."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from solver.ledger.matching.model import DifferenceKind, Side


class TicketState(StrEnum):
    """Whether somebody still has to do something."""

    OPEN = "open"
    CLOSED = "closed"


class TicketEvent(StrEnum):
    """What can happen to a ticket; each leaves a note."""

    OPENED = "opened"
    CHANGED = "changed"  # found again with another amount
    REOPENED = "reopened"  # closed, and found again with another amount
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    CLOSED_BY_POSTING = "closed_by_posting"
    CLOSED_BY_REASON = "closed_by_reason"
    CLOSED_BY_MATCH = "closed_by_match"  # the partner of a missing record came


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNote:
    """What happened to a ticket, when and by whom. Notes are only ever added."""

    at: datetime
    actor: str
    event: TicketEvent
    text: str = ""
    voucher_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The likely cause, in English and in Chinese, and what could be posted: a charge of `difference_closed`.

    An empty charge: post nothing; the texts say what to do instead.
    """

    cause: str
    cause_zh: str
    charge: str = ""
    amount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One difference on its way to an explanation. `party` is whose account is wrong, `rule` what named the owner."""

    ticket_id: str
    kind: DifferenceKind
    side: Side
    refs: tuple[str, ...]
    amount_minor: int
    currency: str
    on: date
    cause: str
    evidence: str
    party: str
    channel: str
    entity: str
    owner: str
    rule: str
    suggestion: Suggestion
    state: TicketState
    opened_at: datetime
    closed_at: datetime | None = None
    voucher_id: str = ""
    reason: str = ""
    notes: tuple[TicketNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAmount:
    """One figure of the voucher that closes a ticket: a charge of the event `difference_closed`."""

    charge: str
    amount_minor: int
    party: str = ""
