"""Nothing is compiled while a caller waits."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from solver.sourcing.exact.jit import IS_COMPILED
from solver.waves import engine
from solver.waves.engine import search, warm
from solver.waves.limits import Watch, WaveLimits
from tests.waves.engine.cases import random_case


def compiled_functions() -> dict[str, Any]:
    modules = [import_module(f"{engine.__name__}.{module.name}") for module in iter_modules(engine.__path__)]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


@pytest.mark.skipif(not IS_COMPILED, reason="needs numba, the extra `fast`")
def test_after_warming_up_no_wave_compiles_anything() -> None:
    warm()
    before = {name: len(function.signatures) for name, function in compiled_functions().items()}
    assert before["solver.waves.engine.pricing.price_orders"] == 1
    for seed in range(20):
        search(random_case(seed, opening=seed % 2 == 0), WaveLimits(passes=10, moves=20), Watch())
    assert {name: len(function.signatures) for name, function in compiled_functions().items()} == before
