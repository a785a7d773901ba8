"""Starts the server of this container, in place of itself, with the arguments that it was given.

Numba reads what was compiled only from where it may write. Where the root is read-only, what the image has is copied
into a temporary folder first; where there is none of these either, the server compiles anew, and says so.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import MutableMapping
from contextlib import suppress

CACHE = "NUMBA_CACHE_DIR"


def find_kernels(environment: MutableMapping[str, str]) -> None:
    """Let the environment name a folder of compiled functions that may be written."""
    kept = environment.get(CACHE)
    if kept is None or os.access(kept, os.W_OK):
        return
    with suppress(OSError):
        environment[CACHE] = shutil.copytree(kept, tempfile.mkdtemp(prefix="kernels-"), dirs_exist_ok=True)


if __name__ == "__main__":
    find_kernels(os.environ)
    os.execv(sys.executable, [sys.executable, "server.py", *sys.argv[1:]])  # noqa: S606 - our own server
