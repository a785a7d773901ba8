"""`replay` and `compare`: a scenario under several policies, and their runs side by side."""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from rich.console import Console

from solver.cli.interrupts import INTERRUPTED, Interrupts
from solver.cli.making_ready import make_ready
from solver.cli.named_policy import policy_named
from solver.cli.report_page import write_page
from solver.cli.run_progress import run_bar
from solver.cli.runs_shown import show, verdicts
from solver.errors import XunyuanError
from solver.policies.model import PolicyDocument
from solver.replay.foresight import minds_stock_value, with_foresight
from solver.replay.gathering import WaveSize
from solver.replay.history_run import HISTORY, refuse_unknown, write_history
from solver.replay.repetitions import repeated, with_repetitions
from solver.replay.run_files import Run, RunKind, digest_of, read_run, write_head
from solver.replay.running import run_into
from solver.replay.tasks import Task, run_all
from solver.replay.unfinished import Settings, Unfinished
from solver.report.content import gather
from solver.report.page import Language
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario
from solver.scenario.plain import plain
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.waves.parts.executors import hands_of

FAR_SIGHTED = "far-sighted"  # how runs are named that mind what stock is worth, beside those that do not
OWN = "scenario"  # the name of the scenario's own policy
NEAREST = "nearest-first"  # no policy, but the rule of thumb that all are compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decides:
    """Who decides in a run, under which name, and how that was named."""

    name: str
    named: str
    policy: Policy
    rule: Engine = Engine.EXACT
    foresight: bool = False


def replay(options: argparse.Namespace) -> int:
    """Run a scenario under each policy; 1 where one of them misses a threshold of the scenario."""
    console = Console()
    if options.resume:
        return _resume(options.resume, console)
    if options.scenario is None:
        raise XunyuanError("name the folder of a scenario, or --resume that of an interrupted run")
    if options.waves:
        WaveSize.of(options.waves)
    stated = read_scenario(options.scenario)
    scenarios = [repeated(stated, number) for number in range(1, options.repeat + 1)]
    scenario = scenarios[0]
    if not scenario.orders:
        raise XunyuanError(f"{options.scenario} has no orders: list them in orders.jsonl, or draw them by a generator")
    if options.history:
        refuse_unknown(scenario)  # rather before all the runs than after them
    console.print(f"[bold]{scenario.title}[/bold]: {len(scenario.orders):,} orders")
    make_ready(console)
    deciding = _deciding(scenario, options)
    tasks = [_task(one, scenarios, number, options) for number, one in product(range(len(scenarios)), deciding)]
    if not _made(tasks, options.executor, console):
        return INTERRUPTED
    folders = [task.folder for task in tasks[: len(deciding)]]
    if len(scenarios) > 1:
        _join([task.folder for task in tasks], deciding)
    history = [_history(scenario, options, console)] if options.history else []
    show([*history, *folders], console)
    if options.hindsight:
        _tell_unbounded([read_run(folder) for folder in folders], console)
    if options.report:
        write_page(options.report, gather([*history, *folders]), Language.ENGLISH, console)
    return int(not verdicts(scenario, folders, console))


def compare(options: argparse.Namespace) -> int:
    """Show runs side by side; the first is what the others are compared with. 1 where one of them cannot be."""
    return int(not show(options.runs, Console()))


def policies_of(scenario: Scenario, folder: Path, named: Sequence[str]) -> list[tuple[str, Policy]]:
    """The named policies, or those that the scenario names, or its own; each with the name of its run.

    Raises XunyuanError for one that is not there, not sound, or in another currency.
    """
    documents = [_document(text, folder) for text in named or scenario.policies]
    for document in documents:
        if document.currency and document.currency != scenario.currency:
            raise XunyuanError(f"policy {document.policy_id} is in {document.currency}, not {scenario.currency}")
    return [(one.policy_id, one.policy) for one in documents] or [(OWN, scenario.policy)]


def _document(text: str, folder: Path) -> PolicyDocument:
    """A shipped policy, or a file: as it is named, or in the scenario's folder."""
    beside = folder / text
    return policy_named(str(beside) if beside.is_file() else text)


def _deciding(scenario: Scenario, options: argparse.Namespace) -> list[_Decides]:
    """The policies, and where that is asked for the nearest source first, at the prices of the first policy.

    Beside hindsight it is there at the prices of each: that is the way which each policy goes a part of.
    """
    named = options.policy or scenario.policies or [""]
    found = policies_of(scenario, options.scenario, options.policy)
    policies = [
        _Decides(name=name, named=text, policy=policy) for (name, policy), text in zip(found, named, strict=True)
    ]
    if options.foresight:
        policies += [
            replace(one, name=f"{one.name}-{FAR_SIGHTED}", policy=with_foresight(one.policy), foresight=True)
            for one in policies
            if not minds_stock_value(one.policy)
        ]
    if not options.nearest:
        return policies
    priced = [one for one in policies if not one.foresight] if options.hindsight else policies[:1]
    return policies + [
        replace(one, name=f"{NEAREST}-{one.name}" if number else NEAREST, rule=Engine.NEAREST)
        for number, one in enumerate(priced)
    ]


