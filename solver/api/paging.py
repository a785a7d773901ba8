"""Pages of a sorted list: a token names the last row of the page before, so rows added meanwhile disturb nothing."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from solver.errors import FieldViolation, InvalidRequest

Row = TypeVar("Row")


def page(
    rows: Sequence[Row], key: Callable[[Row], str], *, page_size: int, page_token: str, most: int
) -> tuple[Sequence[Row], str]:
    """The page after `page_token` of rows sorted by `key`, and the token of the next (empty after the last)."""
    _refuse_size(page_size, most)
    begin = bisect_right(rows, _last_key(page_token), key=key) if page_token else 0
    shown = rows[begin : begin + (page_size or most)]
    more = begin + len(shown) < len(rows)
    return shown, base64.urlsafe_b64encode(key(shown[-1]).encode()).decode() if more else ""


def page_after(
    rows_after: Callable[[str, int], Sequence[Row]],
    key: Callable[[Row], str],
    *,
    page_size: int,
    page_token: str,
    most: int,
) -> tuple[Sequence[Row], str]:
    """As `page`, of rows that are read when they are asked for: at most so many behind a key."""
    _refuse_size(page_size, most)
    wanted = page_size or most
    found = rows_after(_last_key(page_token) if page_token else "", wanted + 1)
    shown = found[:wanted]
    return shown, base64.urlsafe_b64encode(key(shown[-1]).encode()).decode() if len(found) > wanted else ""


def _refuse_size(page_size: int, most: int) -> None:
    if not 0 <= page_size <= most:
        violation = FieldViolation(
            field="page_size", value=str(page_size), remedy=f"ask for 1 to {most}, or 0 for {most}"
        )
        raise InvalidRequest("the page", [violation])


def _last_key(page_token: str) -> str:
    try:
        return base64.b64decode(page_token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        violation = FieldViolation(
            field="page_token", value=repr(page_token[:80]), remedy="send back the next_page_token of the page before"
        )
        raise InvalidRequest("the page", [violation]) from error
