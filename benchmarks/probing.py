"""A caller who calls at a steady, slow pace while others flood the service."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc

PATIENCE_SECONDS = 1.0
PROBES_PER_SECOND = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One call of a prober: when it was sent, of the monotonic clock, and how long it took; None: it failed."""

    at: float
    seconds: float | None


@dataclass(slots=True, kw_only=True)
class Prober:
    """A caller who calls at a steady, slow pace, whatever comes."""

    address: str
    method: str
    request: bytes
    caller: str
    probes: list[Probe] = field(default_factory=list)
    failures: set[str] = field(default_factory=set)
    ending: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Call until the block ends."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self.ending.set()
            thread.join()

    def between(self, begin: float, end: float) -> list[Probe]:
        """The probes that were sent within this time."""
        return [one for one in self.probes if begin <= one.at < end]

    def _run(self) -> None:
        with grpc.insecure_channel(self.address) as channel:
            method: Any = channel.unary_unary(self.method)
            while not self.ending.wait(1 / PROBES_PER_SECOND):
                begun = time.monotonic()
                try:
                    method(self.request, timeout=PATIENCE_SECONDS, metadata=(("caller", self.caller),))
                    seconds: float | None = time.monotonic() - begun
                except grpc.RpcError as error:
                    self.failures.add(error.code().name)
                    seconds = None
                self.probes.append(Probe(at=begun, seconds=seconds))


def told_of(health: Prober) -> Iterator[str]:
    """How many of its calls were answered, and how soon."""
    asked = [one.seconds for one in health.probes]
    good = sorted(one for one in asked if one is not None)
    p99 = good[min(len(good) - 1, round(0.99 * len(good)))]
    yield f"Health checks all the while: {len(good)} of {len(asked)} answered,"
    yield f"p50 {1000 * good[len(good) // 2]:.1f} ms, p99 {1000 * p99:.1f} ms, slowest {1000 * good[-1]:.1f} ms."
