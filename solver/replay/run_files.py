"""A run on disk: `run.json` with its settings and figures, `orders.jsonl.gz` with what became of each order."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from solver.errors import Violations
from solver.replay.hindsight import Hindsight
from solver.replay.metrics import Metrics
from solver.replay.outcome import Outcome
from solver.scenario.model import Scenario
from solver.scenario.plain import plain

RUN_FILE, ORDERS_FILE = "run.json", "orders.jsonl.gz"
_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was run, and what it came to. Runs of one `scenario_digest` and seed had the same orders and troubles."""

    scenario: str
    scenario_digest: str
    currency: str
    policy: str
    seed: int
    metrics: Metrics
    hindsight: Hindsight | None = None  # where it was asked for, and can be told


def digest_of(scenario: Scenario) -> str:
    """Says which scenario it was, but for its policy: that is what runs differ in."""
    values = plain(scenario)
    values.pop("policy", None)
    return sha256(_encode(values)).hexdigest()


def write_run(folder: Path, run: Run, outcomes: Iterable[Outcome]) -> None:
    """Write a run's folder; the same run gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(folder / ORDERS_FILE, "wb", compresslevel=6, mtime=0) as file:
        for outcome in outcomes:
            file.write(_encode(outcome) + b"\n")
    (folder / RUN_FILE).write_bytes(msgspec.json.format(_encode(run), indent=2) + b"\n")


def read_run(folder: Path) -> Run:
    """A run's settings and figures. Raises InvalidRequest where the folder has none."""
    violations = Violations()
    path = folder / RUN_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Run)
    except OSError as error:
        violations.add(str(path), "unreadable", f"{error.strerror}; name the folder of a run")
    except (msgspec.DecodeError, ValueError) as error:
        violations.add(str(path), "unreadable", str(error))
    violations.refuse_any("the run")
    raise AssertionError("what is not read has a fault")


def read_outcomes(folder: Path) -> Iterator[Outcome]:
    """What became of each order, in the sequence in which they were placed."""
    decode = msgspec.json.Decoder(Outcome).decode
    with gzip.open(folder / ORDERS_FILE, "rb") as file:
        for line in file:
            yield decode(line)
