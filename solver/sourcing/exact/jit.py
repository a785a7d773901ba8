"""Compilation of the inner loops by numba, where it is installed.

What is compiled is plain Python over arrays, so without numba the same functions run as they stand. Machine code is
kept on disk in a folder named by the sources it came from, so that it is never stale; where no folder can be written,
it is made anew in each process.
"""

import hashlib
import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

numba: Any = import_module("numba") if find_spec("numba") else None  # the extra `fast` brings it

IS_COMPILED = numba is not None

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function as machine code, or as it stands without numba. Integer overflow is not checked."""
    if numba is None:
        return function
    keep = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _FOLDER
    try:
        machine_code: Any = numba.njit(function, cache=bool(_FOLDER), nogil=True, boundscheck=False)
    finally:
        numba.config.CACHE_DIR = keep
    kernel: Callable[_Arguments, _Result] = machine_code
    return kernel


def _cache_folder() -> str:
    """Where machine code is kept: under NUMBA_CACHE_DIR, beside the sources, or in the user's cache; "" for nowhere."""
    if numba is None:
        return ""
    here = Path(__file__).resolve().parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    name = f"exact-{hashlib.sha256(sources).hexdigest()[:16]}"
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    places = [Path(chosen)] if chosen else [here / "__pycache__", _user_cache()]
    return next((str(place / name) for place in places if _can_write(place / name)), "")


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "xunyuan"


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


_FOLDER = _cache_folder()
