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

from benchmarks import oracle, real_sets, service
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
    yield "Made by `.venv/bin/python -m benchmarks.figures --write` (`make figures` prints them). Compare ratios within"
    yield "one run; absolute times depend on the machine and on what else runs on it."
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, Python {platform.python_version()}, {os.cpu_count()} cores."
    yield ""
    yield from _oracle()
    yield from _real(data)
    yield from _service()


def _oracle() -> Iterator[str]:
    _tell("against brute force")
    result = oracle.against_brute_force(ORACLE_ORDERS, ORACLE_SEED)
    yield "## Against brute force"
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
    if not data.exists():
        yield "(the real data sets are not on this machine)"
        yield ""
        return
    yield "Every order is answered by all three methods on the same stock, which the first method's plan then takes."
    yield "Costs are compared on the orders of which all three ship the same number of units. How the sets are made:"
    yield "docs/importers.md. The time of an order is the whole of `solve`: decision, runner-up and reasons."
    yield ""
    columns = ("set", "orders", "proven optimal", "greedy costs", "nearest first costs", "compared on", "units filled")
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
        f"sum of gaps {comparison.gap_minor} minor units; reasons of unfilled lines: {reasons}."
    )


def _service() -> Iterator[str]:
    _tell("the service")
    yield "## The service over loopback"
    yield ""
    yield f"The bundled network (266 sources) and its 120 orders, planned and held {service.ROUNDS} times over on the"
    yield f"embedded database; single calls one by one, calls a second from {service.THREADS} threads. The server and"
    yield "its clients share the machine."
    yield ""
    yield "| method | p50 ms | p99 ms | calls a second | p50 against the empty method |"
    yield "|---|---|---|---|---|"
    rows = service.measure(ROOT / "scenarios" / "first_light")
    empty_ms = rows[-1].p50_ms
    for row in rows:
        ratio = f"{row.p50_ms / empty_ms:.1f}"
        yield f"| {row.name} | {row.p50_ms:.2f} | {row.p99_ms:.2f} | {row.calls_a_second:,.0f} | {ratio} |"
    yield ""


def _tell(what: str) -> None:
    sys.stderr.write(f"measuring: {what}\n")


if __name__ == "__main__":
    sys.exit(main())
