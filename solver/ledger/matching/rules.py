"""What two sides agree by: which keys meet, how far days may lie apart, which fees and taxes explain a gap."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """A fee that the other side holds back: a share of the amount and something fixed, rounded half up.

    `channel` empty: of every channel. `spread_minor` is what rounding may be off by, for each record.
    """

    name: str
    rate: Fraction = Fraction(0)
    fixed_minor: int = 0
    channel: str = ""
    spread_minor: int = 0

    def fee_minor(self, amount_minor: int) -> int:
        """What is held back of an amount; of a negative one it is given back."""
        share, of = self.rate.numerator, self.rate.denominator
        fee = (2 * abs(amount_minor) * share + of) // (2 * of) + self.fixed_minor
        return fee if amount_minor >= 0 else -fee


_LATENESS = 2  # times as late as due: then a person looks at it


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRules:
    """Tolerances of one reconciliation; docs/reconciliation.md says what each does.

    `keys` are pairs of names, ours first, whose values meet; empty: the same names meet. Days are theirs less ours.
    """

    keys: tuple[tuple[str, str], ...] = ()
    prefixes: tuple[str, ...] = ()  # that one side writes before a key and the other does not
    days_before: int = 3
    days_after: int = 10
    tolerance_minor: int = 0
    fees: tuple[FeeRule, ...] = ()
    tax_rates: tuple[Fraction, ...] = ()
    batch_days: int = 10  # a payout gathers records of so many days before it
    batch_records: int = 60  # that one search looks at, at most
    whole_days: bool = False  # a payout takes all records of a day or none
    most_key_records: int = 5_000  # that one key may join; a key of more is none

    def is_due(self, days: int) -> bool:
        """Whether a record is shown in time, so many days after it was booked."""
        return -self.days_before <= days <= self.days_after

    def is_plausible(self, days: int) -> bool:
        """Whether a record may be shown so many days after it was booked: no earlier than due, and not far too late."""
        return -self.days_before <= days <= _LATENESS * self.days_after
