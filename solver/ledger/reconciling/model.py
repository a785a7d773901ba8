"""The nouns of a reconciliation that is kept: its matches as they stand, and what a run came to."""

from dataclasses import dataclass
from enum import StrEnum

from solver.ledger.matching.model import Item, Match


class MatchState(StrEnum):
    """How a match stands."""

    SURE = "sure"  # found, and no other explanation comes near
    OFFERED = "offered"  # a candidate of a question that nobody answered yet
    DECIDED = "decided"  # a person says so
    REFUSED = "refused"  # a person says that it is none, or took another


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMatch:
    """A match of a reconciliation. Candidates of one question have its id; `why` is why a person is asked.

    The records that it names stand beside it where it is read; it is kept without them.
    """

    match: Match
    state: MatchState
    question_id: str = ""
    why: str = ""
    actor: str = ""
    reason: str = ""
    voucher_id: str = ""
    our_records: tuple[Item, ...] = ()
    their_records: tuple[Item, ...] = ()

    @property
    def match_id(self) -> str:
        """The id of the match."""
        return self.match.match_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run came to: how many new matches, questions and tickets, and how many fees it posted.

    `closed_tickets` were about records that had no partner, and have one now.
    """

    sure: int
    questions: int
    tickets: int
    vouchers: int
    open_ours: int
    open_theirs: int
    closed_tickets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many records were new, and how many were there before and say the same."""

    added: int
    known: int
