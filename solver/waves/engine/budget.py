"""What is left of a wave's time, and why its work ended."""

from solver.waves.limits import Watch, WaveLimits


class Budget:
    """The time allowed, as seen by the watch."""

    def __init__(self, limits: WaveLimits, watch: Watch) -> None:
        self.watch = watch
        self.reason = ""  # "time_limit" or "cancelled" once that has cut the work short
        self._begun = watch.clock()
        self._limit = limits.time_limit_seconds

    @property
    def seconds(self) -> float:
        """Since the work began."""
        return self.watch.clock() - self._begun

    @property
    def left(self) -> float | None:
        """Seconds; None: any number."""
        return None if self._limit is None else max(0.0, self._limit - self.seconds)

    def is_over(self, part: float = 1.0) -> bool:
        """Whether this part of the time is spent, or the caller has had enough."""
        if self.watch.is_cancelled():
            self.reason = "cancelled"
        elif self._limit is not None and self.seconds >= part * self._limit:
            self.reason = "time_limit"
        else:
            return False
        return True
