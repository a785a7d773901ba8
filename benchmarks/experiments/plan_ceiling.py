"""What plans with hold could reach if deciding, pricing and checking cost nothing.

`python -m benchmarks.experiments.plan_ceiling [--of plans|batches] [--at-once 8] [--calls 1000] [--server "..."]` loads
a server that is the product's in all but one thing: what it decided once of a basket stands for every later order of
it. Messages are read, plans looked up, rows written, committed and answered as ever; every answer is checked.
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
from benchmarks.loading import BATCH, BATCH_ORDERS, EMPTY, PLAN, ROUNDS, SMALL, WARM_CALLS, empty_requests, whole
from solver.cli.process import STOP_SECONDS
from solver.frozen import changed
from solver.fulfilment.batching.jointly import Jointly, SecondsLeft
from solver.fulfilment.questions import Question
from solver.fulfilment.rounds import Rounds
from solver.sourcing.plan import Plan

_SERVING = "serving on "
Plans = Callable[[Rounds, Sequence[Any]], Iterator[tuple[int, Question, Plan]]]
Alone = Callable[[Jointly, Sequence[Question], SecondsLeft], list[Plan] | None]


def decided_beforehand(plans: Plans) -> Plans:
    """The same, of which each basket is decided once; `benchmarks.load_world` names orders by their baskets."""
    known: dict[str, tuple[Question, Plan]] = {}

    def beforehand(rounds: Rounds, parts: Sequence[Any]) -> Iterator[tuple[int, Question, Plan]]:
        baskets = [_basket(part.order.order_id) for part in parts]
        new = [place for place, basket in enumerate(baskets) if basket not in known]
        for place, question, plan in plans(rounds, [parts[place] for place in new]):
            known[baskets[new[place]]] = question, plan
        for place, (part, basket) in enumerate(zip(parts, baskets, strict=True)):
            question, plan = known[basket]
            yield place, changed(question, order=part.order), changed(plan, order_id=part.order.order_id)

    return beforehand


def alone_beforehand(alone: Alone) -> Alone:
    """The same for orders of batches."""
    known: dict[str, Plan] = {}

    def beforehand(jointly: Jointly, questions: Sequence[Question], seconds_left: SecondsLeft) -> list[Plan] | None:
        order_ids = [question.order.order_id for question in questions]
        new = {_basket(order_id): question for order_id, question in zip(order_ids, questions, strict=True)}
        asked = {basket: question for basket, question in new.items() if basket not in known}
        if asked:
            plans = alone(jointly, list(asked.values()), seconds_left)
            if plans is None:
                return None
            known.update(zip(asked, plans, strict=True))
        return [changed(known[_basket(order_id)], order_id=order_id) for order_id in order_ids]

    return beforehand


def _basket(order_id: str) -> str:
    return order_id.partition("/")[0]


def _batches_shares(address: str, world: LoadWorld, calls: int, at_once: int) -> Iterator[tuple[float, float]]:
    """Orders of batches a second, and answers of the empty method."""
    callers = Callers(addresses=(address,))
    world.check_batches(whole(closed_loop(callers, BATCH, world.batch_requests(8, BATCH_ORDERS), at_once)))
    for _ in range(ROUNDS):
        empty = whole(closed_loop(callers, EMPTY, empty_requests(5 * calls), at_once))
        planned = whole(closed_loop(callers, BATCH, world.batch_requests(max(4, calls // 20), BATCH_ORDERS), at_once))
        world.check_batches(planned)
        yield BATCH_ORDERS * planned.answers_per_second, empty.answers_per_second


def _shares(address: str, world: LoadWorld, calls: int, at_once: int) -> Iterator[tuple[float, float]]:
    """Plans a second, and answers of the empty method."""
    callers = Callers(addresses=(address,))
    world.check_plans(whole(closed_loop(callers, PLAN, world.plan_requests(4 * WARM_CALLS), at_once)))
    for _ in range(ROUNDS):
        empty = whole(closed_loop(callers, EMPTY, empty_requests(5 * calls), at_once))
        planned = whole(closed_loop(callers, PLAN, world.plan_requests(calls), at_once))
        world.check_plans(planned)
        yield planned.answers_per_second, empty.answers_per_second


SHARES = {"plans": _shares, "batches": _batches_shares}


def main() -> int:
    """Print the ceiling beside the empty method."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--serve", metavar="FOLDER", help="be the server, until it is told to end")
    parser.add_argument("--of", choices=SHARES, default="plans", help="lone plans, or orders of batches of 100")
    parser.add_argument("--calls", type=int, default=1_000, help="calls of a round (default: 1000)")
    parser.add_argument("--at-once", type=int, default=8, help="calls under way at once (default: 8)")
    parser.add_argument("--server", default="", help="further options of server.py, such as '--workers 32'")
    options = parser.parse_args()
    further = shlex.split(options.server)
    if options.serve is not None:
        Rounds._plans = decided_beforehand(Rounds._plans)  # type: ignore[method-assign, assignment]  # the one thing that is other
        Jointly._alone = alone_beforehand(Jointly._alone)  # type: ignore[method-assign, assignment]  # and the same of batches
        return server.main(["--port", "0", "--data", options.serve, *further])
    world = LoadWorld(SMALL, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        world.put_into(Path(folder))
        mine = [sys.executable, "-m", "benchmarks.experiments.plan_ceiling", "--serve", folder]
        with subprocess.Popen([*mine, f"--server={options.server}"], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None, "asked for above"
                address = process.stdout.readline().removeprefix(_SERVING).partition(",")[0]
                found = list(SHARES[options.of](address, world, options.calls, options.at_once))
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
