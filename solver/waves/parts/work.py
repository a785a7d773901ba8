"""What is done with a part wherever an executor has it done: functions of their arguments alone, which can be sent."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import WaveCase, WaveFinding
from solver.waves.engine.crew import crew_of
from solver.waves.engine.passes import Passes
from solver.waves.engine.resources import of_resources
from solver.waves.limits import Watch, WaveLimits

WaveEngine: TypeAlias = Callable[[WaveCase, WaveLimits, Watch], WaveFinding]


class Asked(NamedTuple):
    """What a part's orders come to at some prices, and take of its resources, when they care for nothing else."""

    price: int  # thousandths; without what the resources contribute to the Lagrangian function
    used: Ints  # [q]


def solve_part(engine: WaveEngine, case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding:
    """The part's plans and bound, as a wave of its own."""
    return engine(case, limits, watch)


def price_part(case: WaveCase, prices: Sequence[Ints]) -> list[Asked]:
    """What the part's orders ask for at each of these prices, [q] each."""
    with crew_of(case.orders) as crew:
        passes = Passes(case, crew)
        return [_asked(passes, one) for one in prices]


def _asked(passes: Passes, prices: Ints) -> Asked:
    found = passes.at(np.ascontiguousarray(prices))
    return Asked(found.bound - of_resources(passes.resources, prices), found.used)
