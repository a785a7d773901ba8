"""XML from outside, read within limits: no document types, no entities of its own, no depth or size without end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from solver.errors import InvalidRequest, Violations

MOST_BYTES = 20 * 1024 * 1024
MOST_NODES = 200_000
MOST_DEPTH = 64


@dataclass(slots=True)
class Node:
    """An element by its local name, with its own text."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Node"]:
        """Every element of this name within it, in document order, itself too."""
        if self.name == name:
            yield self
        for child in self.children:
            yield from child.all(name)

    def first(self, name: str) -> "Node | None":
        """The first of them."""
        return next(self.all(name), None)

    def said(self, *names: str) -> str:
        """The text of the first element that has any under one of these names, tried in their order."""
        for name in names:
            for node in self.all(name):
                if node.text.strip():
                    return node.text.strip()
        return ""


class _Forbidden(Exception):
    """What XML allows and we do not read."""


def read_xml(data: bytes, origin: str) -> Node:
    """The document's root. Raises InvalidRequest, with the line, for what is no XML or goes beyond the limits."""
    if len(data) > MOST_BYTES:
        _refuse(origin, 1, f"{len(data):,} bytes", f"a document has at most {MOST_BYTES:,} bytes")
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = reading.forbidden
    parser.EntityDeclHandler = reading.forbidden
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last part
    except _Forbidden as found:
        _refuse(origin, parser.CurrentLineNumber, str(found), "send the document as the tax authority made it")
    except (expat.ExpatError, LookupError, ValueError) as error:
        _refuse(origin, getattr(error, "lineno", 1), str(error), "this is no XML; is the file complete?")
    assert reading.root is not None, "what was parsed to its end has a root"
    return reading.root


class _Reading:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._nodes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(self._open) >= MOST_DEPTH:
            raise _Forbidden("too many elements, or too deep")
        node = Node(name=_local(name), attributes={_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].text += text

    def forbidden(self, *_declared: object) -> None:
        raise _Forbidden("a document type or an entity")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(origin: str, line: int, value: str, remedy: str) -> None:
    violations = Violations()
    violations.add(f"{origin}:{line}", value, remedy)
    raise InvalidRequest("the invoice's file", violations.found)
