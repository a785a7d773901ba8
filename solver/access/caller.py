"""Who a call comes from, for everything that happens on its behalf."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A party that calls: `caller_id` is the name under which it is known, counted and written down."""

    caller_id: str


LOCAL = Caller(caller_id="local")
"""Whoever calls a server that asks for no token, and what a command does without one."""

_current: ContextVar[Caller] = ContextVar("caller", default=LOCAL)


def current_caller() -> Caller:
    """Whose call is being worked on, on this thread."""
    return _current.get()


def set_caller(caller: Caller) -> None:
    """Work for `caller` for as long as this context lasts: for who gives each call a context of its own."""
    _current.set(caller)


@contextmanager
def on_behalf_of(caller: Caller) -> Iterator[None]:
    """Work for `caller` until the block ends; calls that are answered within one another each keep their own."""
    token = _current.set(caller)
    try:
        yield
    finally:
        _current.reset(token)
