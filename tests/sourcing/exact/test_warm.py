"""Nothing is compiled while a caller waits."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from solver.sourcing import exact
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.exact.warm import warm
from tests.sourcing.exact.cases import random_case
from tests.sourcing.fresh import in_a_fresh_process


def compiled_functions() -> dict[str, Any]:
    """Every compiled function of the engine, by module and name."""
    modules = [import_module(f"{exact.__name__}.{module.name}") for module in iter_modules(exact.__path__)]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


def signatures() -> dict[str, int]:
    return {name: len(function.signatures) for name, function in compiled_functions().items()}


def compiled_by_searching(seed: int) -> tuple[int, list[str]]:
    """How often `relax` is compiled after warming up, and what is compiled by searches then."""
    warm()
    before = signatures()
    for number in range(seed, seed + 100):
        search(random_case(number))
        search(random_case(number), limits=Limits(states=0, loads=200))  # as quantities too large to be counted
    after = signatures()
    return before["solver.sourcing.exact.kernel.relax"], [name for name in after if after[name] != before[name]]


@pytest.mark.skipif(not IS_COMPILED, reason="needs numba, the extra `fast`")
def test_after_warming_up_no_search_compiles_anything(seed: int) -> None:
    assert in_a_fresh_process(compiled_by_searching, seed) == (1, [])
