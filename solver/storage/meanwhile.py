"""What a thread may do before it waits for a commit: a server's next call, say, whose act then shares that commit."""

import threading
from collections.abc import Callable
from typing import TypeAlias

Meanwhile: TypeAlias = Callable[[], bool]  # does one thing, to its end; False where there is nothing to be done

_own = threading.local()


def do_meanwhile(what: Meanwhile | None) -> None:
    """From now on this thread does this before it waits; None: nothing."""
    _own.what = what


def of_this_thread() -> Meanwhile | None:
    """What this thread does before it waits."""
    what: Meanwhile | None = getattr(_own, "what", None)
    return what
