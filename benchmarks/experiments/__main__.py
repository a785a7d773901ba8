"""Usage: python -m benchmarks.experiments NAME [--quick] [--write] and the experiment's own options.

--quick is a setting of seconds, which tests hold; --write puts the full setting's figures into docs/experiments.
"""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

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
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--write", action="store_true")
    options = reader.parse_args()
    found = experiment(options.name)(quick=options.quick)
    sys.stdout.write(found.text + "\n")
    if options.write:
        write(options.name, found)
    return 0


def experiment(name: str) -> Callable[..., Found]:
    """The function that runs it; takes `quick`."""
    module = import_module(f"benchmarks.experiments.{EXPERIMENTS[name]}")
    run: Callable[..., Found] = module.run
    return run


if __name__ == "__main__":
    sys.exit(main())
