"""`replay` and `compare`: a scenario under several policies, and their runs side by side."""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from solver.cli.load import bar
from solver.cli.named_policy import policy_named
from solver.errors import XunyuanError
from solver.money import format_minor
from solver.policies.model import PolicyDocument
from solver.replay.books import Books
from solver.replay.compare import are_comparable, judged, paired
from solver.replay.hindsight import hindsight
from solver.replay.history import freight_difference
from solver.replay.history_run import HISTORY, write_history
from solver.replay.metrics import metrics_of
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import Run, RunKind, digest_of, read_outcomes, read_run, write_run
from solver.replay.world_file import world_of, write_world
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.metric_names import METRICS
from solver.scenario.model import Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy

OWN = "scenario"  # the name of the scenario's own policy
NEAREST = "nearest-first"  # no policy, but the rule of thumb that all are compared with
_MINOR = "_minor"


def replay(options: argparse.Namespace) -> int:
    """Run a scenario under each policy; 1 where one of them misses a threshold of the scenario."""
    console = Console()
    scenario = with_orders(read_scenario(options.scenario))
    if not scenario.orders:
        raise XunyuanError(f"{options.scenario} has no orders: list them in orders.jsonl, or draw them by a generator")
    policies = policies_of(scenario, options.scenario, options.policy)
    folders = []
    console.print(f"[bold]{scenario.title}[/bold]: {len(scenario.orders):,} orders")
    if options.nearest:
        policies.append((NEAREST, policies[0][1]))
    for name, policy in policies:
        folder = options.out / scenario.name / name
        _run(scenario, name, policy, options, folder, console)
        folders.append(folder)
    history = [_history(scenario, options, console)] if options.history else []
    _show([*history, *folders], console)
    return int(not _verdicts(scenario, folders, console))


def _history(scenario: Scenario, options: argparse.Namespace, console: Console) -> Path:
    """What was really shipped as a run, with which the others are compared."""
    folder: Path = options.out / scenario.name / HISTORY
    run = write_history(folder, scenario, seed=options.seed, scenario_folder=str(options.scenario))
    for figure, orders in run.known_orders.items():
        if orders:
            console.print(f"{HISTORY}: {figure} is known of {orders:,} of {run.metrics.orders:,} orders")
    return folder


def compare(options: argparse.Namespace) -> int:
    """Show runs side by side; the first is what the others are compared with."""
    _show(options.runs, Console())
    return 0


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


def _run(
    scenario: Scenario, name: str, policy: Policy, options: argparse.Namespace, folder: Path, console: Console
) -> None:
    begun = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="xunyuan-replay-") as data,
        bar(console) as progress,
        Books(Path(data), scenario, horizon_of(scenario).starts_at) as books,
    ):
        by_rule = name == NEAREST
        rule = Engine.NEAREST if by_rule else Engine.EXACT
        run = Replay(scenario, policy, books, seed=options.seed, rule=rule)
        _follow(run, name, progress)
        broken = books.discrepancies()
        if broken:
            raise XunyuanError(f"the books do not balance: {broken[0]}")
        made = Run(
            scenario=scenario.name,
            scenario_digest=digest_of(scenario),
            currency=scenario.currency,
            policy=name,
            seed=options.seed,
            metrics=metrics_of(run.outcomes(), oversold_units=run.oversold_units()),
            hindsight=hindsight(scenario, policy, options.hindsight) if options.hindsight and not by_rule else None,
        )
        write_run(folder, made, run.outcomes())
        write_world(folder, world_of(scenario))
    seconds = time.perf_counter() - begun
    console.print(f"{name}: {run.orders:,} orders in {seconds:.1f} s; {folder}")


def _follow(run: Replay, name: str, progress: Progress) -> None:
    task = progress.add_task(f"under {name}", total=run.orders)
    for done in run.run():
        progress.update(task, completed=done)


