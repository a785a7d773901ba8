"""What is preferred, each preference in money, and what is allowed."""

from dataclasses import dataclass

MOST_PACKAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Prices of what is not on an invoice, and limits. Every weight is in minor units of the order's currency.

    `split_minor` is paid for every package after the order's first. `lateness_minor_per_hour` is paid by every package
    for every hour or part of one by which it arrives after the promise. `distance_minor_per_km` is paid by every
    package; fractions round half up. `unfilled_minor_per_unit` is paid for every ordered unit that is not shipped.
    `max_packages` lies between 1 and MOST_PACKAGES; in the other limits 0 stands for "no limit".
    """

    distance_minor_per_km: int = 0
    lateness_minor_per_hour: int = 100
    split_minor: int = 200
    unfilled_minor_per_unit: int = 100_000
    max_packages: int = 5
    max_sources: int = 0
    max_distance_meters: int = 0
    time_limit_ms: int = 2_000


DEFAULT_POLICY = Policy()
