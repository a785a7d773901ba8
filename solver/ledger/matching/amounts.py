"""Whether two sums agree, and by which rule: equal, less a fee, with or without tax."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from solver.ledger.matching.model import DifferenceKind, Item
from solver.ledger.matching.rules import FeeRule, MatchRules


@dataclass(frozen=True, slots=True)
class Agreement:
    """Why sums agree. `gap_minor` is theirs less ours; `kind` None: nothing is left to tell."""

    cause: str
    gap_minor: int
    kind: DifferenceKind | None = None


def agreement(ours: Sequence[Item], theirs: Sequence[Item], rules: MatchRules) -> Agreement | None:
    """The rule by which the sums agree, or None. Two currencies never do."""
    if len({item.currency for item in ours} | {item.currency for item in theirs}) != 1:
        return None
    booked = sum(item.amount_minor for item in ours)
    shown = sum(item.amount_minor for item in theirs)
    gap_minor = shown - booked
    if abs(gap_minor) <= rules.tolerance_minor:
        return Agreement("equal" if gap_minor == 0 else "within_tolerance", gap_minor)
    for fee in rules.fees:
        if fee.channel in ("", theirs[0].channel) and _is_less(fee, ours, booked, -gap_minor):
            return Agreement(f"fee:{fee.name}", gap_minor, DifferenceKind.FEE)
    for rate in rules.tax_rates:
        if _with(booked, rate) == shown or _with(shown, rate) == booked:
            return Agreement(f"tax:{rate.numerator}/{rate.denominator}", gap_minor, DifferenceKind.TAX)
    return None


def wanted_sums(shown: int, rules: MatchRules, channel: str) -> dict[int, str]:
    """What our records must sum to so that a single amount of theirs is explained, with the cause."""
    wanted = {shown: "equal"}
    for off in range(1, rules.tolerance_minor + 1):
        wanted.setdefault(shown + off, "within_tolerance")
        wanted.setdefault(shown - off, "within_tolerance")
    for fee in rules.fees:
        if fee.channel not in ("", channel) or fee.rate >= 1:
            continue
        guess = int((shown + fee.fixed_minor) / (1 - fee.rate)) if shown >= 0 else shown
        for booked in range(guess - 2 - fee.spread_minor, guess + 3 + fee.spread_minor):
            if abs(booked - fee.fee_minor(booked) - shown) <= fee.spread_minor:
                wanted.setdefault(booked, f"fee:{fee.name}")
    return wanted


def paid_out_of(booked: int, rules: MatchRules) -> set[int]:
    """What their records may sum to where a single amount of ours is explained: all of it, or less a fee."""
    return {booked, *(booked - fee.fee_minor(booked) for fee in rules.fees)}


def _is_less(fee: FeeRule, ours: Sequence[Item], booked: int, held_minor: int) -> bool:
    """Whether what was held back is the fee of the sum, or the sum of each record's fee."""
    spread = fee.spread_minor * len(ours)
    if abs(fee.fee_minor(booked) - held_minor) <= spread:
        return True
    return len(ours) > 1 and abs(sum(fee.fee_minor(item.amount_minor) for item in ours) - held_minor) <= spread


def _with(amount_minor: int, rate: Fraction) -> int:
    exact = abs(amount_minor) * (1 + rate) + Fraction(1, 2)
    whole = exact.numerator // exact.denominator
    return whole if amount_minor >= 0 else -whole