def _show(folders: Sequence[Path], console: Console) -> None:
    runs = [read_run(folder) for folder in folders]
    console.print(_table(runs))
    for folder, run in zip(folders[1:], runs[1:], strict=True):
        if not are_comparable(runs[0], run):
            console.print(f"{run.policy} and {runs[0].policy} did not run on the same scenario and seed")
            continue
        if RunKind.HISTORY in (runs[0].kind, run.kind):
            _show_beside_history(folders[0], folder, run, console)
            continue
        told = paired(read_outcomes(folders[0]), read_outcomes(folder))
        mean, margin = (format_minor(round(one), run.currency) for one in (told.mean_minor, told.margin_minor))
        console.print(
            f"{run.policy} less {runs[0].policy}, unfilled units priced: {mean} ± {margin} {run.currency} an order "
            f"(95 %); {told.cheaper:,} orders cheaper, {told.dearer:,} dearer, of {told.orders:,}"
        )


def _show_beside_history(first: Path, second: Path, run: Run, console: Console) -> None:
    told = freight_difference(read_outcomes(first), read_outcomes(second))
    mean, margin = (format_minor(round(one), run.currency) for one in (told.mean_minor, told.margin_minor))
    console.print(
        f"freight of {run.policy} less that of the first run: {mean} ± {margin} {run.currency} an order (95 %), of "
        f"{told.orders:,} orders that both ship whole and know it of"
    )


def _table(runs: Sequence[Run]) -> Table:
    table = Table("metric", *(run.policy for run in runs), title="what each policy comes to")
    for column in table.columns[1:]:
        column.justify = "right"
    for cells in _rows(runs):
        table.add_row(*cells)
    return table


def _rows(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    yield "orders that ship", *(f"{run.metrics.shipped_orders:,} of {run.metrics.orders:,}" for run in runs)
    for metric in METRICS:
        yield metric.removesuffix(_MINOR), *(_shown(metric, run) for run in runs)
    for term in sorted({term for run in runs for term in run.metrics.terms_minor}):
        terms = (_term(term, run) for run in runs)
        yield f"  {term}", *terms
    if any(run.hindsight for run in runs):
        yield from _beside_hindsight(runs)
    yield (
        "moved, refused packages",
        *(f"{run.metrics.moved_packages:,}, {run.metrics.refused_packages:,}" for run in runs),
    )


def _term(term: str, run: Run) -> str:
    """History tells only the terms that it knows of all orders."""
    if run.kind is RunKind.HISTORY and term not in run.metrics.terms_minor:
        return "-"
    return format_minor(run.metrics.terms_minor.get(term, 0), run.currency)


def _beside_hindsight(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """What each run came to with its prices of unfilled units, and what it could at best have come to."""
    totals = [sum(run.metrics.terms_minor.values()) for run in runs]
    yield "all terms", *(format_minor(total, run.currency) for total, run in zip(totals, runs, strict=True))
    known = [run.hindsight for run in runs]
    yield (
        "  in hindsight at least",
        *(format_minor(one.bound_minor, run.currency) if one else "-" for one, run in zip(known, runs, strict=True)),
    )
    yield (
        "  above that by",
        *(
            f"{100 * (total - one.bound_minor) / one.bound_minor:.2f} %" if one and one.bound_minor else "-"
            for one, total in zip(known, totals, strict=True)
        ),
    )


def _shown(metric: str, run: Run) -> str:
    figure = run.metrics.figures.get(metric)
    if figure is None:
        return "-"
    if metric.endswith(_MINOR):
        return format_minor(round(figure), run.currency)
    if metric.endswith(("_share", "_rate")):
        return f"{100 * figure:.1f} %"
    return f"{figure:,.0f}" if figure.is_integer() else f"{figure:,.2f}"


def _verdicts(scenario: Scenario, folders: Sequence[Path], console: Console) -> bool:
    """Whether every run meets every threshold; each is told."""
    all_met = True
    for folder in folders:
        run = read_run(folder)
        for verdict in judged(run, scenario.thresholds):
            limits = ", ".join(
                f"{word} {limit:g}"
                for word, limit in (("at least", verdict.threshold.at_least), ("at most", verdict.threshold.at_most))
                if limit is not None
            )
            figure = "nothing" if verdict.figure is None else f"{verdict.figure:g}"
            said = "[green]met[/green]" if verdict.is_met else "[red]missed[/red]"
            console.print(f"{run.policy}: {verdict.threshold.metric} {limits}: {figure}, {said}")
            all_met &= verdict.is_met
    return all_met
