"""A run from its settings to its files; it may be interrupted, and gone on with."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from solver.errors import XunyuanError
from solver.replay.books import Books
from solver.replay.gathering import WaveSize
from solver.replay.hindsight import Hindsight, hindsight
from solver.replay.metrics import Metrics, Tally, untold
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import ORDERS_FILE, OutcomesFile, Run, RunKind, SourceRun, write_head
from solver.replay.sources import SourcesSeen
from solver.replay.timing import Every, few_collections, timing_of, write_timing
from solver.replay.unfinished import Mark, Settings, Unfinished
from solver.replay.world_file import world_of, write_world
from solver.scenario.check_combined import refuse_combined
from solver.scenario.model import Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy

MARK_SECONDS = 60.0  # a run that is killed loses no more than this


def _never() -> bool:
    return False


def _nobody(_: int) -> None:
    pass


def run_into(
    folder: Path,
    scenario: Scenario,
    policy: Policy,
    settings: Settings,
    *,
    resumes: bool = False,
    tell_done: Callable[[int], None] = _nobody,
    is_stopped: Callable[[], bool] = _never,
    is_mark_due: Callable[[], bool] | None = None,
) -> Run | None:
    """Run the settings and write the run's files; None where it was stopped: `resumes` goes on from its last mark.

    A mark is made when it is stopped, and where `is_mark_due` says so: every minute. `tell_done` hears how many orders
    are decided. Raises XunyuanError for a policy that cannot be run so, and where the books do not balance.
    """
    _refuse_unbounded(scenario, settings)
    kept = Unfinished(folder)
    mark = kept.mark() if resumes else None
    if mark is None:
        kept.begin(settings)
    watch = _Stopwatch()
    with (
        tempfile.TemporaryDirectory(prefix="xunyuan-replay-") as name,
        few_collections(),
        _books(Path(name) / "books", scenario, kept, mark) as books,
        OutcomesFile(kept.folder) as file,
        kept.told_from(mark) as told,
    ):
        account = _Account(sums=Tally(), seen=SourcesSeen(scenario, horizon_of(scenario)), file=file, told=told)
        wave = WaveSize.of(settings.wave) if settings.wave else None
        run = Replay(scenario, policy, books, seed=settings.seed, rule=settings.rule, wave=wave, tell=account.tell)
        if mark is not None:
            account.go_on(kept.outcomes_until(mark))
            run.restore(mark.state)

        def keep() -> None:
            kept.keep(Mark(told_bytes=account.told_bytes(), state=run.state()), books.copy_to)

        with watch:
            is_whole = _follow(run, tell_done, is_stopped, is_mark_due or Every(MARK_SECONDS), keep)
        if not is_whole:
            return None
        figures = account.figures(scenario, run, _oversold_units(books, run))
    made = _made(scenario, policy, settings, figures, account.seen.rows())
    decided = run.orders - (mark.state.done if mark else 0)
    measured = timing_of(
        orders=decided, seconds=watch.seconds, processor_seconds=watch.processor_seconds, micros=run.micros
    )
    shutil.move(kept.folder / ORDERS_FILE, folder / ORDERS_FILE)
    write_head(folder, made)
    write_world(folder, world_of(scenario))
    write_timing(folder, measured)
    kept.remove()
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """What a run tells of its orders: each outcome in the files, and all of them summed up."""

    sums: Tally
    seen: SourcesSeen
    file: OutcomesFile
    told: BinaryIO

    def tell(self, outcome: Outcome) -> None:
        """A new outcome."""
        self.told.write(self._count(outcome))

    def go_on(self, outcomes: Iterable[Outcome]) -> None:
        """Count what was told before a mark."""
        for outcome in outcomes:
            self._count(outcome)

    def told_bytes(self) -> int:
        """How much is told and written."""
        self.told.flush()
        return self.told.tell()

    def figures(self, scenario: Scenario, run: Replay, oversold: int) -> Metrics:
        """The metrics of a run that came to its end."""
        further = {**self.seen.figures(), "stock_out_rate": run.stock_out_rate(), **untold(scenario)}
        return self.sums.metrics(oversold, further)

    def _count(self, outcome: Outcome) -> bytes:
        self.sums.add(outcome)
        self.seen.add(outcome)
        return self.file.add(outcome)


class _Stopwatch:
    """How long a block takes, by the clock and of the processor."""

    seconds = processor_seconds = 0.0

    def __enter__(self) -> None:
        self._begun, self._processor = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._begun
        self.processor_seconds = time.process_time() - self._processor


def _oversold_units(books: Books, run: Replay) -> int:
    """Raises XunyuanError where the books do not balance."""
    broken = books.discrepancies()
    if broken:
        raise XunyuanError(f"the books do not balance: {broken[0]}")
    return run.oversold_units()


def _made(
    scenario: Scenario, policy: Policy, settings: Settings, figures: Metrics, sources: tuple[SourceRun, ...]
) -> Run:
    return Run(
        scenario=scenario.name,
        scenario_digest=settings.scenario_digest,
        currency=scenario.currency,
        policy=settings.policy,
        seed=settings.seed,
        metrics=figures,
        hindsight=_hindsight(scenario, policy, settings),
        kind=RunKind.POLICY if settings.rule is Engine.EXACT else RunKind.RULE,
        scenario_folder=settings.scenario_folder,
        policy_values=settings.policy_values,
        wave=settings.wave,
        sources=sources,
    )


def _books(data: Path, scenario: Scenario, kept: Unfinished, mark: Mark | None) -> Books:
    if mark is None:
        return Books(data, scenario, horizon_of(scenario).starts_at)
    kept.copy_books(data)
    return Books(data, scenario, mark.state.now, are_begun=True)


def _follow(
    run: Replay,
    tell_done: Callable[[int], None],
    is_stopped: Callable[[], bool],
    is_mark_due: Callable[[], bool],
    keep: Callable[[], None],
) -> bool:
    """Whether it came to its end; `keep` makes a mark."""
    for done in run.run():
        tell_done(done)
        if done == run.orders:
            continue
        if is_stopped():
            keep()
            return False
        if is_mark_due():
            keep()
    return True


def _refuse_unbounded(scenario: Scenario, settings: Settings) -> None:
    """Raise XunyuanError, before anything is run, where hindsight is asked for and cannot be had."""
    if settings.hindsight_seconds:
        refuse_combined(scenario, "hindsight")


def _hindsight(scenario: Scenario, policy: Policy, settings: Settings) -> Hindsight | None:
    if not settings.hindsight_seconds or settings.rule is not Engine.EXACT:
        return None
    return hindsight(scenario, policy, settings.hindsight_seconds, settings.seed)
