"""Runs side by side as tables, and whether they meet what their scenario asks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.words import counted
from solver.money import format_minor
from solver.replay.compare import Difference, are_comparable, gap_closed, judged, paired
from solver.replay.history import freight_difference
from solver.replay.repetitions import GAP_CLOSED, TOTAL
from solver.replay.run_files import Run, RunKind, Spread, read_outcomes, read_run
from solver.replay.timing import read_timing
from solver.scenario.metric_names import ALL_METRICS, METRICS_OF_RETURNS
from solver.scenario.model import Scenario

_MINOR = "_minor"
_MANY = 3  # runs beside which names of metrics have no more room than they need
_LABEL_WIDTH = 24
_LEAST_FOR_MARGIN = 2  # orders
_LARGE = 1_000  # from which on figures are told without decimals
_DIFFERENCES = (  # what is told of policies beside the base over repetitions
    TOTAL,
    "paid_per_order_minor",
    "split_share",
    "cross_province_share",
    "on_time_share",
    "fill_rate",
)


def show(folders: Sequence[Path], console: Console) -> bool:
    """The figures of each, and what the first differs by from the others, order by order and over repetitions.

    False where one of them did not run on the same orders as the first, and so was not compared.
    """
    runs = [read_run(folder) for folder in folders]
    console.print(_table(runs, folders))
    for folder, run in zip(folders[1:], runs[1:], strict=True):
        if not are_comparable(runs[0], run):
            console.print(f"{folder} and {folders[0]} did not run on the same scenario and seed")
            continue
        if RunKind.HISTORY in (runs[0].kind, run.kind):
            _show_beside_history(runs[0], run, (folders[0], folder), console)
            continue
        told = paired(read_outcomes(folders[0]), read_outcomes(folder))
        console.print(
            f"{run.policy} less {runs[0].policy}, unfilled units priced: {_an_order(told, run.currency)}; "
            f"{counted(told.cheaper, 'orders')} cheaper, {told.dearer:,} dearer, of {told.orders:,}"
        )
    if any(len(run.repetitions) > 1 for run in runs):
        _show_repetitions([run for run in runs if run.repetitions], console)
    return all(are_comparable(runs[0], run) for run in runs)


def _show_beside_history(base: Run, run: Run, folders: tuple[Path, Path], console: Console) -> None:
    told = freight_difference(*(read_outcomes(folder) for folder in folders))
    if not told.orders:
        console.print(f"freight of {run.policy} is not compared: of no order both runs ship all and know its freight")
        return
    console.print(
        f"freight of {run.policy} less that of {base.policy}: {_an_order(told, run.currency)}, over "
        f"{counted(told.orders, 'orders')} that both ship whole and tell the freight of"
    )


def _an_order(told: Difference, currency: str) -> str:
    """The mean difference with its margin, which a single order does not tell."""
    mean = format_minor(round(told.mean_minor), currency)
    if told.orders < _LEAST_FOR_MARGIN:
        return f"{mean} {currency} an order"
    return f"{mean} ± {format_minor(round(told.margin_minor), currency)} {currency} an order (95 %)"


def _show_repetitions(runs: Sequence[Run], console: Console) -> None:
    number = max(len(run.repetitions) for run in runs)
    table = _beside(runs, f"mean of {number} draws, ± at 95 % (Student's t)")
    for metric in (*ALL_METRICS, TOTAL, GAP_CLOSED):
        if any(metric in run.spread for run in runs):
            table.add_row(metric.removesuffix(_MINOR), *(_spread(metric, run.spread.get(metric), run) for run in runs))
    console.print(table)
    for run in runs:
        for metric in _DIFFERENCES:
            if metric in run.differences:
                told = _spread(metric, run.differences[metric], run)
                console.print(f"{run.policy} less {run.base}, draw by draw: {metric.removesuffix(_MINOR)} {told}")


def _spread(metric: str, spread: Spread | None, run: Run) -> str:
    if spread is None:
        return "-"
    mean = _figure(metric, spread.mean, run)
    return mean if spread.margin is None else f"{mean} ± {_figure(metric, spread.margin, run)}"


def _table(runs: Sequence[Run], folders: Sequence[Path]) -> Table:
    currencies = ", ".join(dict.fromkeys(run.currency for run in runs))
    table = _beside(runs, f"what each policy comes to, money in {currencies}")
    for label, *cells in (*_rows(runs), *_decision_times(folders)):
        table.add_row(_in_lines(label) if len(runs) >= _MANY else label, *cells)
    return table


def _beside(runs: Sequence[Run], title: str) -> Table:
    """A column for each run; on a narrow screen cells go on in the next line, none is cut off."""
    many = len(runs) >= _MANY
    table = Table(title=title)
    table.add_column("metric", overflow="fold", no_wrap=many)
    for run in runs:
        name = run.policy.replace("-", "-\n") if many else run.policy
        table.add_column(escape(name), justify="right", overflow="fold")
    return table


def _in_lines(label: str) -> str:
    return "\n  ".join(wrap(label, _LABEL_WIDTH, drop_whitespace=True, break_on_hyphens=False)) if label else ""


def _decision_times(folders: Sequence[Path]) -> Iterator[tuple[str, ...]]:
    """Where runs say how long they took."""
    known = [read_timing(folder) for folder in folders]
    if any(one is not None and one.timed_decisions for one in known):
        yield (
            "decision, microseconds: p50, p99",
            *(f"{one.decision_p50_micros:,.0f}, {one.decision_p99_micros:,.0f}" if one else "-" for one in known),
        )


def _rows(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    yield "orders that ship", *(f"{run.metrics.shipped_orders:,} of {run.metrics.orders:,}" for run in runs)
    for metric in ALL_METRICS:
        if metric in METRICS_OF_RETURNS and all(metric not in run.metrics.figures for run in runs):
            continue
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
    closed = [gap_closed(run, runs) for run in runs]
    if any(one is not None for one in closed):
        yield (
            "  of the way there from nearest first",
            *("-" if one is None else f"{100 * one:.1f} %" for one in closed),
        )


def _shown(metric: str, run: Run) -> str:
    figure = run.metrics.figures.get(metric)
    return "-" if figure is None else _figure(metric, figure, run)


def _figure(metric: str, figure: float, run: Run) -> str:
    if metric.endswith(_MINOR):
        return format_minor(round(figure), run.currency)
    if metric.endswith(("_share", "_rate")) or metric == GAP_CLOSED:
        return f"{100 * figure:.1f} %"
    return f"{figure:,.0f}" if figure.is_integer() or abs(figure) >= _LARGE else f"{figure:,.2f}"


def verdicts(scenario: Scenario, folders: Sequence[Path], console: Console) -> bool:
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
