"""The nouns of values of stock: how they are reckoned, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from solver.errors import Violations
from solver.validation import check_between

MOST_AGE = timedelta(days=1)  # older values count for nothing: stock and demand have moved on
MOST_MINUTES, MOST_DAYS, MOST_FUTURES, WHOLE = 24 * 60, 90, 64, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StockValuing:
    """How values are reckoned. `is_on` False: none are, and none count, whatever policies say.

    They are reckoned anew when they are `refresh_minutes` old, or when so many thousandths of the stock that they were
    reckoned on have come or gone; for the orders that are expected within `ahead_days`. Each time they are means over
    `futures` that are drawn, in which `kept_permille` of those before stays; `own_process`: not in that of the calls.
    """

    is_on: bool = True
    refresh_minutes: int = 15
    moved_permille: int = 50
    ahead_days: int = 7
    futures: int = 8
    kept_permille: int = 0
    own_process: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StockValues:
    """What units left behind are worth under one policy, by SKU and source in minor units, and how that came about.

    `trusted_permille` is the share of the prices that a rehearsal found to help; 0: stock is in balance, and nothing is
    worth anything. `units` lay at their places at that moment.
    """

    version: int
    policy_digest: str
    policy_id: str = ""
    policy_version: int = 0
    reckoned_at: datetime
    expected_until: datetime
    orders_seen: int
    trusted_permille: int
    reckoning_micros: int
    units: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedPolicy:
    """A policy that minds values, and those that it has; `version` 0: none yet. `places` are worth something."""

    policy_id: str
    policy_version: int
    version: int = 0
    reckoned_at: datetime | None = None
    age_seconds: int = 0
    expected_until: datetime | None = None
    orders_seen: int = 0
    trusted_permille: int = 0
    reckoning_micros: int = 0
    moved_permille: int = 0
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StockValue:
    """What a unit is worth where it lies, and how many lay there when that was reckoned."""

    sku: str
    site_id: str
    value_minor: int
    units: int


def check_valuing(valuing: StockValuing, path: str, violations: Violations) -> None:
    """Every number within its bounds."""
    check_between(valuing.refresh_minutes, 1, MOST_MINUTES, f"{path}.refresh_minutes", violations)
    check_between(valuing.moved_permille, 1, WHOLE, f"{path}.moved_permille", violations)
    check_between(valuing.ahead_days, 1, MOST_DAYS, f"{path}.ahead_days", violations)
    check_between(valuing.futures, 1, MOST_FUTURES, f"{path}.futures", violations)
    check_between(valuing.kept_permille, 0, WHOLE - 1, f"{path}.kept_permille", violations)
