"""What is preferred, each preference in money or in an order of priority, and what is allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_PACKAGES = 20
COST = "cost_minor"  # the measure that is the sum of all priced terms; always the last level
LATEST_ARRIVAL = "latest_arrival_minutes"  # from the order's placing to its last package's arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One strict priority: minimise `measure`, then never exceed its least value by more than `tolerance`.

    The tolerance is absolute, in the measure's own unit.
    """

    measure: str
    tolerance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Prices of what is not on an invoice, limits, and strict priorities. Money is minor units of the order's currency.

    `split_minor` is paid for every package after the order's first. `lateness_minor_per_hour` is paid by every package
    for every hour or part of one by which it arrives after the promise. `distance_minor_per_km` is paid by every
    package; fractions round half up. `unfilled_minor_per_unit` is paid for every ordered unit that is not shipped.
    `max_packages` lies between 1 and MOST_PACKAGES; in the other limits 0 stands for "no limit".

    These are what every policy says. All other terms and rules are set by name: `settings` has their numbers,
    `words` their lists of words; `docs/dimensions.md` lists them. `off` names terms and rules that are switched off.
    `soft` gives a rule a price per broken package in place of its strictness. `relax` gives a rule the stage (from 1)
    at which it is dropped where the order cannot be filled otherwise. `levels` are strict priorities; money comes last.
    """

    distance_minor_per_km: int = 0
    lateness_minor_per_hour: int = 100
    split_minor: int = 200
    unfilled_minor_per_unit: int = 100_000
    max_packages: int = 5
    max_sources: int = 0
    max_distance_meters: int = 0
    time_limit_ms: int = 2_000
    settings: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    soft: Mapping[str, int] = field(default_factory=dict)
    relax: Mapping[str, int] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    policy_id: str = ""
    version: int = 0

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are minimised one after the other; the last is money."""
        named = tuple(level.measure for level in self.levels)
        return named if COST in named else (*named, COST)


DEFAULT_POLICY = Policy()
