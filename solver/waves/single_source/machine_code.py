"""Compilation of this search's inner loops, as `exact.jit` does it, in a folder named by the sources of both."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from solver.sourcing.exact import jit

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function as machine code, or as it stands without numba. Integer overflow is not checked."""
    if jit.numba is None:
        return function
    keep = jit.numba.config.CACHE_DIR
    jit.numba.config.CACHE_DIR = _FOLDER
    try:
        machine_code: Any = jit.numba.njit(function, cache=bool(_FOLDER), nogil=True, boundscheck=False)
    finally:
        jit.numba.config.CACHE_DIR = keep
    kernel: Callable[_Arguments, _Result] = machine_code
    return kernel


def inlined(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """As `compiled`, but made a part of the functions that call it: for what they call in their innermost loops."""
    if jit.numba is None:
        return function
    machine_code: Any = jit.numba.njit(function, inline="always", boundscheck=False)
    kernel: Callable[_Arguments, _Result] = machine_code
    return kernel


def _cache_folder() -> str:
    """Beside the exact engine's own folder; "" where that has none."""
    if not jit._FOLDER:
        return ""
    here = Path(__file__).resolve().parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    beside = Path(jit._FOLDER)
    folder = beside.with_name(f"{beside.name}-single-{hashlib.sha256(sources).hexdigest()[:16]}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)


_FOLDER = _cache_folder()
