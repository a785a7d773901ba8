"""What an experiment found, and its place in the documentation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "experiments"
_BEGIN, _END = "<!-- figures: made by the command above -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`text` is Markdown, mostly tables; `plots` are SVG texts by file name; `figures` what tests hold exactly."""

    text: str
    plots: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, the others to the right."""
    marks = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, marks, *rows))


def write(name: str, found: Found) -> None:
    """Put what was found between the marks of docs/experiments/NAME.md, the plots beside it."""
    page = FOLDER / f"{name}.md"
    before, _, rest = page.read_text("utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    images = "".join(f"\n![{file.removesuffix('.svg')}]({file})\n" for file in found.plots)
    page.write_text(f"{before}{_BEGIN}\n\n{found.text.strip()}\n{images}\n{_END}{after}", "utf-8")
    for file, svg in found.plots.items():
        (FOLDER / file).write_text(svg, "utf-8")
