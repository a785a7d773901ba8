"""Ids that nobody can read, such as hashes: shortened in tables, and taken short where a command asks for one."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from solver.client import Client
from solver.errors import XunyuanError

LEAST_SHOWN = 8
CANDIDATES_NAMED = 5
_MARK = "…"
_UNREADABLE = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,})(?![0-9A-Za-z])"
)


class Ambiguous(XunyuanError):
    """What was given is the beginning of several ids."""

    reason = "AMBIGUOUS"


def shortener(texts: Iterable[str]) -> Callable[[str], str]:
    """What shortens the unreadable part of every id in a text, to as much as tells apart all that occur in `texts`."""
    occurring = {found for text in texts for found in _UNREADABLE.findall(text)}
    longest = max(map(len, occurring), default=LEAST_SHOWN)
    shown = next(
        (length for length in range(LEAST_SHOWN, longest) if _are_told_apart(occurring, length)),
        longest,
    )

    def shorten(text: str) -> str:
        return _UNREADABLE.sub(lambda found: _first(found.group(), shown), text)

    return shorten


def shortened_rows(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Rows of a table with its ids shortened."""
    listed = [tuple(row) for row in rows]
    shorten = shortener(cell for row in listed for cell in row)
    return [tuple(map(shorten, row)) for row in listed]


def meant(given: str, known: Collection[str]) -> str:
    """The known id that is given, be it by its beginning alone, as a table shows it; what is not known comes back.

    Raises Ambiguous with the ids that begin like this.
    """
    beginning = given.removesuffix(_MARK)
    if beginning in known:
        return beginning
    found = sorted(one for one in known if one.startswith(beginning))
    if len(found) > 1:
        more = len(found) - CANDIDATES_NAMED
        listed = ", ".join(found[:CANDIDATES_NAMED]) + (f" and {more} more" if more > 0 else "")
        raise Ambiguous(f"{beginning!r} may be {listed}: give more of the one that is meant")
    return found[0] if found else beginning


def plan_meant(client: Client, given: str) -> str:
    """The same of the plans of a service."""
    beginning = given.removesuffix(_MARK)
    return meant(beginning, client.find_plans(beginning)) if beginning else given


def _are_told_apart(ids: Collection[str], length: int) -> bool:
    return len({one[:length] for one in ids}) == len(ids)


def _first(unreadable: str, shown: int) -> str:
    return unreadable if len(unreadable) <= shown + 1 else unreadable[:shown] + _MARK
