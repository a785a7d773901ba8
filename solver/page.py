"""YAML or JSON text as nodes that know their lines, read strictly: nothing unknown, nothing twice."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

import yaml

from solver.errors import FieldViolation, Violations
from solver.validation import unknown

MOST_CHARACTERS = 65_536
MOST_DEPTH = 8
Fields = dict[str, yaml.Node]


@dataclass(frozen=True, slots=True)
class Page:
    """A document that is being read. Every reading method records what is wrong, with its line, and goes on.

    `noun` is what the document is called in errors.
    """

    origin: str
    noun: str = "policy"
    most_characters: int = MOST_CHARACTERS
    most_depth: int = MOST_DEPTH
    found: list[tuple[int, FieldViolation]] = field(default_factory=list)

    @property
    def violations(self) -> list[FieldViolation]:
        """Everything that is wrong, from the first line to the last."""
        return [violation for _, violation in sorted(self.found, key=lambda one: one[0])]

    def wrong(self, node: yaml.Node, path: str, value: object, remedy: str) -> None:
        """Record a violation where the node stands."""
        self.wrong_on(line_of(node), path, value, remedy)

    def wrong_on(self, line: int, path: str, value: object, remedy: str) -> None:
        """Record a violation on a line."""
        violations = Violations()
        violations.add(path, value, remedy)
        self.retell(violations.found[0], line, path)

    def retell(self, violation: FieldViolation, line: int, path: str) -> None:
        """Record on a line what a check found that knows no lines."""
        at = f"{self.origin}:{line}: {path}" if path else f"{self.origin}:{line}"
        self.found.append((line, FieldViolation(field=at, value=violation.value, remedy=violation.remedy)))

    def judge(self, node: yaml.Node, path: str, check: Callable[[Violations], None]) -> None:
        """Let a check that knows no lines judge what the node says."""
        found = Violations()
        check(found)
        for violation in found.found:
            self.retell(violation, line_of(node), path)

    def compose(self, text: str) -> yaml.Node | None:
        """The whole text as a node; None, with the cause recorded, where it is none."""
        if len(text) > self.most_characters:
            self.wrong_on(1, "", f"{len(text):,} characters", f"write at most {self.most_characters:,}")
            return None
        if text.lstrip().startswith("{"):  # JSON, where a tab is a blank like any other
            text = text.replace("\t", " ")
        try:
            trouble = next(_troubles(text, self.most_depth), None)
            node = None if trouble else yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            trouble, node = (mark.line + 1 if mark else 1, str(error.problem or error.context)), None
        except yaml.reader.ReaderError as error:
            trouble, node = (text.count("\n", 0, error.position) + 1, "there is a character that is no text"), None
        if trouble:
            self.wrong_on(trouble[0], "", "unreadable", f"{trouble[1]}; write YAML or JSON")
        elif node is None:
            self.wrong_on(1, "", "empty", f"write a {self.noun}")
        return node

    def fields(self, node: yaml.Node, path: str, known: Collection[str] | None = None) -> Fields:
        """The node's fields by name; those that are not `known`, or stand there before, are refused."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, path or "the document", shown(node), "write names with values: `name: value`")
            return {}
        found: Fields = {}
        first_lines: dict[str, int] = {}
        for key, value in node.value:
            name = shown(key)
            at = f"{path}.{name}" if path else name
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, path or "the document", name, "a name is a plain text")
            elif known is not None and name not in known:
                self.wrong(key, at, name, unknown(name, known, "field", f"give one of {', '.join(known)}"))
            elif name in found:
                self.wrong(key, at, name, f"stands on line {first_lines[name]} before; say it once")
            else:
                found[name], first_lines[name] = value, line_of(key)
        return found

    def text(self, node: yaml.Node, path: str) -> str:
        """One text, on one line; empty where it is none."""
        if isinstance(node, yaml.ScalarNode) and node.value.isprintable() and node.value.strip():
            return str(node.value)
        self.wrong(node, path, shown(node), "write one text, on one line")
        return ""

    def words(self, node: yaml.Node, path: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        if isinstance(node, yaml.MappingNode):
            self.wrong(node, path, shown(node), "write a list: [one, another]")
            return ()
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        words = [self.text(one, f"{path}[{position}]") for position, one in enumerate(nodes)]
        for position, word in enumerate(words):
            if word and word in words[:position]:
                self.wrong(nodes[position], f"{path}[{position}]", word, "stands twice; name it once")
        return tuple(words)

    def day(self, node: yaml.Node, path: str) -> date | None:
        """A day as YYYY-MM-DD."""
        written = shown(node)
        try:
            day = date.fromisoformat(written)
        except ValueError:
            day = None
        if day is None or day.isoformat() != written:  # Python also reads 20260217 and 2026-W08-2
            self.wrong(node, path, written, "write a day as YYYY-MM-DD")
            return None
        return day


def line_of(node: yaml.Node) -> int:
    """The line where a node begins, from 1."""
    return int(node.start_mark.line) + 1


def shown(node: yaml.Node) -> str:
    """A node as an error shows it."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    return "a list" if isinstance(node, yaml.SequenceNode) else "names with values"


def _troubles(text: str, most_depth: int) -> Iterator[tuple[int, str]]:
    """What YAML allows and a document of ours does not: references, and lists within lists without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            yield line, "references by `&` and `*` are not read"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > most_depth:
            yield line, "too many lists within lists"
