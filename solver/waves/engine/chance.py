"""Pseudo-random numbers that are the same in machine code and without: Park and Miller's generator.

Its state is an array of one number between 1 and 2^31 - 2.
"""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.engine.machine_code import compiled

MODULUS = 2**31 - 1
_MULTIPLIER = 48271


def chance_of(*seed: int) -> Ints:
    """A generator that starts at its own place for each seed."""
    drawn = np.random.SeedSequence(list(seed)).generate_state(1)
    return np.array([1 + int(drawn[0]) % (MODULUS - 1)], dtype=np.int64)


@compiled
def drawn(chance: Ints) -> int:
    """The next number, 1 to MODULUS - 1."""
    chance[0] = chance[0] * _MULTIPLIER % MODULUS
    return int(chance[0])


@compiled
def below(chance: Ints, bound: int) -> int:
    """A number from 0 to `bound` - 1; `bound` is less than 2^31."""
    return drawn(chance) * bound // MODULUS
