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
    return machine_code(function, _FOLDER)


def inner(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """As `compiled`, for a function that only compiled ones call.

    To take a function's arguments from Python takes code of its own, which for dozens of arrays takes long to compile.
    """
    return machine_code(function, _FOLDER, no_cpython_wrapper=True)


def machine_code(
    function: Callable[_Arguments, _Result], folder: str, **options: bool
) -> Callable[_Arguments, _Result]:
    """The function compiled by numba with these options, kept in the folder ("": nowhere). C cannot call it."""
    if numba is None:
        return function
    keep = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = folder
    try:
        made: Any = numba.njit(
            function, cache=bool(folder), nogil=True, boundscheck=False, no_cfunc_wrapper=True, **options
        )
    finally:
        numba.config.CACHE_DIR = keep
    _compile_once_for_any_number(made)
    kernel: Callable[_Arguments, _Result] = made
    return kernel


def _compile_once_for_any_number(function: Any) -> None:
    """Where it is called with a constant, let it not be compiled for that number and again for all others."""
    template_of = getattr(function, "get_call_template", None)
    if template_of is None:  # NUMBA_DISABLE_JIT leaves it as it stands
        return

    def template_of_any(arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        plain = tuple(numba.types.unliteral(one) for one in arguments)
        return template_of(plain, {name: numba.types.unliteral(one) for name, one in named.items()})

    function.get_call_template = template_of_any


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
