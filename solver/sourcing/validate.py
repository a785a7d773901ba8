"""What a sound policy is."""

from solver.errors import Violations
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.validation import MOST_METERS, check_between

MOST_PRICE_MINOR = 1_000_000_000
MOST_TIME_MS = 60_000


def check_policy(policy: Policy, path: str, violations: Violations) -> None:
    """Prices are not negative and limits make sense."""
    for name in ("distance_minor_per_km", "lateness_minor_per_hour", "split_minor", "unfilled_minor_per_unit"):
        check_between(getattr(policy, name), 0, MOST_PRICE_MINOR, f"{path}.{name}", violations)
    check_between(policy.max_packages, 1, MOST_PACKAGES, f"{path}.max_packages", violations)
    check_between(policy.max_sources, 0, MOST_PACKAGES, f"{path}.max_sources", violations)
    check_between(policy.max_distance_meters, 0, MOST_METERS, f"{path}.max_distance_meters", violations)
    check_between(policy.time_limit_ms, 1, MOST_TIME_MS, f"{path}.time_limit_ms", violations)
