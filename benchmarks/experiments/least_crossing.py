"""What few crossings cost at least, whatever the policy: a bound from hindsight.

With every order of the week known, let a crossing cost l, and every parcel s * l less, s being a share. The wave's
bound B then holds for whatever ships all units: paid + l * crossings - s * l * parcels >= B. Where no more than the
share s of the parcels crosses, the two last terms are together at most 0, so that at least B is paid. Where no more
than C is paid, C being at least B, the share that crosses is at least s - (C - B) / (l * n): n orders have at least n
parcels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from solver.replay.hindsight import hindsight_within
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy
from solver.waves.limits import WaveLimits

SHARE_PERMILLE, CROSSING_MINOR = 150, 1200
_LIMITS = WaveLimits(passes=100, moves=0, columns=0, branches=0)  # for the bound alone
_WHOLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """Of a week: its orders, and what those policies pay at least whose share of crossings is no more than SHARE."""

    orders: int
    least_paid_minor: int

    def least_share(self, paid_minor: float) -> float:
        """The share that crosses at least where no more than so much is paid; told where that is SHARE or less."""
        short = max(0.0, paid_minor - self.least_paid_minor)
        return max(0.0, SHARE_PERMILLE / _WHOLE - short / (CROSSING_MINOR * self.orders))


def bounded(week: Scenario) -> Bounded:
    """The bound for a week's orders on its stock; raises AssertionError where its policy leaves the wave's arrays."""
    less_minor = SHARE_PERMILLE * CROSSING_MINOR // _WHOLE
    assert all(source.handling_per_package_minor >= less_minor for source in week.sources), "no parcel is paid for"
    sources = tuple(
        replace(source, handling_per_package_minor=source.handling_per_package_minor - less_minor)
        for source in week.sources
    )
    policy = Policy(split_minor=0, lateness_minor_per_hour=0, settings={"cross_province_minor": CROSSING_MINOR})
    found = hindsight_within(replace(week, sources=sources), policy, _LIMITS)
    assert found is not None
    return Bounded(orders=len(week.orders), least_paid_minor=found.bound_minor)


def row(placement: str, of: Sequence[Bounded], rule_minor: Sequence[float], reached: str) -> tuple[str, ...]:
    """Of all weeks together, beside what the assigned-region rule pays."""
    orders = sum(one.orders for one in of)
    all_weeks = Bounded(orders=orders, least_paid_minor=sum(one.least_paid_minor for one in of))
    paid = sum(rule_minor)
    return (
        placement,
        f"{all_weeks.least_paid_minor / orders / 100:.2f}",
        f"{paid / orders / 100:.2f}",
        f"{fmean(one.least_paid_minor <= minor for one, minor in zip(of, rule_minor, strict=True)):.0%}",
        f"{'> ' if all_weeks.least_paid_minor > paid else ''}{all_weeks.least_share(paid):.1%}",
        reached,
    )


HEADINGS = (
    "placement", f"at most {SHARE_PERMILLE / 10:g} % crossing, yuan an order at least", "the rule's",
    "weeks that leave room", "crossing at the rule's cost, at least", "reached at it by prices alone",
)  # fmt: skip
