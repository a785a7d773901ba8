"""A run from its settings to its files; it may be interrupted, and gone on with."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from solver.errors import XunyuanError
from solver.replay.books import Books
from solver.replay.gathering import WaveSize
from solver.replay.hindsight import Hindsight, hindsight
from solver.replay.metrics import Tally, untold
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import ORDERS_FILE, OutcomesFile, Run, RunKind, write_head
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
    sums, seen = Tally(), SourcesSeen(scenario, horizon_of(scenario))
    with tempfile.TemporaryDirectory(prefix="xunyuan-replay-") as name, few_collections():
        data = Path(name) / "books"
        with (
            _books(data, scenario, kept, mark) as books,
            OutcomesFile(kept.folder) as file,
            kept.told_from(mark) as told,
        ):

            def count(outcome: Outcome) -> bytes:
                sums.add(outcome)
                seen.add(outcome)
                return file.add(outcome)

            def tell(outcome: Outcome) -> None:
                told.write(count(outcome))

            def keep() -> None:
                told.flush()
                kept.keep(Mark(told_bytes=told.tell(), state=run.state()), books.copy_to)

            wave = WaveSize.of(settings.wave) if settings.wave else None
            run = Replay(scenario, policy, books, seed=settings.seed, rule=settings.rule, wave=wave, tell=tell)
            if mark is not None:
                for outcome in kept.outcomes_until(mark):
                    count(outcome)
                run.restore(mark.state)
            begun, processor = time.perf_counter(), time.process_time()
            is_whole = _follow(run, tell_done, is_stopped, is_mark_due or Every(MARK_SECONDS), keep)
            seconds, processor_seconds = time.perf_counter() - begun, time.process_time() - processor
            if is_whole:
                broken = books.discrepancies()
                if broken:
                    raise XunyuanError(f"the books do not balance: {broken[0]}")
                oversold = run.oversold_units()
        if not is_whole:
            return None
    made = Run(
        scenario=scenario.name,
        scenario_digest=settings.scenario_digest,
        currency=scenario.currency,
        policy=settings.policy,
        seed=settings.seed,
        metrics=sums.metrics(oversold, {**seen.figures(), "stock_out_rate": run.stock_out_rate(), **untold(scenario)}),
        hindsight=_hindsight(scenario, policy, settings),
        kind=RunKind.POLICY if settings.rule is Engine.EXACT else RunKind.RULE,
        scenario_folder=settings.scenario_folder,
        policy_values=settings.policy_values,
        wave=settings.wave,
        sources=seen.rows(),
    )
    shutil.move(kept.folder / ORDERS_FILE, folder / ORDERS_FILE)
    write_head(folder, made)
    write_world(folder, world_of(scenario))
    decided = run.orders - (mark.state.done if mark else 0)
    measured = timing_of(orders=decided, seconds=seconds, processor_seconds=processor_seconds, micros=run.micros)
    write_timing(folder, measured)
    kept.remove()
    return made


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
