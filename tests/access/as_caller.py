"""Work as a caller, as the server does it: each call in a context of its own."""

from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

from solver.access.caller import Caller, set_caller

Answer = TypeVar("Answer")


def as_caller(caller: Caller, act: Callable[[], Answer]) -> Answer:
    """What an act comes to on behalf of a caller."""

    def acted() -> Answer:
        set_caller(caller)
        return act()

    return copy_context().run(acted)
