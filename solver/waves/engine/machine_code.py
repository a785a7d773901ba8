"""Compilation of the inner loops of waves, as `exact.jit` does it, in a folder named by the sources of both rooms."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from solver.sourcing.exact import jit
from solver.waves import case

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function as machine code, or as it stands without numba. Integer overflow is not checked.

    It may make no arrays, and counts no references to those that it is given: for short functions that take many arrays
    that counting, which threads would do by turns, takes longer than what they do.
    """
    return _compiled(function, counts_references=False)


def allocating(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """As `compiled`, for functions that make arrays."""
    return _compiled(function, counts_references=True)


def _compiled(function: Callable[_Arguments, _Result], *, counts_references: bool) -> Callable[_Arguments, _Result]:
    if jit.numba is None:
        return function
    keep = jit.numba.config.CACHE_DIR
    jit.numba.config.CACHE_DIR = _FOLDER
    try:
        machine_code: Any = jit.numba.njit(
            function, cache=bool(_FOLDER), nogil=True, boundscheck=False, _nrt=counts_references
        )
    finally:
        jit.numba.config.CACHE_DIR = keep
    kernel: Callable[_Arguments, _Result] = machine_code
    return kernel


def _cache_folder() -> str:
    """Beside the exact engine's own folder; "" where that has none."""
    if not jit._FOLDER:
        return ""
    here = Path(__file__).resolve().parent
    sources = [Path(case.__file__), *sorted(here.glob("*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    beside = Path(jit._FOLDER)
    folder = beside.with_name(f"{beside.name}-waves-{digest}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)


_FOLDER = _cache_folder()
