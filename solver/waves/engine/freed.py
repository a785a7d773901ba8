"""Memory that is free again is given back to the system: programs leave much of it in pieces."""

import ctypes
import ctypes.util
from collections.abc import Callable


def _trim() -> Callable[[int], int] | None:
    name = ctypes.util.find_library("c")
    return getattr(ctypes.CDLL(name), "malloc_trim", None) if name else None


_TRIM = _trim()


def give_back() -> None:
    """Give all free pages back, where the C library can (glibc); elsewhere nothing happens."""
    if _TRIM is not None:
        _TRIM(0)
