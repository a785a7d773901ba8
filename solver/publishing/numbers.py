"""Whole numbers and yes or no, read from a page."""

from typing import TypeVar

from solver.page import Fields, Page, shown

MOST = 1_000_000_000_000
N = TypeVar("N", int, None)


def number(
    page: Page, fields: Fields, name: str, path: str, default: int | N, *, least: int = 0, most: int = MOST
) -> int | N:
    """A whole number of `fields`, or the default where it is not said; what is none is recorded."""
    if name not in fields:
        return default
    written = shown(fields[name])
    if written.isascii() and written.isdecimal() and least <= int(written) <= most:
        return int(written)
    page.wrong(fields[name], path, written, f"write a whole number from {least:,} to {most:,}")
    return default


def flag(page: Page, fields: Fields, name: str, path: str) -> bool:
    """Yes or no of `fields`; no where it is not said."""
    written = shown(fields[name]) if name in fields else "false"
    if written not in ("true", "false"):
        page.wrong(fields[name], path, written, "write true or false")
    return written == "true"
