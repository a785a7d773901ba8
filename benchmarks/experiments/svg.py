"""Small plots as SVG text: lines of points over two axes, and rows of means with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.experiments.svg_parts import LETTER, Axis, line, mark, sheet, stroke, text, upright

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _EDGE = 760, 400, 80, 40, 60, 30
_ROW, _BETWEEN = 18, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A mean, and how far its interval reaches to either side; 0: none is known."""

    mean: float
    margin: float = 0.0


def lines(title: str, x_name: str, y_name: str, series: Mapping[str, Points]) -> str:
    """A plot with a mark at every point, and a legend to the right of it."""
    across = Axis.over([x for of in series.values() for x, _ in of])
    up = Axis.over([y for of in series.values() for _, y in of])
    right, bottom = _WIDTH - _legend_width(series), _HEIGHT - _BOTTOM
    drawn = [
        *sheet(_WIDTH, _HEIGHT, title),
        text((_LEFT + right) / 2, _HEIGHT - 15, x_name, "middle"),
        upright(20, (_TOP + bottom) / 2, y_name),
        *_marks_across(across, _LEFT, right, bottom),
    ]
    for tick in up.marks:
        y = bottom - up.share(tick) * (bottom - _TOP)
        drawn += [line(_LEFT, y, right, y), text(_LEFT - 8, y + 4, f"{tick:g}", "end")]
    for number, points in enumerate(series.values()):
        placed = [
            (_LEFT + across.share(x) * (right - _LEFT), bottom - up.share(y) * (bottom - _TOP)) for x, y in points
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        drawn.append(f'<polyline class="{stroke(number)}" points="{path}"/>')
        drawn += [mark(x, y, number) for x, y in placed]
    return "\n".join([*drawn, *_legend(series, right), "</svg>", ""])


def dots(title: str, x_name: str, rows: Mapping[str, Mapping[str, Spread]], *, is_log: bool = False) -> str:
    """Rows with a mark for each series that has one there, and its interval as a line; rows and series by name.

    On a logarithmic axis means are above 0; an interval that reaches near 0 or below runs to the axis' end at most.
    """
    spreads = [one for row in rows.values() for one in row.values()]
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    ends = [one.mean + side * one.margin for one in spreads for side in (-1, 1)]
    across = Axis.log_over(_above_nought(spreads)) if is_log else Axis.over([0.0, *ends])
    left = 20 + LETTER * max(map(len, rows))
    right = _WIDTH - (_legend_width(names) if len(names) > 1 else _EDGE)
    height = _TOP + sum(_ROW * len(row) + _BETWEEN for row in rows.values()) + _BOTTOM
    bottom = height - _BOTTOM
    drawn = [
        *sheet(_WIDTH, height, title),
        text((left + right) / 2, height - 15, x_name, "middle"),
        *_marks_across(across, left, right, bottom),
    ]
    y = _TOP + _BETWEEN / 2
    for name, row in rows.items():
        drawn.append(text(left - 10, y + _ROW * len(row) / 2 + 4, name, "end"))
        for one, spread in row.items():
            number, middle = names.index(one), y + _ROW / 2
            low, at, high = (
                left + across.share(spread.mean + side * spread.margin) * (right - left) for side in (-1, 0, 1)
            )
            if spread.margin:
                drawn.append(line(low, middle, high, middle, stroke(number)))
            drawn.append(mark(at, middle, number))
            y += _ROW
        y += _BETWEEN
        drawn.append(line(left, y - _BETWEEN / 2, right, y - _BETWEEN / 2))
    return "\n".join([*drawn, *(_legend(names, right) if len(names) > 1 else ()), "</svg>", ""])


def _above_nought(spreads: Sequence[Spread]) -> list[float]:
    """The ends of all intervals; instead of a low end near or below 0, a quarter of the mean."""
    return [max(one.mean - one.margin, one.mean / 4) for one in spreads] + [one.mean + one.margin for one in spreads]


def _marks_across(axis: Axis, left: float, right: float, bottom: float) -> list[str]:
    drawn = []
    for tick in axis.marks:
        x = left + axis.share(tick) * (right - left)
        drawn += [line(x, _TOP, x, bottom), text(x, bottom + 18, f"{tick:g}", "middle")]
    return drawn


def _legend_width(names: Mapping[str, Points] | Sequence[str]) -> float:
    return 40 + LETTER * max(map(len, names))


def _legend(names: Mapping[str, Points] | Sequence[str], right: float) -> list[str]:
    drawn = []
    for number, name in enumerate(names):
        y = _TOP + 12 + 20 * number
        drawn += [mark(right + 20, y - 4, number), text(right + 32, y, name, "start")]
    return drawn
