"""From measured times of two versions to a verdict on each benchmark.

A *block* is a pair of fresh processes, one of each version, that take turns; from its turns comes one number, by how
much the new one takes longer. What differs from process to process (where memory lies, how names are hashed) is noise
between blocks, so blocks are what is counted: the interval is Student's over their logarithms. As many benchmarks are
looked at together, and some are looked at twice, each interval is widened so that with all of them the chance of one
false alarm is at most `FALSE_ALARMS`.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy.stats import t

FALSE_ALARMS = 0.05  # of a whole comparison
LOOKS = 2  # what is not clear after the first blocks is looked at once more, with further ones
MATTERS = 0.10  # a change of so much is one; what is surely less is none
SURELY = 0.05  # a change is told where it is surely more than this


class Verdict(StrEnum):
    """What became of a benchmark."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How many times as long the new version takes: the estimate, and between what it surely lies."""

    name: str
    verdict: Verdict
    times: float
    low: float
    high: float
    blocks: int


def ratio_of_block(old: Sequence[float], new: Sequence[float]) -> float:
    """How many times as long the new version takes: the median over turns, each beside its neighbour.

    Raises ValueError where a version has no turn, or another number of them.
    """
    if not old or len(old) != len(new):
        raise ValueError(f"{len(old)} turns of the old version and {len(new)} of the new one; give as many of each")
    return math.exp(statistics.median(math.log(b / a) for a, b in zip(old, new, strict=True)))


def judged(name: str, ratios: Sequence[float], benchmarks: int, looks: int = LOOKS) -> Judged:
    """The verdict on one of so many benchmarks from the ratios of its blocks. Fewer than two decide nothing."""
    logs = [math.log(one) for one in ratios]
    middle = statistics.fmean(logs)
    wide = _half_width(logs, FALSE_ALARMS / benchmarks / looks)
    low, high = math.exp(middle - wide), math.exp(middle + wide)
    return Judged(
        name=name, verdict=_verdict(low, high), times=math.exp(middle), low=low, high=high, blocks=len(ratios)
    )


def judged_apart(name: str, old: Sequence[float], new: Sequence[float], benchmarks: int) -> Judged:
    """The verdict where the two versions were measured at different times: Welch's interval over their processes.

    Each number is a process's median time by that of the calibration loop beside it.
    """
    before, after = ([math.log(one) for one in side] for side in (old, new))
    middle = statistics.fmean(after) - statistics.fmean(before)
    parts = [statistics.variance(side) / len(side) for side in (before, after) if len(side) > 1]
    wide = math.inf
    if len(parts) == 2:
        freedom = (
            sum(parts) ** 2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, (before, after), strict=True))
            if sum(parts)
            else 1.0
        )
        wide = float(t.ppf(1 - FALSE_ALARMS / benchmarks / 2, freedom)) * math.sqrt(sum(parts))
    low, high = math.exp(middle - wide), math.exp(min(700.0, middle + wide))
    return Judged(
        name=name,
        verdict=_verdict(low, high),
        times=math.exp(middle),
        low=low,
        high=high,
        blocks=min(len(old), len(new)),
    )


def _half_width(logs: Sequence[float], chance: float) -> float:
    """Half the interval outside of which the mean lies with this chance, in logarithms."""
    if len(logs) < 2:
        return 700.0
    quantile = float(t.ppf(1 - chance / 2, len(logs) - 1))
    return min(700.0, quantile * statistics.stdev(logs) / math.sqrt(len(logs)))


def _verdict(low: float, high: float) -> Verdict:
    if low > 1 + SURELY:
        return Verdict.SLOWER
    if high < 1 / (1 + SURELY):
        return Verdict.FASTER
    if low > 1 / (1 + MATTERS) and high < 1 + MATTERS:
        return Verdict.SAME
    return Verdict.UNDECIDED
