"""What a request says at the paths that `methods.yaml` names. A request is anything with fields as attributes."""

from collections.abc import Iterator, Sequence
from typing import Any

from solver.access.methods import Method
from solver.access.model import Allowance, Dimension
from solver.errors import FieldViolation, InvalidRequest


def values_at(request: Any, path: str) -> Iterator[Any]:
    """Every value at a path, one for each element of the lists on the way; what is absent is an empty text."""
    found = [request]
    for name in path.split("."):
        found = [value for one in found for value in _each(getattr(one, name))]
    yield from found


def concerned_by_fields(method: Method, request: Any, dimension: Dimension) -> frozenset[str]:
    """What a request names of a dimension in its own fields. A message that is empty throughout names nothing."""
    return frozenset(str(value) for path in method.told_by.get(dimension, ()) for value in values_at(request, path))


def refuse_too_many(method: Method, request: Any, allowance: Allowance) -> None:
    """Raise InvalidRequest where a request has more orders, lines or sources than the caller may send."""
    violations = [
        FieldViolation(
            field=path,
            value=f"{count:,} {noun}",
            remedy=f"send at most {most:,}, which is what this caller may; an administrator can raise it",
        )
        for noun, most in (("orders", allowance.orders), ("lines", allowance.lines), ("sources", allowance.sources))
        if most
        for path in method.counts.get(noun, ())
        if (count := max(_lengths(request, path), default=0)) > most
    ]
    if violations:
        raise InvalidRequest("the size of the request", violations)


def holds_of(method: Method, request: Any) -> int:
    """How many holds a request asks for."""
    if getattr(request, "validate_only", False):
        return 0
    if method.holds_once:
        return 1
    return sum(length for path in method.counts.get("holds", ()) for length in _lengths(request, path))


def _each(value: Any) -> Sequence[Any]:
    return value if hasattr(value, "__len__") and not isinstance(value, str | bytes) else (value,)


def _lengths(request: Any, path: str) -> Iterator[int]:
    """How many elements each of the lists at a path has."""
    parent, _, name = path.rpartition(".")
    for one in values_at(request, parent) if parent else (request,):
        yield len(getattr(one, name))
