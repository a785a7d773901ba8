"""A server under mixed load for a long time: calls given up, watchers who hang up, garbage; what it uses stays flat."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.begun import begin
from tests.faults.process import ServerProcess
from tests.faults.soak.actors import Tally, cast
from tests.faults.soak.samples import Sample, growth_bytes, sample_of, troubles
from tests.made_world import made_world

SAMPLES = 120
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What came of it; `troubles` is empty where all is well."""

    calls: int
    given_up: int
    samples: tuple[Sample, ...]
    grown_bytes: float
    troubles: tuple[str, ...]


def soak(folder: Path, seconds: float, seed: int, tell: Callable[[Sample], object] = lambda _: None) -> Soaked:
    """Serve from `folder` and ask for so long; then the books are audited and the server is told to end."""
    begin(folder, made_world(stock=()))
    server = ServerProcess(folder)
    try:
        tally = Tally()
        samples = _asked(server, seconds, seed, tally, tell)
        found = [*tally.troubles[:10], *troubles(samples), *server.discrepancies()]
        code, said = server.end()
        if (code, said) != (0, "stopped\n"):
            found.append(f"the server ended with {code} and said {said!r}")
    finally:
        server.clean_up()
    return Soaked(
        calls=sum(tally.ends.values()),
        given_up=tally.of("CANCELLED", "DEADLINE_EXCEEDED"),
        samples=tuple(samples),
        grown_bytes=growth_bytes(samples),
        troubles=tuple(found),
    )


def _asked(
    server: ServerProcess, seconds: float, seed: int, tally: Tally, tell: Callable[[Sample], object]
) -> list[Sample]:
    over = threading.Event()
    actors = cast(server.port, seed, tally, over)
    for actor in actors:
        actor.start()
    began, samples = time.monotonic(), []
    try:
        while (passed := time.monotonic() - began) < seconds and server.process.poll() is None:
            samples.append(sample_of(server.process.pid, at_seconds=passed))
            tell(samples[-1])
            time.sleep(seconds / SAMPLES)
    finally:
        over.set()
        for actor in actors:
            actor.join(PATIENCE_SECONDS)
    tally.troubles.extend(f"{actor.name} never ended" for actor in actors if actor.is_alive())
    return samples
