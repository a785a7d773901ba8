"""The figures that the documentation quotes: `make figures` prints them, `--write` puts them into docs/figures.md."""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from benchmarks import engines, handover, oracle, real_sets, service
from solver.sourcing.plan import Engine

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
ORACLE_ORDERS, ORACLE_SEED = 2_000, 100_000


def main() -> int:
    """Compute and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/figures.md instead of printing")
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds the real data sets")
    options = parser.parse_args()
    text = "\n".join(_page(options.data)) + "\n"
    if options.write:
        (ROOT / "docs" / "figures.md").write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _page(data: Path) -> Iterator[str]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    yield "# Figures"
    yield ""
    yield "Made by `.venv/bin/python -m benchmarks.figures --write` (`make figures` prints them); each section names"
    yield "the command that makes it. Compare ratios within one run; absolute times depend on the machine and on what"
    yield "else runs on it. No answer is timed or counted before it is checked."
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, Python {platform.python_version()}, {os.cpu_count()} cores."
    yield ""
    yield from _oracle()
    yield from _real(data)
    yield from _handover(data)
    yield from _engines()
    yield from _snapshot()
    yield from _service()


def _oracle() -> Iterator[str]:
    _tell("against brute force")
    result = oracle.against_brute_force(ORACLE_ORDERS, ORACLE_SEED)
    yield "## Against brute force and the program"
    yield ""
    yield f"`python -m benchmarks.oracle --orders {ORACLE_ORDERS} --seed {ORACLE_SEED}`"
    yield ""
    yield f"{result.orders:,} random orders over every term, every rule and every shape of tariff (seeds from"
    yield f"{ORACLE_SEED:,}), answered by the exact engine, the program and four rules of thumb;"
    yield f"{result.tried_all:,} of them also by trying every plan. On {result.different} the answers differ,"
    yield f"{result.unproven} are not proven optimal, {result.unsound} break a rule or do not add up, and"
    yield f"{result.worse_than_baseline} are worse in the policy's own objective than greedy, nearest source first, the"
    yield f"priority list or fewest packages. The exact engine handed over: {_counted(result.fallback_reasons)}."
    yield ""


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _real(data: Path) -> Iterator[str]:
    yield "## Real orders"
    yield ""
    yield "`python -m benchmarks.figures`"
    yield ""
    if not data.exists():
        yield "(the real data sets are not on this machine)"
        yield ""
        return
    yield "Every order is answered by all three methods on the same stock, which the first method's plan then takes."
    yield "Costs are compared on the orders of which all three ship the same number of units. How the sets are made:"
    yield "docs/importers.md. The time of an order is the whole of `solve`: decision, runner-up and reasons."
    yield ""
    columns = (
        "set",
        "orders",
        "proven optimal",
        "handed over",
        "greedy costs",
        "nearest first costs",
        "compared on",
        "units filled",
    )
    yield f"| {' | '.join(columns)} | ms an order, median / p99 |"
    yield "|---" * (len(columns) + 1) + "|"
    notes = []
    for name, scenario in real_sets.scenarios(data):
        _tell(name)
        comparison = real_sets.compare(name, scenario)
        yield _row(comparison)
        notes.append(_note(comparison))
    yield ""
    yield from notes
    yield ""


def _row(comparison: real_sets.Comparison) -> str:
    ours = comparison.alike_minor[Engine.EXACT]
    more = {engine: 100 * (theirs - ours) / ours for engine, theirs in comparison.alike_minor.items()}
    cuts = quantiles(comparison.milliseconds, n=100, method="inclusive")
    cells = (
        comparison.name,
        f"{comparison.orders:,}",
        f"{comparison.proven:,}",
        f"{comparison.handed_over.total():,}",
        f"+{more[Engine.GREEDY]:.2f} %",
        f"+{more[Engine.NEAREST]:.2f} %",
        f"{comparison.alike_orders:,} orders",
        f"{100 * (1 - comparison.unfilled_units / comparison.ordered_units):.1f} %",
        f"{cuts[49]:.1f} / {cuts[98]:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _note(comparison: real_sets.Comparison) -> str:
    worse = "on no order" if comparison.never_worse else "ON SOME ORDERS"
    reasons = ", ".join(f"{code} {count}" for code, count in sorted(comparison.reasons.items())) or "none"
    return (
        f"- {comparison.name}: dearer than greedy or nearest first {worse}; "
        f"sum of gaps {comparison.gap_minor} minor units; handed over for {_counted(comparison.handed_over)}; "
        f"reasons of unfilled lines: {reasons}."
    )


def _handover(data: Path) -> Iterator[str]:
    yield "## What the exact engine hands over to the program"
    yield ""
    if not data.exists():
        yield "(the real data sets are not on this machine)"
        yield ""
        return
    yield "`python -m benchmarks.handover`"
    yield ""
    yield "Handed over / asked, under every shipped policy. A set under one policy ends after"
    yield f"{handover.CELL_SECONDS:.0f} s, and only orders that were answered count: where orders are slow, the columns"
    yield "of a row are not of the same orders. The Chinese quantities look masked: / 400 makes them those of a shop,"
    yield "/ 1 leaves hundreds of units in a line. `level_tolerance`: a priority with a tolerance always goes to the"
    yield "program. Every plan is held against greedy, nearest first, the priority list and fewest packages, in the"
    yield "policy's own priorities."
    yield ""
    _tell("what is handed over, real sets")
    cells = list(handover.real_sets(data))
    yield from handover.by_policy(cells)
    yield ""
    yield from handover.by_set(cells)
    yield ""
    yield "British baskets by their number of lines: as ordered (half of the lines ask for 3 units or more, a tenth for"
    yield "20 or more), and the same products one unit each. Towns, sources, stock, weights and tariffs are assumed"
    yield "(benchmarks/baskets.py)."
    yield ""
    _tell("what is handed over, baskets")
    baskets = list(handover.baskets(data))
    yield from handover.by_policy(baskets)
    yield ""
    yield from handover.by_set(baskets)
    yield ""
    both = [*cells, *baskets]
    plans, worse = sum(cell.orders for cell in both), sum(cell.worse.total() for cell in both)
    yield f"Of these {plans:,} plans {worse} are worse than one of the four rules of thumb. Their policies allow 2 s"
    yield "for an order; where the slowest took longer, that limit was not kept."
    yield ""


def _engines() -> Iterator[str]:
    _tell("the engines side by side")
    yield "## The exact engine against the program"
    yield ""
    yield "`python -m benchmarks.engines`"
    yield ""
    yield "The same arrays given to both in one run, one order after the other; median (least to most). Both prove the"
    yield "same cost on every order that is timed. Making the arrays of an order has a column of its own."
    yield ""
    yield from engines.table(engines.races())
    yield ""


def _snapshot() -> Iterator[str]:
    _tell("decisions from the snapshot")
    command = ["-m", "benchmarks.exact", "--orders", "100", "--wave", "5000"]
    made = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=True)
    yield "## Decisions from a snapshot of all stock"
    yield ""
    yield f"`python {' '.join(command)}`"
    yield ""
    yield "Three services at every source; the answers are the ordinary path's to the cent. The MIP's mean on the same"
    yield "orders is divided by ours."
    yield ""
    yield made.stdout.rstrip()
    yield ""


def _service() -> Iterator[str]:
    _tell("the service")
    yield "## The service over loopback"
    yield ""
    yield "`python -m benchmarks.figures`"
    yield ""
    yield f"The bundled network (266 sources) and its 120 orders, planned and held {service.ROUNDS} times over on the"
    yield f"embedded database; single calls one by one, answers a second from {service.THREADS} threads, and how many"
    yield "of their calls were past the client's deadline of 10 s. The server and its clients share the machine."
    yield ""
    yield "| method | p50 ms | p99 ms | slowest ms | answers a second | past the deadline | p50 against the empty one |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    rows = service.measure(ROOT / "scenarios" / "first_light")
    empty_ms = rows[-1].p50_ms
    for row in rows:
        ratio = f"{row.p50_ms / empty_ms:.1f}"
        times = f"{row.p50_ms:.2f} | {row.p99_ms:.2f} | {row.slowest_ms:.2f}"
        yield f"| {row.name} | {times} | {row.calls_a_second:,.0f} | {row.past_deadline} | {ratio} |"
    yield ""
    yield "Before the exact engine, when the program answered every order (commit 2f8bd9f, another run):"
    yield "PlanFulfillment p50 29.89 ms, p99 1,101 ms, 19 calls a second, p50 30.2 times that of the empty method."
    yield ""


def _tell(what: str) -> None:
    sys.stderr.write(f"measuring: {what}\n")


if __name__ == "__main__":
    sys.exit(main())
