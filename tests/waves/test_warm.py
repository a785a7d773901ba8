"""After warming up nothing is compiled while orders wait, alone, met, in a batch, or in parts of one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solver.sourcing.exact.jit import IS_COMPILED
from tests.waves.compiled_in_calls import CALLS, kernels

ROOT = Path(__file__).parents[2]
ROOMS = ("solver.sourcing.exact", "solver.sourcing.snapshot", "solver.waves.engine", "solver.waves.laying",
         "solver.waves.single_source")  # fmt: skip

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="needs numba, the extra `fast`")


def test_after_warming_up_no_call_compiles_anything(seed: int) -> None:
    command = [sys.executable, "-m", "tests.waves.compiled_in_calls", str(seed)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    assert json.loads(done.stdout) == {call.__name__: [] for call in CALLS}


def test_the_kernels_of_every_room_are_watched() -> None:
    assert {room for room in ROOMS for name in kernels() if name.startswith(f"{room}.")} == set(ROOMS)
