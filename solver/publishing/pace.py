"""How often a platform is called, by all shops together."""

import threading


class Pace:
    """Gives each call a moment of its own, so many a second; 0: whenever one likes."""

    def __init__(self, calls_per_second: float = 0.0) -> None:
        self._gap = 1 / calls_per_second if calls_per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def moment(self, earliest: float) -> float:
        """The next free moment that is not before `earliest`, in the timer's seconds. It is taken by asking."""
        if not self._gap:
            return earliest
        with self._lock:
            moment = max(earliest, self._next)
            self._next = moment + self._gap
        return moment
