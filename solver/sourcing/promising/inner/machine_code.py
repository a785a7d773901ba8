"""Compilation of these loops, as `exact.jit` does it, in a folder named by the sources of all that they call."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from solver.sourcing.exact import jit
from solver.sourcing.snapshot.inner import machine_code

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function as machine code, or as it stands without numba. Integer overflow is not checked."""
    return jit.machine_code(function, _FOLDER, forceinline=True)


def inner(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """As `compiled`, for a function that only compiled ones call, see `jit.inner`."""
    return jit.machine_code(function, _FOLDER, forceinline=True, no_cpython_wrapper=True)


def _cache_folder() -> str:
    """Beside the snapshot's own folder; "" where that has none."""
    if not machine_code._FOLDER:
        return ""
    here = Path(__file__).resolve().parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    beside = Path(machine_code._FOLDER)
    folder = beside.with_name(f"{beside.name}-{hashlib.sha256(sources).hexdigest()[:16]}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)


_FOLDER = _cache_folder()
