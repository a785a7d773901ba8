"""How time and memory of waves grow with the number of orders: a table, and a plot as SVG."""

from collections.abc import Iterator, Sequence
from math import log10
from pathlib import Path

from benchmarks.wave_runs import Run, Size, run

SIZES = tuple(
    Size(orders=orders, sources=max(30, orders // 20), skus=max(100, orders // 2), seconds=orders * 0.003 + 1)
    for orders in (100, 300, 1_000, 3_000, 10_000, 20_000)
)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 420, 70, 70, 40, 60
_SERIES = (
    ("engine, s", "seconds", "#1f77b4"),
    ("layout, s", "layout_seconds", "#2ca02c"),
    ("peak memory, MB", "peak_mb", "#d62728"),
)


def growth(svg: Path, most_orders: int, *, processor: bool) -> Iterator[str]:
    """One instance a size, its time limit in proportion to its orders; writes the plot to `svg`."""
    yield "| orders x sources x SKUs | entries | layout, s | engine, s | processor s | gap | laid out, MB | peak, MB |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    runs = []
    for size in SIZES:
        if size.orders > most_orders:
            continue
        one = run(size, 1, processor=processor)
        runs.append(one)
        yield (
            f"| {size.title} | {one.entries:,} | {one.layout_seconds:.2f} | {one.seconds:.1f} "
            f"| {one.processor_seconds:.1f} | {one.gap:.2%} | {one.laid_mb:,} | {one.peak_mb:,} |"
        )
    svg.write_text(plot(runs), "utf-8")
    yield ""


def plot(runs: Sequence[Run]) -> str:
    """Both axes logarithmic; seconds and megabytes share the upright one."""
    values = [float(getattr(one, name)) for _, name, _ in _SERIES for one in runs]
    x_ends, y_ends = _decades([one.orders for one in runs]), _decades(values)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_WIDTH / 2}" y="20" text-anchor="middle">Waves: time and memory by number of orders</text>',
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 15}" text-anchor="middle">orders (20 a source, 2 a SKU)</text>',
    ]
    for power in range(x_ends[0], x_ends[1] + 1):
        x = _x(10.0**power, x_ends)
        lines.append(_line(x, _TOP, x, _HEIGHT - _BOTTOM))
        lines.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(y_ends[0], y_ends[1] + 1):
        y = _y(10.0**power, y_ends)
        lines.append(_line(_LEFT, y, _WIDTH - _RIGHT, y))
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    for at, (label, name, colour) in enumerate(_SERIES):
        points = [(_x(one.orders, x_ends), _y(float(getattr(one, name)), y_ends)) for one in runs]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        lines.append(f'<text x="{_LEFT + 12}" y="{_TOP + 18 + 16 * at}" fill="{colour}">{label}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values."""
    least, most = log10(max(1e-3, min(values))), log10(max(values))
    return int(least // 1), int(-(-most // 1))


def _x(value: float, ends: tuple[int, int]) -> float:
    return _LEFT + (log10(value) - ends[0]) / max(1, ends[1] - ends[0]) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, ends: tuple[int, int]) -> float:
    share = (log10(max(1e-3, value)) - ends[0]) / max(1, ends[1] - ends[0])
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'
