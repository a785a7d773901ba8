"""The table of settings in docs/configuration.md: `python -m solver.settings.table docs/configuration.md` writes it."""

import sys
from pathlib import Path

from solver.settings.settings import SETTINGS
from solver.settings.shown import masked

BEGIN, END = "<!-- settings: begin -->\n", "<!-- settings: end -->\n"


def table() -> str:
    """A row for every setting, in the order of the sections."""
    rows = ["| setting | meaning | allowed | default | option |", "|---|---|---|---|---|"]
    for one in SETTINGS.values():
        default = "none" if one.default is None else f"`{masked(one, one.default)}`"
        rows.append(f"| `{one.path}` | {one.meaning} | {one.allowed} | {default} | `{one.option}` |")
    return "\n".join((*rows, ""))


def with_table(page: str) -> str:
    """The page with the table as it is now between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text("utf-8")), "utf-8")
