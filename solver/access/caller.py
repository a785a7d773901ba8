"""Who a call comes from, for everything that happens on its behalf."""

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
