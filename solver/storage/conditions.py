"""Conditions of a schema in one spelling, so that what a store says of them can be held against what was said to it."""

import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"""'(?:[^']|'')*'|::\s*[a-z]+(?:\[\])?|COLLATE\s+"C"|<>|!=|<=|>=|\w+|[^\s]""", re.IGNORECASE)
_WORDS = {"AND", "BETWEEN", "IN", "IS", "NOT", "NULL", "OR"}
_SAME = {"!=": "<>"}


def condition(sql: str) -> str:
    """A condition without brackets, casts and collations; lists as `IN`, ranges as two comparisons.

    PostgreSQL keeps `x IN (1, 2)` as `(x = ANY (ARRAY[1, 2]))`, and brackets every operation.
    """
    tokens = [_SAME.get(token, token) for token in map(_spelled, _TOKEN.findall(sql)) if token]
    joined = " ".join(_without_ranges(tokens)).replace(" ,", ",")
    return joined.replace("= any array", "IN").replace("<> all array", "NOT IN")


def checks_of(table_sql: str) -> Iterator[str]:
    """The condition of every `CHECK` of a `CREATE TABLE`."""
    found = list(_TOKEN.finditer(table_sql))
    for at, token in enumerate(found):
        if token[0].upper() == "CHECK":
            last = _closing(found, at + 1)
            yield condition(table_sql[found[at + 1].start() : found[last].end()])


def _spelled(part: str) -> str:
    """A token as it is compared; empty for what says nothing."""
    if part in "()[]" or part.startswith("::") or part.upper().startswith("COLLATE"):
        return ""
    if part.startswith("'"):
        return part
    return part.upper() if part.upper() in _WORDS else part.lower()


def _without_ranges(tokens: Sequence[str]) -> Iterator[str]:
    """`x BETWEEN a AND b` as `x >= a AND x <= b`, of single words."""
    at = 0
    while at < len(tokens):
        if tokens[at + 1 : at + 2] == ["BETWEEN"]:
            of, _, least, _, most = tokens[at : at + 5]
            yield from (of, ">=", least, "AND", of, "<=", most)
            at += 5
        else:
            yield tokens[at]
            at += 1


def _closing(tokens: Sequence[re.Match[str]], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[at][0], 0)
        if depth == 0:
            return at
    raise ValueError("a CHECK has no end")
