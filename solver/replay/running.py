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
from solver.replay.metrics import Tally
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, State, horizon_of
from solver.replay.run_files import ORDERS_FILE, OutcomesFile, Run, RunKind, write_head
from solver.replay.sources import SourcesSeen
from solver.replay.timing import few_collections, timing_of, write_timing
from solver.replay.unfinished import Settings, Unfinished
from solver.replay.world_file import world_of, write_world
from solver.scenario.model import Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy


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
) -> Run | None:
    """Run the settings and write the run's files; None where it was stopped: `resumes` goes on from there.

    `tell_done` hears how many orders are decided. Raises XunyuanError for a policy that cannot be run so, and where the
    books do not balance.
    """
    kept = Unfinished(folder)
    state = kept.state() if resumes else None
    if state is None:
        kept.begin(settings)
    else:
        kept.put_outcomes_aside()
    sums, seen = Tally(), SourcesSeen(scenario, horizon_of(scenario))
    with tempfile.TemporaryDirectory(prefix="xunyuan-replay-") as name, few_collections():
        data = Path(name) / "books"
        with _books(data, scenario, kept, state) as books, OutcomesFile(kept.folder) as file:

            def tell(outcome: Outcome) -> None:
                sums.add(outcome)
                seen.add(outcome)
                file.add(outcome)

            wave = WaveSize.of(settings.wave) if settings.wave else None
            run = Replay(scenario, policy, books, seed=settings.seed, rule=settings.rule, wave=wave, tell=tell)
            if state is not None:
                for outcome in kept.outcomes_before():
                    tell(outcome)
                run.restore(state)
            begun, processor = time.perf_counter(), time.process_time()
            is_whole = _follow(run, tell_done, is_stopped)
            seconds, processor_seconds = time.perf_counter() - begun, time.process_time() - processor
            if is_whole:
                broken = books.discrepancies()
                if broken:
                    raise XunyuanError(f"the books do not balance: {broken[0]}")
                oversold = run.oversold_units()
        if not is_whole:
            kept.keep(run.state(), data)
            return None
    made = Run(
        scenario=scenario.name,
        scenario_digest=settings.scenario_digest,
        currency=scenario.currency,
        policy=settings.policy,
        seed=settings.seed,
        metrics=sums.metrics(oversold, {**seen.figures(), "stock_out_rate": run.stock_out_rate()}),
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
    decided = run.orders - (state.done if state else 0)
    measured = timing_of(orders=decided, seconds=seconds, processor_seconds=processor_seconds, micros=run.micros)
    write_timing(folder, measured)
    kept.remove()
    return made


def _books(data: Path, scenario: Scenario, kept: Unfinished, state: State | None) -> Books:
    if state is None:
        return Books(data, scenario, horizon_of(scenario).starts_at)
    shutil.copytree(kept.books, data)
    return Books(data, scenario, state.now, are_begun=True)


def _follow(run: Replay, tell_done: Callable[[int], None], is_stopped: Callable[[], bool]) -> bool:
    """Whether it came to its end."""
    for done in run.run():
        tell_done(done)
        if done < run.orders and is_stopped():
            return False
    return True


def _hindsight(scenario: Scenario, policy: Policy, settings: Settings) -> Hindsight | None:
    if not settings.hindsight_seconds or settings.rule is not Engine.EXACT:
        return None
    return hindsight(scenario, policy, settings.hindsight_seconds)
