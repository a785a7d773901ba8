"""What is sound in a scenario's head: names, times, disturbances, thresholds, and what draws its orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from solver.errors import Violations
from solver.money import is_currency
from solver.network.check_time import check_time_zone
from solver.orders.validate import MOST_LINES
from solver.scenario.metric_names import ALL_METRICS
from solver.scenario.model import Disturbance, Horizon, Scenario, Trouble
from solver.scenario.names import Names
from solver.scenario.shape import meant
from solver.sourcing.validate import check_policy
from solver.validation import MOST_MINOR, MOST_MINUTES, MOST_UNITS, check_between, check_id, check_reference, check_time

MOST_ORDERS_PER_DAY = 10_000_000
MOST_CUSTOMERS = 10_000_000
MOST_WEIGHT = 1_000_000_000
MOST_SURGE_PERMILLE = 1_000_000
_WHOLE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What a trouble befalls (one of these fields), and the number that says how much, within its limits."""

    targets: tuple[str, ...]
    amount: str = ""
    most: int = 0


_KINDS = {
    Trouble.CARRIER_DOWN: _Kind(targets=("service_id", "carrier_id")),
    Trouble.CARRIER_CONGESTED: _Kind(targets=("service_id", "carrier_id"), amount="extra_minutes", most=MOST_MINUTES),
    Trouble.SOURCE_CLOSED: _Kind(targets=("source_id",)),
    Trouble.SOURCE_SLOW: _Kind(targets=("source_id",), amount="extra_minutes", most=MOST_MINUTES),
    Trouble.REJECTIONS: _Kind(targets=("source_id",), amount="permille", most=_WHOLE),
    Trouble.DEMAND_SURGE: _Kind(targets=("region_id",), amount="permille", most=MOST_SURGE_PERMILLE),
}
_TARGETS = ("service_id", "carrier_id", "source_id", "region_id")


def check_head(scenario: Scenario, violations: Violations) -> None:
    """The name, the currency, the policy, the horizon and the thresholds."""
    check_id(scenario.name, "name", violations)
    violations.require(is_currency(scenario.currency), "currency", scenario.currency, "give an ISO 4217 code: CNY")
    check_policy(scenario.policy, "policy", violations)
    if scenario.horizon is not None:
        _check_span(scenario.horizon, "horizon", violations)
    both = scenario.generator is not None and scenario.orders
    violations.require(not both, "generator", "and orders", "list the orders or draw them, not both")
    for position, threshold in enumerate(scenario.thresholds):
        at = f"thresholds[{position}]"
        known = threshold.metric in ALL_METRICS
        violations.require(
            known, f"{at}.metric", threshold.metric, f"there is no such metric; {meant(threshold.metric, ALL_METRICS)}"
        )
        says = threshold.at_least is not None or threshold.at_most is not None
        violations.require(says, at, threshold.metric, "give at_least, at_most or both")
        if threshold.at_least is not None and threshold.at_most is not None:
            within = threshold.at_least <= threshold.at_most
            violations.require(within, f"{at}.at_most", threshold.at_most, "give no less than at_least")


def check_disturbances(scenario: Scenario, known: Names, violations: Violations) -> None:
    """Each ends after it begins, and befalls something that there is."""
    for position, one in enumerate(scenario.disturbances):
        at = f"disturbances[{position}]"
        _check_span(one, at, violations)
        _check_target(one, known, at, violations)
        kind = _KINDS[one.trouble]
        for amount in ("extra_minutes", "permille"):
            value = getattr(one, amount)
            if amount == kind.amount:
                check_between(value, 1, kind.most, f"{at}.{amount}", violations)
            else:
                violations.require(not value, f"{at}.{amount}", value, f"{one.trouble} has none; leave it out")
        drawn = scenario.generator is not None or one.trouble is not Trouble.DEMAND_SURGE
        violations.require(drawn, at, str(one.trouble), "only drawn orders can surge; give a generator")


def check_generator(scenario: Scenario, known: Names, violations: Violations) -> None:
    """Weights of things that there are; a horizon says how long orders are drawn."""
    one = scenario.generator
    if one is None:
        return
    at = "generator"
    said = scenario.horizon is not None
    violations.require(said, "horizon", None, "a generator needs one: from when until when are orders drawn?")
    check_between(one.orders_per_day, 1, MOST_ORDERS_PER_DAY, f"{at}.orders_per_day", violations)
    check_time_zone(one.time_zone, f"{at}.time_zone", violations)
    check_between(one.customers_per_region, 0, MOST_CUSTOMERS, f"{at}.customers_per_region", violations)
    check_between(one.promised_within_hours, 0, MOST_MINUTES // 60, f"{at}.promised_within_hours", violations)
    _check_weights(one.lines, f"{at}.lines", violations, low=1, high=MOST_LINES)
    _check_weights(one.quantities, f"{at}.quantities", violations, low=1, high=MOST_UNITS)
    _check_weights(one.hours, f"{at}.hours", violations, low=0, high=23, may_be_empty=True)
    for name, weights, there in (
        ("skus", one.skus, known.items),
        ("regions", one.regions, known.regions),
        ("prices_minor", one.prices_minor, known.items),
    ):
        for key, weight in weights.items():
            path = f"{at}.{name}.{key}"
            check_between(weight, 0, MOST_MINOR if name == "prices_minor" else MOST_WEIGHT, path, violations)
            violations.require(
                key in there, path, key, f"there is no such name; {meant(key, there)}".removesuffix("; ")
            )


def _check_span(span: Horizon | Disturbance, path: str, violations: Violations) -> None:
    check_time(span.starts_at, f"{path}.starts_at", violations)
    check_time(span.ends_at, f"{path}.ends_at", violations)
    forward = _later(span.ends_at, span.starts_at)
    violations.require(forward, f"{path}.ends_at", span.ends_at.isoformat(), "must come after starts_at")


def _later(one: datetime, than: datetime) -> bool:
    return one.tzinfo is None or than.tzinfo is None or one > than


def _check_target(one: Disturbance, known: Names, path: str, violations: Violations) -> None:
    there = {
        "service_id": known.services,
        "carrier_id": known.carriers,
        "source_id": known.sources,
        "region_id": known.regions,
    }
    kind = _KINDS[one.trouble]
    for name in _TARGETS:
        value = getattr(one, name)
        if value and name not in kind.targets:
            violations.add(f"{path}.{name}", value, f"{one.trouble} befalls {' or '.join(kind.targets)}; leave it out")
        elif value:
            check_reference(value, there[name], name.removesuffix("_id"), f"{path}.{name}", violations)
    named = [name for name in kind.targets if getattr(one, name)]
    everywhere = one.trouble is Trouble.DEMAND_SURGE and not named
    if len(named) != 1 and not everywhere:
        violations.add(path, str(one.trouble), f"give {' or '.join(kind.targets)}, and one alone")


def _check_weights(
    weights: Mapping[int, int], path: str, violations: Violations, *, low: int, high: int, may_be_empty: bool = False
) -> None:
    for key, weight in weights.items():
        check_between(key, low, high, f"{path}.{key}", violations)
        check_between(weight, 0, MOST_WEIGHT, f"{path}.{key}", violations)
    some = any(weights.values()) or (may_be_empty and not weights)
    violations.require(some, path, dict(weights), "give at least one weight above 0")
