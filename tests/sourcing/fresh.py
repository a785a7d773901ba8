"""A process of its own, for what depends on what has run before."""

from collections.abc import Callable
from multiprocessing import get_context
from typing import TypeVar

Answer = TypeVar("Answer")


def in_a_fresh_process(function: Callable[[int], Answer], seed: int) -> Answer:
    """The answer of a module's function in a process that has run nothing else."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, (seed,))
