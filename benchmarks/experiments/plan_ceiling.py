"""What plans with hold could reach if deciding, pricing and checking cost nothing.

`python -m benchmarks.experiments.plan_ceiling [--at-once 8] [--calls 1000] [--server "--workers 32"]` loads a server
that is the product's in all but one thing: what it decided once of a basket stands for every later order of it.
Messages are read, plans looked up, rows written, committed and answered as ever; every answer is checked.
"""

import argparse
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import server
from benchmarks.load_world import LoadWorld
from benchmarks.loaders import Callers, closed_loop
from benchmarks.loading import EMPTY, PLAN, ROUNDS, SMALL, WARM_CALLS, empty_requests, whole
from solver.cli.process import STOP_SECONDS
from solver.frozen import changed
from solver.fulfilment.questions import Question
from solver.fulfilment.rounds import Rounds
from solver.sourcing.plan import Plan

_SERVING = "serving on "
Plans = Callable[[Rounds, Sequence[Any]], Iterator[tuple[int, Question, Plan]]]


def decided_beforehand(plans: Plans) -> Plans:
    """The same, of which each basket is decided once; `benchmarks.load_world` names orders by their baskets."""
    known: dict[str, tuple[Question, Plan]] = {}

    def beforehand(rounds: Rounds, parts: Sequence[Any]) -> Iterator[tuple[int, Question, Plan]]:
        baskets = [part.order.order_id.partition("/")[0] for part in parts]
        new = [place for place, basket in enumerate(baskets) if basket not in known]
        for place, question, plan in plans(rounds, [parts[place] for place in new]):
            known[baskets[new[place]]] = question, plan
        for place, (part, basket) in enumerate(zip(parts, baskets, strict=True)):
            question, plan = known[basket]
            yield place, changed(question, order=part.order), changed(plan, order_id=part.order.order_id)

    return beforehand


def _shares(address: str, world: LoadWorld, calls: int, at_once: int) -> Iterator[tuple[float, float]]:
    callers = Callers(addresses=(address,))
    world.check_plans(whole(closed_loop(callers, PLAN, world.plan_requests(4 * WARM_CALLS), at_once)))
    for _ in range(ROUNDS):
        empty = whole(closed_loop(callers, EMPTY, empty_requests(5 * calls), at_once))
        planned = whole(closed_loop(callers, PLAN, world.plan_requests(calls), at_once))
        world.check_plans(planned)
        yield planned.answers_per_second, empty.answers_per_second


def main() -> int:
    """Print the ceiling beside the empty method."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--serve", metavar="FOLDER", help="be the server, until it is told to end")
    parser.add_argument("--calls", type=int, default=1_000, help="calls of a round (default: 1000)")
    parser.add_argument("--at-once", type=int, default=8, help="calls under way at once (default: 8)")
    parser.add_argument("--server", default="", help="further options of server.py, such as '--workers 32'")
    options = parser.parse_args()
    further = shlex.split(options.server)
    if options.serve is not None:
        Rounds._plans = decided_beforehand(Rounds._plans)  # type: ignore[method-assign, assignment]  # the one thing that is other
        return server.main(["--port", "0", "--data", options.serve, *further])
    world = LoadWorld(SMALL, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        world.put_into(Path(folder))
        mine = [sys.executable, "-m", "benchmarks.experiments.plan_ceiling", "--serve", folder]
        with subprocess.Popen([*mine, f"--server={options.server}"], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None, "asked for above"
                address = process.stdout.readline().removeprefix(_SERVING).partition(",")[0]
                found = list(_shares(address, world, options.calls, options.at_once))
            finally:
                process.terminate()
                process.communicate(timeout=STOP_SECONDS)
    plans, empties = (statistics.median(rates) for rates in zip(*found, strict=True))
    share = statistics.median(mine / empty for mine, empty in found)
    sys.stdout.write(f"{options.at_once} calls at once, if deciding cost nothing: {plans:,.0f} plans a second, ")
    sys.stdout.write(f"{share:.2f} of the empty method's {empties:,.0f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
