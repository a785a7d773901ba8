"""A run on disk: `run.json` with its settings and figures, `orders.jsonl.gz` with what became of each order.

docs/replay.md has the fields. They are only ever added to, with defaults, so that older runs stay readable.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from solver.errors import Violations
from solver.replay.hindsight import Hindsight
from solver.replay.metrics import Metrics
from solver.replay.outcome import Outcome
from solver.scenario.model import Scenario
from solver.scenario.plain import plain

RUN_FILE, ORDERS_FILE = "run.json", "orders.jsonl.gz"
UNFINISHED = "unfinished"  # the folder within that of a run which is not whole
_encode = msgspec.json.Encoder(order="deterministic").encode


class RunKind(StrEnum):
    """Who decided."""

    POLICY = "policy"
    RULE = "rule"  # a rule of thumb, at a policy's prices
    HISTORY = "history"  # what was really shipped
    SHADOW = "shadow"  # plans of the service beside a caller's own system


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """What a source did in a run. `stocked_units` is what it had at the beginning and got; `orders` it shipped for.

    `busiest_day_units` are handed over on its busiest day, by its own clock; `capacity_units` is what it works off on
    that day, None where it has no limit.
    """

    source_id: str
    kind: str
    orders: int = 0
    packages: int = 0
    units: int = 0
    stocked_units: int = 0
    idle_units: int = 0  # of SKUs of which nothing was ever taken there
    refused_packages: int = 0
    returned_units: int = 0  # that customers sent back to it
    busiest_day_units: int = 0
    capacity_units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A mean over `number` repetitions, and by how much it may be off: Student's t, 95 %; None for a single one."""

    mean: float
    margin: float | None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """The run once more on other draws. `total_minor` has all terms, prices of unfilled units included."""

    number: int
    seed: int
    scenario_digest: str
    total_minor: int
    figures: Mapping[str, float | None]
    hindsight: Hindsight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was run, and what it came to. Runs of one `scenario_digest` and seed had the same orders and troubles.

    A figure of `metrics` that is None is unknown, or nothing is there to divide by; one that is not listed was not
    measured. `repetitions` begin with this run; `spread` is of their figures, `differences` of theirs less those of run
    `base` of the same draws.
    """

    scenario: str
    scenario_digest: str
    currency: str
    policy: str
    seed: int
    metrics: Metrics
    hindsight: Hindsight | None = None  # where it was asked for, and can be told
    kind: RunKind = RunKind.POLICY
    scenario_folder: str = ""  # as it was named
    policy_values: Mapping[str, Any] = field(default_factory=dict)  # the policy's fields that are not at their default
    wave: str = ""  # what was gathered to be decided together: orders ("100") or minutes ("10m"); empty: one by one
    known_orders: Mapping[str, int] = field(default_factory=dict)  # by figure, where it is known of some orders alone
    sources: tuple[SourceRun, ...] = ()
    repetitions: tuple[Repetition, ...] = ()
    spread: Mapping[str, Spread] = field(default_factory=dict)
    base: str = ""
    differences: Mapping[str, Spread] = field(default_factory=dict)


def digest_of(scenario: Scenario) -> str:
    """Says which scenario it was, but for its policy: that is what runs differ in."""
    values = plain(scenario)
    values.pop("policy", None)
    if scenario.returns:  # their days are numbers, and names in JSON are text
        values["returns"] = msgspec.to_builtins(values["returns"], str_keys=True)
    return sha256(_encode(values)).hexdigest()


class OutcomesFile:
    """`orders.jsonl.gz` of a folder, written as outcomes come; the same outcomes give the same bytes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = gzip.GzipFile(folder / ORDERS_FILE, "wb", compresslevel=6, mtime=0)

    def __enter__(self) -> "OutcomesFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Everything is in the file; closing twice does nothing."""
        self._file.close()

    def add(self, outcome: Outcome) -> bytes:
        """One order more; its line."""
        line = _encode(outcome) + b"\n"
        self._file.write(line)
        return line


def write_run(folder: Path, run: Run, outcomes: Iterable[Outcome]) -> None:
    """Write a run's folder; the same run gives the same bytes."""
    with OutcomesFile(folder) as file:
        for outcome in outcomes:
            file.add(outcome)
    write_head(folder, run)


def write_head(folder: Path, run: Run) -> None:
    """Write a run's settings and figures into its folder."""
    (folder / RUN_FILE).write_bytes(msgspec.json.format(_encode(run), indent=2) + b"\n")


def read_run(folder: Path) -> Run:
    """A run's settings and figures. Raises InvalidRequest where the folder has none."""
    violations = Violations()
    path = folder / RUN_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Run)
    except OSError as error:
        remedy = f"{error.strerror}; name the folder of a run"
        if (folder / UNFINISHED).is_dir():
            remedy = f"the run was interrupted; finish it first: python -m solver replay --resume {folder}"
        violations.add(str(path), "unreadable", remedy)
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
