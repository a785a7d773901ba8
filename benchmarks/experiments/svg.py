"""Small plots as SVG text: named lines of points over one pair of linear axes."""

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 400, 80, 30, 40, 60
_COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f")
_TICKS = 5


def lines(title: str, x_name: str, y_name: str, series: Mapping[str, Points]) -> str:
    """A plot with a mark at every point, and a legend."""
    across, up = _Axis.over([x for of in series.values() for x, _ in of]), _Axis.over([
        y for of in series.values() for _, y in of
    ])  # fmt: skip
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_WIDTH / 2, 20, title, "middle"),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 15, x_name, "middle"),
        f'<text transform="translate(16 {_HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(y_name)}</text>',
    ]
    for tick in across.ticks():
        drawn.append(_line(_x(across, tick), _TOP, _x(across, tick), _HEIGHT - _BOTTOM))
        drawn.append(_text(_x(across, tick), _HEIGHT - _BOTTOM + 18, f"{tick:g}", "middle"))
    for tick in up.ticks():
        drawn.append(_line(_LEFT, _y(up, tick), _WIDTH - _RIGHT, _y(up, tick)))
        drawn.append(_text(_LEFT - 8, _y(up, tick) + 4, f"{tick:g}", "end"))
    for at, (name, points) in enumerate(series.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        placed = [(_x(across, x), _y(up, y)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in placed]
        drawn.append(_text(_WIDTH - _RIGHT - 6, _TOP + 16 + 16 * at, name, "end", colour))
    return "\n".join([*drawn, "</svg>", ""])


class _Axis:
    """From a round number below the least value to one above the greatest."""

    def __init__(self, low: float, high: float, step: float) -> None:
        self.low, self.high, self.step = low, high, step

    @classmethod
    def over(cls, values: Sequence[float]) -> "_Axis":
        low, high = min(values), max(values)
        rough = (high - low or abs(high) or 1.0) / _TICKS
        power = 10.0 ** floor(log10(rough))
        step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough)
        return cls(floor(low / step) * step, -floor(-high / step) * step, step)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + self.step * at, 12) for at in range(count + 1)]

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low or 1.0)


def _x(axis: _Axis, value: float) -> float:
    return _LEFT + axis.share(value) * (_WIDTH - _LEFT - _RIGHT)


def _y(axis: _Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - axis.share(value) * (_HEIGHT - _TOP - _BOTTOM)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#000") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
