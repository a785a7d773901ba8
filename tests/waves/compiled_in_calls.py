"""What is first compiled in a call after warming up: run as a program, as only a fresh process can tell."""

import json
import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import solver.sourcing
import solver.waves
from benchmarks.wave_worlds import wave_world
from solver.sourcing.exact.search import search as decide
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits
from solver.waves.parts.in_parts import InParts
from solver.waves.single_source.search import search as search_single_source
from solver.waves.solve import solve_wave
from solver.waves.warm import warm
from tests.sourcing.exact.cases import random_case as random_order
from tests.sourcing.snapshot.any_world import any_world
from tests.waves.any_wave import any_wave
from tests.waves.engine.cases import random_case
from tests.waves.single_source.by_chance import single_source_case

FEW = WaveLimits(passes=20, moves=30, columns=4)
MANY = 4


def kernels() -> dict[str, Any]:
    """Every compiled function of decisions, by module and name."""
    modules = [
        import_module(found.name)
        for package in (solver.sourcing, solver.waves)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "signatures") and function.__module__ == module.__name__
    }


def orders_alone(seed: int) -> None:
    decide(random_order(seed))


def orders_of_a_snapshot(seed: int) -> None:
    world = any_world(seed)
    snapshot = world.snapshot()
    snapshot.decide_all(world.orders)
    search(lay_out_orders(snapshot, world.orders).case, FEW, Watch())


def tight_waves(seed: int) -> None:
    made = wave_world(seed, orders=30, sources=6, skus=10)
    case = lay_out_orders(made.world.snapshot(), made.orders, made.terms()).case
    search(case, FEW, Watch())
    InParts(most_orders=10)(case, FEW, Watch())


def waves_of_problems(seed: int) -> None:
    solve_wave(any_wave(seed, orders=6), limits=FEW)


def waves_of_arrays(seed: int) -> None:
    search(random_case(seed, opening=seed % 2 == 0), FEW, Watch())


def orders_from_one_source(seed: int) -> None:
    case = single_source_case(seed, orders=8, sources=3)
    search_single_source(case, FEW, Watch())


CALLS: tuple[Callable[[int], None], ...] = (
    orders_alone,
    orders_of_a_snapshot,
    tight_waves,
    waves_of_problems,
    waves_of_arrays,
    orders_from_one_source,
)


def compiled_in_calls(seed: int) -> dict[str, list[str]]:
    """By call, the kernels that it was the first to compile, or to load, for such arguments."""
    known = {name: len(kernel.signatures) for name, kernel in kernels().items()}
    found: dict[str, list[str]] = {}
    for call in CALLS:
        for number in range(MANY * seed, MANY * seed + MANY):
            call(number)
        now = {name: len(kernel.signatures) for name, kernel in kernels().items()}
        found[call.__name__] = sorted(name for name in now if now[name] > known[name])
        known = now
    return found


if __name__ == "__main__":
    warm()
    json.dump(compiled_in_calls(int(sys.argv[1])), sys.stdout)
