"""The nouns of reconciliation: what each side booked, what belongs together, and what is then left over."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    """Whose record it is."""

    OURS = "ours"
    THEIRS = "theirs"


class DifferenceKind(StrEnum):
    """What is wrong between the two sides."""

    MISSING = "missing"  # a side has no record at all of what the other one booked
    SHORT = "short"  # they show less than we booked
    LONG = "long"  # they show more than we booked
    DUPLICATE = "duplicate"  # a side booked the same thing again
    TIMING = "timing"  # booked outside the days in which it was due, or still under way
    FEE = "fee"  # the amounts differ by what a rule knows as a fee
    CURRENCY = "currency"  # the same thing in another currency
    TAX = "tax"  # the amounts differ by a tax rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that does not agree, for a person or a rule to settle.

    `side` is the side that has the record spoken of (the other one lacks it, where the kind is `missing`). `refs` are
    the records as `ours/ID` and `theirs/ID`. `amount_minor` is what they show less what we booked, so that posting it
    on our side makes both agree; of two currencies it is what they show. `cause` is a word that programs may rely on,
    `evidence` what a person reads.
    """

    kind: DifferenceKind
    side: Side
    refs: tuple[str, ...]
    amount_minor: int
    currency: str
    on: date
    cause: str
    evidence: str
    party: str = ""
    channel: str = ""

    @property
    def difference_id(self) -> str:
        """The same for the same finding, however often it is found: what a ticket is not opened twice for."""
        return _difference_id(self.kind, self.side, self.currency, self.refs)


def missing_id(side: Side, item_id: str, currency: str) -> str:
    """The id of the difference that a record of this side has no partner."""
    return _difference_id(DifferenceKind.MISSING, side, currency, (f"{side}/{item_id}",))


def _difference_id(kind: DifferenceKind, side: Side, currency: str, refs: Iterable[str]) -> str:
    said = "\n".join((kind, side, currency, *sorted(refs)))
    return "D" + hashlib.sha256(said.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record of one side: an order, a payment, a line of a statement, an invoice, a shipment.

    `amount_minor` is signed as the account that both sides speak of sees it: what comes in is above 0. `keys` are the
    names by which others may know it (order, payment, invoice, shipment number), by what they are called.
    """

    item_id: str
    on: date
    amount_minor: int
    currency: str
    keys: Mapping[str, str] = field(default_factory=dict)
    party: str = ""
    channel: str = ""
    line: int = 0  # of the file it was read from; 0: of none


class Stage(StrEnum):
    """How the partners were found; the earlier, the firmer."""

    EXACT_KEY = "exact_key"
    NORMALISED_KEY = "normalised_key"
    NEAR_KEY = "near_key"
    AMOUNT_DATE_PARTY = "amount_date_party"
    SUBSET = "subset"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Records of both sides that belong together.

    `is_sure` says that no other explanation comes near: only such a match is posted without a person. `reason` is a
    sentence, `confidence_permille` the firmness of what speaks for it, up to 1,000. `differences` is what remains
    between the two sides of it.
    """

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    stage: Stage
    reason: str
    confidence_permille: int
    is_sure: bool
    differences: tuple[Difference, ...] = ()

    @property
    def match_id(self) -> str:
        """The same for the same records."""
        said = "\n".join((*sorted(f"ours/{one}" for one in self.ours), *sorted(f"theirs/{one}" for one in self.theirs)))
        return "M" + hashlib.sha256(said.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the program does not decide: records with every match that could be theirs, the likeliest first."""

    refs: tuple[str, ...]
    candidates: tuple[Match, ...]
    why: str

    @property
    def question_id(self) -> str:
        """The same for the same records."""
        return "Q" + hashlib.sha256("\n".join(sorted(self.refs)).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Everything that was found. Each record stands in exactly one match, question or missing difference.

    `differences` are all of them, also those of the matches.
    """

    matches: tuple[Match, ...]
    questions: tuple[Question, ...]
    differences: tuple[Difference, ...]
