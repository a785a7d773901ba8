"""The same case, seed and work limits give the same answer on any number of threads, and without machine code."""

import os
import subprocess
import sys

import numpy as np
import pytest

from solver.sourcing.exact.jit import IS_COMPILED
from solver.waves.case import WaveFinding
from solver.waves.engine import narrowing, planning, promising
from solver.waves.engine.search import search
from solver.waves.limits import Watch, WaveLimits
from tests.waves.engine.cases import random_case

_WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from tests.waves.engine.test_same_everywhere import small, told
from solver.sourcing.exact.jit import IS_COMPILED
assert not IS_COMPILED
print(told(small()))
"""


def told(found: WaveFinding) -> str:
    """All that an answer says."""
    branches = [(*branch[:-1], branch.prices.tolist()) for branch in found.branches]
    rest = found._replace(branches=())
    return repr([branches, *(values.tolist() if isinstance(values, np.ndarray) else values for values in rest)])


def small() -> WaveFinding:
    """The answer to a small wave of everything."""
    case = random_case(7, orders=12, sources=5, skus=8, opening=True)
    return search(case, WaveLimits(passes=12, moves=10, columns=4, branches=3), Watch())


@pytest.mark.skipif(not IS_COMPILED, reason="needs numba, the extra `fast`")
def test_without_machine_code_the_answer_is_the_same() -> None:
    command = [sys.executable, "-c", _WITHOUT_NUMBA]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == told(small())


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the number of processors cannot be told")
def test_one_thread_and_two_give_the_same_answer_in_halves_and_with_few_entries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "_WORTH_PARTING", 100)
    monkeypatch.setattr(planning, "_ORDERS_PER_MASTER", 150)
    monkeypatch.setattr(promising, "_ENTRIES_PER_UNIT", 2)
    monkeypatch.setattr(narrowing, "_WORTH_IT", 1.0)
    case = random_case(9, orders=500, sources=12, skus=40)
    answers = []
    for processors in ({0}, {0, 1}):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, processors=processors: processors)
        answers.append(told(search(case, WaveLimits(passes=20, moves=20, columns=2), Watch())))
    assert answers[0] == answers[1]
