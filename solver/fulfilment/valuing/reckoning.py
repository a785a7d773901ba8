"""Values reckoned from all that they follow from: here, or in a process of its own that gives way to callers.

What a thread reckons for seconds keeps callers' threads of the same process waiting for the interpreter again and
again; another process does not.
"""

import os
import signal
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from solver.catalog.catalog import Catalog
from solver.foresight.seen_orders import Kind
from solver.foresight.stock_values import StockValuer, ValuerState
from solver.fulfilment.question import UnitsBySource, network_problem
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem

_WAY = 10  # how much nicer than callers


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be reckoned, as `StockValuer` takes it; `state` is what the reckoning before left."""

    network: Network
    catalog: Catalog
    policy: Policy
    units: UnitsBySource
    expected: Mapping[Kind, float]
    like: Order
    seen: int
    seed: int
    futures: int
    kept: float
    state: ValuerState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """Values by SKU and source, how far prices were trusted, and what the next reckoning goes on from."""

    values: Mapping[str, Mapping[str, int]]
    share: float
    state: ValuerState


def reckoned(job: Job) -> Reckoned:
    """Reckon it here."""
    ask = partial(_ask, job.catalog, job.policy)
    valuer = StockValuer(job.network, job.catalog, job.policy, ask, job.seed, futures=job.futures, kept=job.kept)
    if job.state is not None:
        valuer.restore(job.state)
    values = valuer.values(job.units, job.expected, job.like, job.seen)
    return Reckoned(values=values, share=valuer.share, state=valuer.state())


def reckoned_apart(job: Job) -> Reckoned:
    """The same in a process that is begun for it, so that its memory is there no longer than that."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_give_way) as pool:
        return pool.submit(reckoned, job).result()


def _give_way() -> None:
    """Callers go first; who interrupts the service is answered by the service."""
    os.nice(_WAY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ask(catalog: Catalog, policy: Policy, order: Order, network: Network, available: UnitsBySource) -> Problem:
    return network_problem(order, catalog, network, available, available, policy)
