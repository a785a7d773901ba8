"""On which line each value of a JSON text stands."""

import json
import re
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_MAP_KEY = re.compile(r"\[([^\]]*[^\]\d][^\]]*)\]")
_LAST_STEP = re.compile(r"(\.[^.\[]*|\[[^\[]*|^[^.\[]+)$")


@dataclass(slots=True)
class _Open:
    """An object or a list that is being read."""

    path: str
    is_list: bool
    position: int = 0
    key: str | None = None

    @property
    def child_path(self) -> str:
        if self.is_list:
            return f"{self.path}[{self.position}]"
        return f"{self.path}.{self.key}" if self.path else str(self.key)

    def next_child(self) -> None:
        """After a comma."""
        self.position += 1
        self.key = None


class JsonLines:
    """The lines of one text, which must be sound JSON; they are counted when the first is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[str, int] = {}

    def of(self, path: str) -> int | None:
        """The line of the value at `orders[0].lines[2].sku`, or of the nearest one around it; None: there is none."""
        self._lines = self._lines or _lines_of(self._text)
        at = _MAP_KEY.sub(r".\1", path)
        while at and at not in self._lines:
            at = _LAST_STEP.sub("", at)
        return self._lines[at] if at else None


def _lines_of(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    within: list[_Open] = []
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted, mark = match.start(), match.group()
        top = within[-1] if within else None
        if mark == ":":
            continue
        if mark in ("}", "]"):
            within.pop()
        elif top is not None and mark == ",":
            top.next_child()
        elif top is not None and not top.is_list and top.key is None:
            top.key = json.loads(mark)
        else:
            path = top.child_path if top is not None else ""
            lines[path] = line
            if mark in ("{", "["):
                within.append(_Open(path, is_list=mark == "["))
    return lines
