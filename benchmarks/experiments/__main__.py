"""Usage: python -m benchmarks.experiments NAME [--scope quick|short|full] [--processes 2] [--write]

`quick` takes seconds and is held by tests; `short`, the default, takes minutes and tells intervals; `full` is as large
as the literature's settings. --write puts text and plots into docs/experiments.
"""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from benchmarks.experiments.extent import Extent, Scope
from benchmarks.experiments.page import Found, write

EXPERIMENTS = {
    "cross_province": "cross_province",
    "online_small": "online.small",
    "online_large": "online.large",
    "online_few_orders": "online.few_orders",
    "online_wrong_forecast": "online.wrong_forecast",
    "online_hard": "online.hard",
    "regional_stocks": "regional_stocks",
    "ship_from_shops": "ship_from_shops",
    "waiting": "waiting",
    "re_evaluation": "re_evaluation",
}


def main() -> int:
    """Run one, print what it found."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.experiments", description=__doc__)
    reader.add_argument("name", choices=EXPERIMENTS)
    reader.add_argument("--scope", choices=[scope.value for scope in Scope], default=Scope.SHORT.value)
    reader.add_argument("--processes", type=int, default=1, help="that share the work")
    reader.add_argument("--write", action="store_true")
    options = reader.parse_args()
    if options.processes < 1:
        reader.error("--processes: at least 1")
    if options.write and options.scope == Scope.QUICK:
        reader.error("--write: the quick scope's figures are for tests alone")
    found = experiment(options.name)(Extent(scope=Scope(options.scope), processes=options.processes))
    sys.stdout.write(found.text + "\n")
    if options.write:
        write(options.name, found)
    return 0


def experiment(name: str) -> Callable[[Extent], Found]:
    """The function that runs it."""
    module = import_module(f"benchmarks.experiments.{EXPERIMENTS[name]}")
    run: Callable[[Extent], Found] = module.run
    return run


if __name__ == "__main__":
    sys.exit(main())
