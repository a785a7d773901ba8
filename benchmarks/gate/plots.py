"""The history of baselines as a picture: `python -m benchmarks.gate.plots --write` draws docs/images/performance.svg.

One small panel for each benchmark and a line for each class of machines: the median by the calibration loop, against
the first of that class, over the baselines that were kept. Plain SVG, which any browser opens without a network.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.gate.baselines import HISTORY
from benchmarks.gate.turns import ROOT

PICTURE = ROOT / "docs" / "images" / "performance.svg"
COLUMNS, WIDE, HIGH, MARGIN = 4, 250, 96, 12
COLOURS = ("#2563eb", "#d97706", "#059669", "#7c3aed")
LEAST, MOST = 0.5, 2.0  # times the first; beyond is drawn at the edge


def series(lines: Iterable[str]) -> dict[str, dict[str, list[float]]]:
    """By benchmark and class of machines: how many times the first one's, oldest first."""
    found: dict[str, dict[str, list[float]]] = {}
    for line in lines:
        kept: Mapping[str, Any] = json.loads(line)
        for name, ratio in kept["ratios"].items():
            found.setdefault(name, {}).setdefault(kept["machine"], []).append(ratio)
    return {
        name: {machine: [one / ratios[0] for one in ratios] for machine, ratios in machines.items()}
        for name, machines in found.items()
    }


def picture(found: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """All of it as SVG."""
    machines = sorted({machine for machines in found.values() for machine in machines})
    colours = {machine: COLOURS[number % len(COLOURS)] for number, machine in enumerate(machines)}
    rows = -(-len(found) // COLUMNS)
    width, height = COLUMNS * WIDE + MARGIN, rows * HIGH + MARGIN + 20 * (1 + len(machines))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, (name, of) in enumerate(found.items()):
        left, top = MARGIN + number % COLUMNS * WIDE, MARGIN + number // COLUMNS * HIGH
        parts += _panel(name, of, colours, left, top)
    for number, machine in enumerate(machines):
        at = rows * HIGH + MARGIN + 20 * (number + 1)
        parts.append(f'<text x="{MARGIN}" y="{at}" font-size="12" fill="{colours[machine]}">{escape(machine)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(
    name: str, of: Mapping[str, Sequence[float]], colours: Mapping[str, str], left: int, top: int
) -> Iterator[str]:
    wide, high = WIDE - 2 * MARGIN, HIGH - 34
    middle = top + 18 + high / 2
    yield f'<text x="{left}" y="{top + 11}" font-size="11" fill="#111827">{escape(name)}</text>'
    yield f'<rect x="{left}" y="{top + 18}" width="{wide}" height="{high}" fill="#f3f4f6"/>'
    yield f'<line x1="{left}" y1="{middle}" x2="{left + wide}" y2="{middle}" stroke="#9ca3af" stroke-dasharray="3 3"/>'
    for machine, times in of.items():
        step = wide / max(1, len(times) - 1)
        points = [(left + step * number, _height(one, top + 18, high)) for number, one in enumerate(times)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colours[machine]}" stroke-width="2"/>'
        x, y = points[-1]
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[machine]}"/>'
        yield (
            f'<text x="{left + wide}" y="{top + 11}" font-size="11" text-anchor="end" '
            f'fill="{colours[machine]}">x {times[-1]:.2f}</text>'
        )


def _height(times: float, top: float, high: float) -> float:
    """From twice the first at the top to half of it at the bottom; evenly, so that 1 is in the middle."""
    within = min(MOST, max(LEAST, times))
    share = (within - 1) / (MOST - 1) if within >= 1 else -(1 - within) / (1 - LEAST)
    return top + high / 2 * (1 - share)


def main() -> int:
    """Draw and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="into docs/images/performance.svg; else to the screen")
    parser.add_argument("--history", type=Path, default=HISTORY, help="another file of baselines")
    options = parser.parse_args()
    if not options.history.exists():
        parser.error(f"there is no history in {options.history}: keep a baseline first")
    drawn = picture(series(options.history.read_text("utf-8").splitlines()))
    if options.write:
        PICTURE.write_text(drawn, "utf-8")
    else:
        sys.stdout.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
