"""After warming up nothing is compiled while orders that met, or a batch, wait."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from solver.sourcing.exact.jit import IS_COMPILED
from solver.waves import engine
from solver.waves.limits import WaveLimits
from solver.waves.solve import solve_wave
from solver.waves.warm import warm
from tests.waves.any_wave import any_wave

FEW = WaveLimits(passes=20, moves=30)


def compiled_functions() -> dict[str, Any]:
    """Every compiled function of the engine, by module and name."""
    modules = [import_module(f"{engine.__name__}.{module.name}") for module in iter_modules(engine.__path__)]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


def signatures() -> dict[str, int]:
    return {name: len(function.signatures) for name, function in compiled_functions().items()}


@pytest.mark.skipif(not IS_COMPILED, reason="numba is not installed")
def test_after_warming_up_no_wave_compiles_anything(seed: int) -> None:
    warm()
    before = signatures()
    assert before["solver.waves.engine.anneal.anneal"] == 1
    for number in range(seed, seed + 12):
        solve_wave(any_wave(number, orders=6), limits=FEW)
    assert signatures() == before
