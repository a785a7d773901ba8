"""What sound transit times are."""

from itertools import pairwise

from solver.errors import Violations
from solver.network.transit import TransitPool, TransitTimes
from solver.validation import MOST_MINUTES, check_between

MOST_QUANTILES = 1_001
MOST_SAMPLES = 1_000_000_000


def check_transit_times(times: TransitTimes | None, path: str, violations: Violations) -> None:
    """Quantiles ascend within a year, and were seen or are said to be assumed; no times at all are sound."""
    if times is None:
        return
    quantiles, at = times.quantiles_minutes, f"{path}.quantiles_minutes"
    enough = 2 <= len(quantiles) <= MOST_QUANTILES
    violations.require(enough, at, f"{len(quantiles)} quantiles", f"give 2 to {MOST_QUANTILES:,}")
    for position, minutes in enumerate(quantiles):
        check_between(minutes, 0, MOST_MINUTES, f"{at}[{position}]", violations)
    for position, (before, minutes) in enumerate(pairwise(quantiles), start=1):
        violations.require(before <= minutes, f"{at}[{position}]", minutes, f"must not be below {before}, before it")
    check_between(times.sample_count, 0, MOST_SAMPLES, f"{path}.sample_count", violations)
    seen_or_assumed = (times.sample_count == 0) == (times.pooled_from is TransitPool.ASSUMED)
    remedy = "0 where, and only where, pooled_from is assumed"
    violations.require(seen_or_assumed, f"{path}.sample_count", times.sample_count, remedy)
