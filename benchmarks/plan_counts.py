"""What a plan with hold, and a promise, is made of, in counts that no other work on the machine changes.

`python -m benchmarks.plan_counts` prints function calls and statements of a plan alone, of an order of a batch and of a
promise, in one process without gRPC, on the network of `benchmarks.loading`; and what a promise takes of the processor.
Each answer is checked first.
"""

import argparse
import cProfile
import gc
import pstats
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.latencies import Latencies
from benchmarks.load_world import LoadWorld, Size
from benchmarks.loaders import Loaded
from benchmarks.loading import BATCH_ORDERS, SMALL
from solver.api.batches import BatchServicer
from solver.api.sourcing import SourcingServicer
from solver.app import Application
from solver.clock import SystemClock
from solver.gen.xunyuan.sourcing.v1 import batch_pb2, sourcing_pb2

PLANS = 100
PROMISES = 1_000
WARM_PLANS = 100  # until all accounts of commitments are open, and all memory of SKUs is there
_STATEMENTS = ("<method 'execute' of 'apsw.Connection' objects>", "<method 'executemany' of 'apsw.Connection' objects>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one order, on average: calls of functions, Python's and others', and statements with those of transactions."""

    calls: float
    statements: float


class Call:
    """What a servicer asks of the context of a call that is answered at once."""

    def time_remaining(self) -> float:
        """Seconds until the deadline."""
        return 60.0


def servicer(application: Application) -> SourcingServicer:
    """What answers the calls of sourcing."""
    return SourcingServicer(
        application.planner,
        application.made_plans,
        application.confirming,
        application.policies,
        application.clock,
    )


def counted(answer: Callable[[Any, Any], Any], requests: Sequence[Any], orders: int) -> tuple[list[Any], Counts]:
    """The answers, and what they took of each of so many orders."""
    profile = cProfile.Profile()
    profile.enable()
    answers = [answer(request, Call()) for request in requests]
    profile.disable()
    stats: Any = pstats.Stats(profile)
    statements = sum(of[1] for (_, _, name), of in stats.stats.items() if name in _STATEMENTS)
    return answers, Counts(calls=stats.total_calls / orders, statements=statements / orders)


def counts(size: Size, seed: int, plans: int = PLANS) -> Iterator[tuple[str, Counts]]:
    """Of a plan alone and of an order of a batch, on a network of the size."""
    world = LoadWorld(size, seed)
    with tempfile.TemporaryDirectory() as folder:
        world.put_into(Path(folder))
        with closing(Application.open(Path(folder), SystemClock())) as application:
            application.planner.make_ready()
            alone = servicer(application).PlanFulfillment
            read = sourcing_pb2.PlanFulfillmentRequest.FromString
            for request in world.plan_requests(WARM_PLANS):
                alone(read(request), Call())  # type: ignore[arg-type]  # no context of gRPC's
            answers, of = counted(alone, [read(one) for one in world.plan_requests(plans)], plans)
            world.check_plans(_loaded(answers))
            yield "plan alone", of
            together = BatchServicer(application.batches, application.operations, application.clock).PlanBatch
            orders = [batch_pb2.PlanBatchRequest.FromString(one) for one in world.batch_requests(2, BATCH_ORDERS)]
            counted(together, orders[:1], BATCH_ORDERS)
            answers, of = counted(together, orders[1:], BATCH_ORDERS)
            world.check_batches(_loaded(answers))
            yield f"order of a batch of {BATCH_ORDERS}", of
            promise = servicer(application).Promise
            wishes = [sourcing_pb2.PromiseRequest.FromString(one) for one in world.promise_requests(2 * plans)]
            counted(promise, wishes[:plans], plans)
            answers, of = counted(promise, wishes[plans:], plans)
            world.check_promises(_loaded(answers))
            yield "promise", of


def promise_seconds(size: Size, seed: int, promises: int = PROMISES) -> list[float]:
    """What each of so many promises takes of the processor, from the bytes of the request to those of the answer."""
    world = LoadWorld(size, seed)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        world.put_into(Path(folder))
        with closing(Application.open(Path(folder), SystemClock())) as application:
            application.planner.make_ready()
            promise: Any = servicer(application).Promise
            gc.freeze()  # as a server does
            for number, request in enumerate(world.promise_requests(WARM_PLANS + promises)):
                begun = time.process_time()
                promise(sourcing_pb2.PromiseRequest.FromString(request), Call()).SerializeToString()
                if number >= WARM_PLANS:
                    seconds.append(time.process_time() - begun)
    return seconds


def _loaded(answers: Sequence[Any]) -> Loaded:
    return Loaded(
        seconds=0.0,
        answers={number: one.SerializeToString() for number, one in enumerate(answers)},
        failures=Counter(),
        latencies=Latencies(),
        processor_seconds=0.0,
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="of the network and the orders (default: 1)")
    options = parser.parse_args()
    sys.stdout.write(f"{SMALL.lines} lines x {SMALL.sources:,} sources, seed {options.seed}\n\n")
    sys.stdout.write("| of one order | calls of functions | statements |\n|---|---:|---:|\n")
    for name, of in counts(SMALL, options.seed):
        sys.stdout.write(f"| {name} | {of.calls:,.0f} | {of.statements:.1f} |\n")
    taken = statistics.median(promise_seconds(SMALL, options.seed))
    sys.stdout.write(f"\nA promise takes {1000 * taken:.2f} ms of the processor (median of {PROMISES:,}).\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
