"""Wakes whoever waits for the feed to go on."""

import threading
from collections.abc import Callable


class Bell:
    """Knows the feed's last number. Rung by the publisher, heard by any number of watchers."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._silent = False

    @property
    def is_silent(self) -> bool:
        """True once no more is to come."""
        return self._silent

    def ring(self, number: int) -> None:
        """The feed stands at this number now."""
        with self._changed:
            if number > self._number:
                self._number = number
                self._changed.notify_all()

    def wake(self) -> None:
        """Let everyone who waits look again whether he still has to."""
        with self._changed:
            self._changed.notify_all()

    def fall_silent(self) -> None:
        """No more is to come: nobody waits any longer."""
        with self._changed:
            self._silent = True
            self._changed.notify_all()

    def wait(self, beyond: int, seconds: float, wanted: Callable[[], bool]) -> bool:
        """Wait until the feed stands beyond a number; False after so many seconds, or when it is wanted no longer."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > beyond or self._silent or not wanted(), timeout=seconds)
            return self._number > beyond
