"""Executors by name: here, processes of this machine, or the workers of a Dask cluster."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from solver.errors import XunyuanError
from solver.waves.parts.hands import HERE, Hands
from solver.waves.parts.pulse import Pulse

KINDS = "serial, processes:NUMBER or dask:ADDRESS"
PATIENCE_SECONDS = 30.0  # with a cluster that has no workers any more; a worker that failed is started anew by then
_SECONDS_TO_CONNECT = 10


@contextmanager
def hands_of(name: str) -> Iterator[Hands]:
    """The executor of this name for as long as it is needed; its own processes end with it, a cluster's do not.

    Raises XunyuanError for a name that says nothing, and where there is no cluster or no Dask.
    """
    kind, _, which = name.partition(":")
    if name == "serial":
        yield HERE
    elif kind == "processes" and which.isdecimal() and int(which):
        spawned = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks in whatever state
        with ProcessPoolExecutor(max_workers=int(which), mp_context=spawned) as executor:
            yield Hands(executor=executor, at_once=int(which))
    elif kind == "dask" and which:
        with _cluster(which) as hands:
            yield hands
    else:
        raise XunyuanError(f"no executor is called {name!r}; there are {KINDS}")


@contextmanager
def _cluster(address: str) -> Iterator[Hands]:
    try:
        from distributed import Client
    except ImportError as error:
        raise XunyuanError("Dask is not installed; it comes with the extra `cluster`") from error
    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise XunyuanError(f"no Dask scheduler answers at {address}") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise XunyuanError(f"the Dask scheduler at {address} has no workers")
        pulse = Pulse(lambda: _threads(client), patience_seconds=PATIENCE_SECONDS)
        yield Hands(executor=client.get_executor(pure=False), at_once=threads, pulse=pulse)


def _threads(client: Any) -> int:
    """How many threads work for the cluster now; 0 where its scheduler is gone."""
    return sum(client.nthreads().values()) if client.status == "running" else 0
