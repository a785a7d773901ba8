"""What a server uses, sample by sample, and whether it stays the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

WARM_UP = 1 / 3  # of the samples, while caches fill
MOST_GROWTH = 0.05  # of the memory, from the end of the warm-up to the last sample
LEAST_GROWTH_BYTES = 8 * 1024 * 1024  # less is noise of the allocator
FILLING_SECONDS, FILLING_BYTES = 300.0, 32 * 1024 * 1024  # in a shorter run caches still fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """At a moment: memory of its own, threads, open files and connections."""

    at_seconds: float
    memory_bytes: int
    threads: int
    files: int


def sample_of(pid: int, at_seconds: float) -> Sample:
    """What a process uses now, as Linux tells. Memory is what nothing else holds (RssAnon), not mapped files."""
    process = Path("/proc") / str(pid)
    said = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return Sample(
        at_seconds=at_seconds,
        memory_bytes=int(said["RssAnon"].split()[0]) * 1024,
        threads=int(said["Threads"]),
        files=len(list((process / "fd").iterdir())),
    )


def growth_bytes(samples: Sequence[Sample]) -> float:
    """How much memory came on after the warm-up: the median of all slopes (Theil and Sen), times the time.

    One peak does not count, a steady rise does. Needs three samples after the warm-up.
    """
    steady = _steady(samples)
    slopes = [
        (later.memory_bytes - earlier.memory_bytes) / (later.at_seconds - earlier.at_seconds)
        for number, earlier in enumerate(steady)
        for later in steady[number + 1 :]
    ]
    return median(slopes) * (steady[-1].at_seconds - steady[0].at_seconds)


def troubles(samples: Sequence[Sample]) -> list[str]:
    """What does not stay the same, in sentences; empty where all is well."""
    steady = _steady(samples)
    usual = median(one.memory_bytes for one in steady)
    found = []
    grown, most = growth_bytes(samples), max(_least_growth(samples), MOST_GROWTH * usual)
    if grown > most:
        found.append(f"memory grew by {grown / 2**20:.1f} MiB, {most / 2**20:.1f} are allowed")
    half = len(steady) // 2
    for name in ("threads", "files"):
        early = max(getattr(one, name) for one in steady[:half])
        late = max(getattr(one, name) for one in steady[half:])
        if late > early * 1.2 + 5:
            found.append(f"{name} went from {early} to {late}")
    return found


def _least_growth(samples: Sequence[Sample]) -> int:
    return LEAST_GROWTH_BYTES if samples[-1].at_seconds >= FILLING_SECONDS else FILLING_BYTES


def _steady(samples: Sequence[Sample]) -> Sequence[Sample]:
    kept = samples[int(len(samples) * WARM_UP) :]
    if len(kept) < 3:
        raise ValueError(f"{len(samples)} samples are too few to tell; soak for longer")
    return kept
