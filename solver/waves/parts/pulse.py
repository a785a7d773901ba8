"""Whether an executor still has anybody who works."""

import logging
import time
from collections.abc import Callable

_ASK_EVERY_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Pulse:
    """Asks how many workers there are; without any for `patience_seconds` on end they are gone, until some come back.

    `workers` raises OSError or RuntimeError where nobody answers.
    """

    def __init__(
        self, workers: Callable[[], int], *, patience_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._workers = workers
        self._patience = patience_seconds
        self._clock = clock
        self._seen_at = self._asked_at = clock()
        self._is_gone = False

    def is_gone(self) -> bool:
        """Cheap enough to be asked again and again."""
        if self._clock() - self._asked_at >= _ASK_EVERY_SECONDS:
            there = self._count()
            self._asked_at = self._clock()
            self._seen_at = self._asked_at if there else self._seen_at
            was_gone, self._is_gone = self._is_gone, self._asked_at - self._seen_at >= self._patience
            if self._is_gone and not was_gone:
                _log.warning(
                    "no worker of the cluster has answered for %.0f s: what it had is decided here; start workers, or "
                    "state a time limit",
                    self._patience,
                )
        return self._is_gone

    def _count(self) -> int:
        try:
            return self._workers()
        except (OSError, RuntimeError):
            return 0