def _task(one: _Decides, scenarios: Sequence[Scenario], number: int, options: argparse.Namespace) -> Task:
    scenario = scenarios[number]
    among: Path = options.out / scenario.name
    settings = Settings(
        scenario_folder=str(options.scenario),
        scenario_digest=digest_of(scenario),
        policy=one.name,
        named=one.named,
        policy_values=plain(one.policy),
        rule=one.rule,
        seed=options.seed + number,
        wave=options.waves if one.rule is Engine.EXACT else "",
        repetition=number + 1,
        hindsight_seconds=options.hindsight,
        foresight=one.foresight,
    )
    folder = among / f"repeat-{number + 1}" / one.name if number else among / one.name
    return Task(folder=folder, scenario=scenario, policy=one.policy, settings=settings)


def _made(tasks: Sequence[Task], executor: str, console: Console) -> bool:
    """Whether all runs were made; one after the other here, or as the executor likes."""
    with Interrupts(console) as interrupts:
        if executor == "serial":
            return all(_run(task, console, interrupts.is_asked) for task in tasks)
        with hands_of(executor) as hands, console.status(f"{len(tasks)} runs by {executor}"):
            made = run_all(hands, tasks, interrupts.is_asked)
    if made < len(tasks):
        console.print(f"interrupted: {made} of {len(tasks)} runs are whole; the others are to be run again")
    return made == len(tasks)


def _run(task: Task, console: Console, is_stopped: Callable[[], bool], *, resumes: bool = False) -> bool:
    begun, total, name = time.perf_counter(), len(task.scenario.orders), task.settings.policy
    looks_back = task.settings.hindsight_seconds and task.settings.rule is Engine.EXACT
    doing = f"hindsight of {name}, {task.settings.hindsight_seconds:g} s and more" if looks_back else None
    with run_bar(console) as progress:
        bar = progress.add_task(f"under {name}", total=total)
        made = run_into(
            task.folder,
            task.scenario,
            task.policy,
            task.settings,
            resumes=resumes,
            tell_done=lambda done: progress.update(bar, completed=done, description=doing if done == total else None),
            is_stopped=is_stopped,
        )
    if made is None:
        console.print(f"interrupted; to go on: python -m solver replay --resume {task.folder}", soft_wrap=True)
        return False
    console.print(f"{name}: {total:,} orders in {time.perf_counter() - begun:.1f} s; {task.folder}")
    return True


def _resume(folder: Path, console: Console) -> int:
    """Go on with an interrupted run, to what it would have come to. Raises XunyuanError, saying why, where it can't."""
    settings = Unfinished(folder).settings()
    where = Path(settings.scenario_folder)
    scenario = repeated(read_scenario(where), settings.repetition)
    [(_, policy)] = policies_of(scenario, where, [settings.named] if settings.named else [])
    if settings.foresight:
        policy = with_foresight(policy)
    if digest_of(scenario) != settings.scenario_digest:
        raise XunyuanError(f"{where} is not what it was when the run was interrupted: run it again")
    if plain(policy) != settings.policy_values:
        raise XunyuanError(f"policy {settings.policy} is not what it was when the run was interrupted: run it again")
    task = Task(folder=folder, scenario=scenario, policy=policy, settings=settings)
    make_ready(console)
    with Interrupts(console) as interrupts:
        if not _run(task, console, interrupts.is_asked, resumes=True):
            return INTERRUPTED
    show([folder], console)
    return int(not verdicts(scenario, [folder], console))


def _tell_unbounded(runs: Sequence[Run], console: Console) -> None:
    for run in runs:
        if run.kind is RunKind.POLICY and run.hindsight is None:
            text = f"{run.policy} has no bound in hindsight: it has strict priorities, or relaxes rules"
            console.print(text, soft_wrap=True)


def _join(folders: Sequence[Path], deciding: Sequence[_Decides]) -> None:
    """Say in the first run of each policy what all its draws come to, and beside those of the first policy."""
    of_each = [[read_run(folder) for folder in folders[number :: len(deciding)]] for number in range(len(deciding))]
    rules = [runs for runs, one in zip(of_each, deciding, strict=True) if one.rule is not Engine.EXACT]
    for runs, folder in zip(of_each, folders, strict=False):
        write_head(folder, with_repetitions(runs, of_each[0], rules))


def _history(scenario: Scenario, options: argparse.Namespace, console: Console) -> Path:
    """What was really shipped as a run, with which the others are compared."""
    folder: Path = options.out / scenario.name / HISTORY
    run = write_history(folder, scenario, seed=options.seed, scenario_folder=str(options.scenario))
    for figure, orders in run.known_orders.items():
        if orders:
            console.print(f"{HISTORY}: {figure} is known of {orders:,} of {run.metrics.orders:,} orders")
    return folder
