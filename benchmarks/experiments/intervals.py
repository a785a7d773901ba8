"""How sure a mean is."""

import math
from collections.abc import Sequence
from statistics import stdev

from scipy.stats import t as student

_CONFIDENCE = 0.975


def margin(values: Sequence[float]) -> float:
    """Half of the 95 % confidence interval of their mean (Student's); 0 for a single value, which tells none."""
    if len(values) < 2:
        return 0.0
    return float(student.ppf(_CONFIDENCE, len(values) - 1)) * stdev(values) / math.sqrt(len(values))
