"""Promises are made one after another, in the sequence in which they come.

They share one interpreter: of several that are made side by side each is as late as the last of them. What may take
long leaves its turn to the others.
"""

import threading
from collections import deque


class Turns:
    """Entered by one thread at a time; the others wait in line."""

    def __init__(self) -> None:
        self._gate = threading.Lock()  # guards the two below
        self._waiting: deque[threading.Lock] = deque()  # each is let go of when it is its turn
        self._is_taken = False
        self._own = threading.local()

    def __enter__(self) -> None:
        self._own.is_on = True
        with self._gate:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Let the next go on, where it is this thread's turn."""
        if not getattr(self._own, "is_on", False):
            return
        self._own.is_on = False
        with self._gate:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
