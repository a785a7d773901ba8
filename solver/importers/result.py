"""What an import hands back: a scenario, and an account of everything that did not go into it as it stood."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from solver.scenario.files import write_scenario
from solver.scenario.model import Scenario

REJECTED_FILE = "rejected.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row (or one value of it) that was not used: where it stands, a stable reason code, and what stood there."""

    file: str
    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """A scenario made from foreign files.

    `read_counts` holds (file, data rows read), `repairs` (rule, rows it was applied to), both in the order of reading;
    `notes` are findings with their numbers. What was made up is in `scenario.assumptions`.
    """

    scenario: Scenario
    rejected: tuple[Rejection, ...]
    read_counts: tuple[tuple[str, int], ...]
    repairs: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()


def write_import(result: ImportResult, out: Path) -> None:
    """Write the scenario folder and `rejected.csv` beside it; the same result gives the same bytes."""
    write_scenario(result.scenario, out)
    with (out / REJECTED_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("file", "line", "reason", "text"))
        writer.writerows((item.file, item.line, item.reason, item.text) for item in result.rejected)


def summary(result: ImportResult) -> str:
    """The import in lines that a person reads."""
    return "\n".join(
        [
            result.scenario.title,
            *_section(
                "Rows read",
                [f"{count:>8,}  {file}" for file, count in result.read_counts],
            ),
            *_section("Made", _made(result.scenario)),
            *_section(
                "Repaired, by rule",
                [f"{count:>8,}  {rule}" for rule, count in result.repairs],
            ),
            *_section("Rejected, by file and reason", _rejected(result.rejected)),
            *_section("Found", list(result.notes)),
            *_section("Assumed", list(result.scenario.assumptions)),
        ]
    )


def _section(heading: str, lines: list[str]) -> list[str]:
    return ["", f"{heading}:", *(f"  {line}" for line in lines or ["nothing"])]


def _made(scenario: Scenario) -> list[str]:
    counts = {
        "orders": len(scenario.orders),
        "order lines": sum(len(order.lines) for order in scenario.orders),
        "units ordered": sum(line.quantity for order in scenario.orders for line in order.lines),
        "sources": len(scenario.sources),
        "materials": len(scenario.materials),
        "stock rows": len(scenario.stock),
        "units in stock": sum(row.units for row in scenario.stock),
        "regions": len(scenario.regions),
        "services": len(scenario.services),
    }
    return [f"{count:>8,}  {noun}" for noun, count in counts.items() if count]


def _rejected(rejected: tuple[Rejection, ...]) -> list[str]:
    counts = Counter((item.file, item.reason) for item in rejected)
    return [f"{count:>8,}  {file or 'whole orders'}: {reason}" for (file, reason), count in sorted(counts.items())]
