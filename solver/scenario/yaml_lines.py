"""YAML as plain values, and the line on which each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from solver.errors import Violations


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlDocument:
    """The values, and lines by path (`policy.split_minor`, `disturbances[0].trouble`)."""

    values: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int:
        """The line where this stands, or what it would stand in."""
        while path and path not in self.lines:
            cut = max(path.rfind("."), path.rfind("["), 0)
            path = path[:cut]
        return self.lines.get(path, 1)


def read_yaml(text: str, origin: str, violations: Violations) -> YamlDocument | None:
    """A mapping of names to values; None, with the cause and its line recorded, where the text is none."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            line = 1 if node is None else int(node.start_mark.line) + 1
            violations.add(f"{origin}:{line}", text.strip()[:40], "write names with values: a YAML mapping")
            return None
        lines: dict[str, int] = {}
        _note_lines(node, "", lines, f"{origin}", violations)
        return YamlDocument(values=loader.construct_document(node), lines=lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        violations.add(f"{origin}:{line}", str(error.problem or error.context), "mend it: write a YAML mapping")
    except yaml.reader.ReaderError as error:
        violations.add(f"{origin}:1", str(error), "write text in UTF-8: a YAML mapping")
    finally:
        loader.dispose()
    return None


def _note_lines(node: yaml.Node, path: str, lines: dict[str, int], origin: str, violations: Violations) -> None:
    """Every value's line; a name that stands twice is refused, as the second would silently win."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            at = f"{path}.{key.value}" if path else str(key.value)
            line = int(key.start_mark.line) + 1
            if at in lines:
                violations.add(f"{origin}:{line}: {at}", key.value, f"stands on line {lines[at]} before; say it once")
            lines[at] = line
            _note_lines(value, at, lines, origin, violations)
    elif isinstance(node, yaml.SequenceNode):
        for position, one in enumerate(node.value):
            at = f"{path}[{position}]"
            lines[at] = int(one.start_mark.line) + 1
            _note_lines(one, at, lines, origin, violations)
