"""After warming up nothing is compiled while orders wait."""

from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.snapshot import inner, warm
from solver.sourcing.snapshot.view import Unknown
from tests.sourcing.fresh import in_a_fresh_process
from tests.sourcing.snapshot.any_world import any_world


def compiled_functions() -> dict[str, Any]:
    """Every compiled function of the inner loops, by module and name."""
    modules = [import_module(f"{inner.__name__}.{module.name}") for module in iter_modules(inner.__path__)]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


def signatures() -> dict[str, int]:
    return {name: len(function.signatures) for name, function in compiled_functions().items()}


def compiled_by_deciding(seed: int) -> tuple[int, int, list[str]]:
    """How often `decide_from` and `decide_both_from` are compiled after warming up, and what by decisions then."""
    warm()
    before = signatures()
    for number in range(seed, seed + 12):
        world = any_world(number)
        snapshot = world.snapshot()
        for order in world.orders:
            snapshot.decide(order)
        snapshot.decide_all(world.orders)
        with suppress(Unknown):
            snapshot.prepared(world.orders[:1]).run_both(snapshot.stock)
    after = signatures()
    decided = before["solver.sourcing.snapshot.inner.decided.decide_from"]
    both = before["solver.sourcing.snapshot.inner.both.decide_both_from"]
    return decided, both, [name for name in after if after[name] != before[name]]


@pytest.mark.skipif(not IS_COMPILED, reason="numba is not installed")
def test_after_warming_up_no_decision_compiles_anything(seed: int) -> None:
    assert in_a_fresh_process(compiled_by_deciding, seed) == (1, 1, [])
