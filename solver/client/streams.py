"""Streams that last: one that was silent for too long is cancelled, and resumed after a rest."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import grpc

RESUMED = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.RESOURCE_EXHAUSTED})
_LONGEST_REST_SECONDS = 5.0
_SHORTEST_REST_SECONDS = 0.05


class Rest:
    """What is waited between two tries: longer each time, until something comes again."""

    def __init__(self, sleep: Callable[[float], object]) -> None:
        self._sleep = sleep
        self._seconds = _SHORTEST_REST_SECONDS

    def take(self) -> None:
        """Wait."""
        self._sleep(self._seconds)
        self._seconds = min(2 * self._seconds, _LONGEST_REST_SECONDS)

    def is_over(self) -> None:
        """Something came."""
        self._seconds = _SHORTEST_REST_SECONDS


def answers_of(answers: Any, heartbeat: timedelta) -> Iterator[Any]:
    """The answers of a stream; three heartbeats of silence end it: a peer that vanished closes nothing."""
    watchdog = _Watchdog(answers.cancel, 3 * heartbeat.total_seconds())
    try:
        for answer in answers:
            watchdog.heard()
            yield answer
    finally:
        watchdog.end()
        answers.cancel()


class _Watchdog:
    def __init__(self, cancel: Callable[[], object], patience_seconds: float) -> None:
        self._cancel = cancel
        self._patience = patience_seconds
        self._heard_at = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="stream-watchdog", daemon=True).start()

    def heard(self) -> None:
        """Something came."""
        self._heard_at = time.monotonic()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(max(self._heard_at + self._patience - time.monotonic(), 0.0)):
            if time.monotonic() >= self._heard_at + self._patience:
                self._cancel()
                return
