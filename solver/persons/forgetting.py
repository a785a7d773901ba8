"""The thread that forgets what was kept for long enough."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from solver.storage.errors import StorageUnusable

EVERY_SECONDS = 3_600.0
Forget: TypeAlias = Callable[[timedelta], int]
"""Takes an age, forgets what is older, and says how much that was."""
_log = logging.getLogger(__name__)


class ForgettingThread:
    """Looks once when it begins, and then every hour. `what` is for the log; no age: nothing is ever forgotten."""

    def __init__(
        self, what: str, forget: Forget, older_than: timedelta | None, every_seconds: float = EVERY_SECONDS
    ) -> None:
        self._what = what
        self._forget = forget
        self._older_than = older_than
        self._every_seconds = every_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forgetting", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._older_than is not None:
            self._thread.start()

    def stop(self) -> None:
        """End once the look under way is over."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        assert self._older_than is not None
        while not self._ended.is_set():
            try:
                forgotten = self._forget(self._older_than)
                if forgotten:
                    _log.info("forgot %d %s that were kept for longer than %s", forgotten, self._what, self._older_than)
            except StorageUnusable:  # closed
                return
            except Exception:
                _log.exception("%s could not be forgotten; it is tried again", self._what)
            self._ended.wait(self._every_seconds)
