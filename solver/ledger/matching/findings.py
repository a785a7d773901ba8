"""What is found, gathered: matches, questions and differences, and which records are still open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from solver.ledger.matching.amounts import Agreement
from solver.ledger.matching.model import Difference, DifferenceKind, Item, Match, Question, Side, Stage
from solver.ledger.matching.rules import MatchRules
from solver.money import format_minor


@dataclass(slots=True)
class Findings:
    """Grows from stage to stage."""

    rules: MatchRules
    matches: list[Match] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    crowded: set[str] = field(default_factory=set)  # records of a key that joins more than its amounts explain
    torn: set[str] = field(default_factory=set)  # records of a pair that others of the key explain as well
    asked: set[tuple[str, str, int]] = field(default_factory=set)  # party, currency and amount of what a person decides
    match_of_ours: dict[str, int] = field(default_factory=dict)
    done_ours: set[str] = field(default_factory=set)
    done_theirs: set[str] = field(default_factory=set)

    def close(self, ours: Iterable[Item], theirs: Iterable[Item]) -> None:
        """These have found their place."""
        self.done_ours.update(item.item_id for item in ours)
        self.done_theirs.update(item.item_id for item in theirs)

    def match(self, match: Match, ours: Sequence[Item], theirs: Sequence[Item]) -> None:
        """A match that stands."""
        for item in ours:
            self.match_of_ours[item.item_id] = len(self.matches)
        self.matches.append(match)
        self.close(ours, theirs)

    def ask(self, ours: Sequence[Item], theirs: Sequence[Item], candidates: Sequence[Match], why: str) -> None:
        """A person decides."""
        self.questions.append(Question(refs=refs_of(ours, theirs), candidates=tuple(candidates), why=why))
        self.asked.update((item.party, item.currency, item.amount_minor) for item in (*ours, *theirs))
        self.close(ours, theirs)

    def duplicate(self, side: Side, item: Item, first: Item) -> None:
        """A record that a side booked again."""
        sign = 1 if side is Side.THEIRS else -1
        refs = (f"{side}/{item.item_id}", f"{side}/{first.item_id}")
        self.differences.append(
            Difference(
                kind=DifferenceKind.DUPLICATE,
                side=side,
                refs=refs,
                amount_minor=sign * item.amount_minor,
                currency=item.currency,
                on=item.on,
                cause="booked_twice",
                evidence=f"{item.item_id} says what {first.item_id} said on {first.on}",
                party=item.party,
                channel=item.channel,
            )
        )
        self.close(*(((), (item,)) if side is Side.THEIRS else ((item,), ())))


def matched(
    ours: Sequence[Item],
    theirs: Sequence[Item],
    *,
    stage: Stage,
    reason: str,
    confidence_permille: int,
    is_sure: bool,
    agreed: Agreement | None,
    rules: MatchRules,
) -> Match:
    """A match with what remains between its sides."""
    return Match(
        ours=tuple(sorted(item.item_id for item in ours)),
        theirs=tuple(sorted(item.item_id for item in theirs)),
        stage=stage,
        reason=reason,
        confidence_permille=confidence_permille,
        is_sure=is_sure,
        differences=tuple(_remaining(ours, theirs, agreed, rules)),
    )


def refs_of(ours: Iterable[Item], theirs: Iterable[Item]) -> tuple[str, ...]:
    """How differences and questions name records."""
    return (*sorted(f"ours/{item.item_id}" for item in ours), *sorted(f"theirs/{item.item_id}" for item in theirs))


def missing(side: Side, item: Item, rules: MatchRules, last_on: date) -> Difference:
    """A record that the other side does not have; what they may yet show within the days of the rules is under way."""
    sign = 1 if side is Side.THEIRS else -1
    is_under_way = side is Side.OURS and (last_on - item.on).days <= rules.days_after
    what = "is perhaps still under way" if is_under_way else "has no partner"
    return Difference(
        kind=DifferenceKind.TIMING if is_under_way else DifferenceKind.MISSING,
        side=side,
        refs=(f"{side}/{item.item_id}",),
        amount_minor=sign * item.amount_minor,
        currency=item.currency,
        on=item.on,
        cause="under_way" if is_under_way else f"not_in_{Side.OURS if side is Side.THEIRS else Side.THEIRS}",
        evidence=f"{item.item_id} of {item.on} over {format_minor(item.amount_minor, item.currency)} {what}",
        party=item.party,
        channel=item.channel,
    )


def _remaining(
    ours: Sequence[Item], theirs: Sequence[Item], agreed: Agreement | None, rules: MatchRules
) -> Iterable[Difference]:
    first = theirs[0]
    refs = refs_of(ours, theirs)
    on = max(item.on for item in theirs)
    kind: DifferenceKind | None = None
    booked, shown = sum(item.amount_minor for item in ours), sum(item.amount_minor for item in theirs)
    currencies = {item.currency for item in (*ours, *theirs)}
    gap_minor, cause = shown - booked, "amounts_differ"
    if len(currencies) > 1:
        kind, gap_minor, cause = DifferenceKind.CURRENCY, shown, "booked_in_another_currency"
    elif agreed is not None:
        kind, cause = agreed.kind, agreed.cause
    elif gap_minor:
        is_refunded = any(item.amount_minor < 0 for item in theirs) and booked > 0
        kind = DifferenceKind.SHORT if abs(shown) < abs(booked) else DifferenceKind.LONG
        cause = (
            "refund_not_booked"
            if is_refunded
            else "part_refunded_or_unpaid"
            if kind is DifferenceKind.SHORT
            else "more_than_booked"
        )
    told = f"{format_minor(shown, first.currency)} shown, {format_minor(booked, ours[0].currency)} booked"
    if kind is not None and gap_minor:
        yield Difference(
            kind=kind, side=Side.THEIRS, refs=refs, amount_minor=gap_minor, currency=first.currency, on=on, cause=cause,
            evidence=told, party=first.party or ours[0].party, channel=first.channel or ours[0].channel,
        )  # fmt: skip
    days = (on - max(item.on for item in ours)).days
    if not rules.is_due(days):
        yield Difference(
            kind=DifferenceKind.TIMING, side=Side.THEIRS, refs=refs, amount_minor=0, currency=first.currency, on=on,
            cause="late" if days > 0 else "early", evidence=f"{days} days after it was booked",
            party=first.party or ours[0].party, channel=first.channel or ours[0].channel,
        )  # fmt: skip
