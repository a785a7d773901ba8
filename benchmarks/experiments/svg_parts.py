"""What plots are drawn of: axes with round ends, marks of several shapes, and colours for light pages and dark ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

LETTER = 6.6  # usual width of a letter at the font's size
_TICKS = 5
_LIGHT = ("#1c6fb8", "#c92a2a", "#2b8a3e", "#862e9c", "#b35900", "#087f8c", "#7a5230", "#5c636a")
_DARK = ("#74b9ff", "#ff8787", "#69db7c", "#e599f7", "#ffa94d", "#5ce1e6", "#d0a986", "#ced4da")
_SHAPES = (  # around (0, 0)
    "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
    "M-4,-4h8v8h-8z",
    "M0,-5.2L5.2,0L0,5.2L-5.2,0z",
    "M0,-5L4.8,3.6H-4.8z",
    "M0,5L4.8,-3.6H-4.8z",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From a round number at or below the least value to one at or above the greatest."""

    marks: tuple[float, ...]
    is_log: bool = False

    @classmethod
    def over(cls, values: Sequence[float]) -> "Axis":
        """Some five equal steps."""
        low, high = min(values), max(values)
        rough = (high - low or abs(high) or 1.0) / _TICKS
        power = 10.0 ** floor(log10(rough))
        step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough)
        first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
        return cls(marks=tuple(round(step * at, 12) for at in range(first, last + 1)))

    @classmethod
    def log_over(cls, values: Sequence[float]) -> "Axis":
        """Marks at 1, 2, 5, 10, ...; all values above 0."""
        powers = range(floor(log10(min(values))) - 1, ceil(log10(max(values))) + 2)
        every = [round(one * 10.0**power, 12) for power in powers for one in (1, 2, 5)]
        first = max(mark for mark in every if mark <= min(values))
        last = min(mark for mark in every if mark >= max(values) and mark > first)
        return cls(marks=tuple(mark for mark in every if first <= mark <= last), is_log=True)

    def share(self, value: float) -> float:
        """How far along the axis a value lies, 0 to 1; what lies outside, at its end."""
        low, high = self._at(self.marks[0]), self._at(self.marks[-1])
        inside = min(max(value, self.marks[0]), self.marks[-1])
        return (self._at(inside) - low) / (high - low)

    def _at(self, value: float) -> float:
        return log10(value) if self.is_log else value


def sheet(width: float, height: float, title: str) -> list[str]:
    """The beginning of a plot: its colours, its ground, its title."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="{escape(title)}">',
        f"<style>{_style()}</style>",
        f'<rect class="ground" width="{width:g}" height="{height:g}"/>',
        text(width / 2, 20, title, "middle", "title"),
    ]


def text(x: float, y: float, words: str, anchor: str, of: str = "ink") -> str:
    """Words that begin, end or have their middle at x; `of` is a class of colour."""
    return f'<text class="{of}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def upright(x: float, y: float, words: str) -> str:
    """Words that run upwards, their middle at (x, y)."""
    turned = f"translate({x:.1f} {y:.1f}) rotate(-90)"
    return f'<text class="ink" transform="{turned}" text-anchor="middle">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, of: str = "grid") -> str:
    """A straight line; `of` is a class of colour."""
    return f'<line class="{of}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def mark(x: float, y: float, number: int) -> str:
    """A point of the series of that number: of its own shape and colour."""
    shape = _SHAPES[number % len(_SHAPES)]
    return f'<path class="fill{number % len(_LIGHT)}" transform="translate({x:.1f} {y:.1f})" d="{shape}"/>'


def stroke(number: int) -> str:
    """The class of lines of a series."""
    return f"line{number % len(_LIGHT)}"


def _style() -> str:
    light = _colours("#ffffff", "#1f2328", "#d8dee4", _LIGHT)
    dark = _colours("#0d1117", "#e6edf3", "#30363d", _DARK)
    return f".title{{font-weight:bold}}{light}@media (prefers-color-scheme: dark){{{dark}}}"


def _colours(ground: str, ink: str, grid: str, series: Sequence[str]) -> str:
    rules = f".ground{{fill:{ground}}}.ink,.title{{fill:{ink}}}.grid{{stroke:{grid}}}"
    return rules + "".join(
        f".fill{number}{{fill:{one}}}.line{number}{{stroke:{one};fill:none;stroke-width:2}}"
        for number, one in enumerate(series)
    )
