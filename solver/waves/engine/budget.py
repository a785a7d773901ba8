"""What is left of a wave's time, and why its work ended."""

from collections.abc import Callable

from solver.waves.limits import Watch, WaveLimits

_LEAST_WINDOW = 0.1  # of all

_FIRST_STEPS = 3  # that may take longer than those that follow


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

    def spent_until(self, part: float) -> Callable[[], float]:
        """What part is gone of the time from now until this part of all; a tenth of all at least. Cancelled: 1."""
        begun, limit = self.seconds, self._limit

        def spent() -> float:
            if limit is None:
                return float(self.is_over())
            window = max(part * limit - begun, _LEAST_WINDOW * limit)
            gone = (self.seconds - begun) / window if window else 1.0
            return 1.0 if self.watch.is_cancelled() and self.is_over() else gone

        return spent

    def left_until(self, part: float) -> float | None:
        """Seconds until this part of the time is spent; None: any number."""
        return None if self._limit is None else max(0.0, part * self._limit - self.seconds)

    def is_over(self, part: float = 1.0) -> bool:
        """Whether this part of the time is spent, or the caller has had enough."""
        if self.watch.is_cancelled():
            self.reason = "cancelled"
        elif self._limit is not None and self.seconds >= part * self._limit:
            self.reason = "time_limit"
        else:
            return False
        return True


class Pace:
    """How many steps of a piece of work there is time for, as far as those that are done can tell.

    So what falls with the steps, as prices' moves and warmth do, has fallen when the time is up.
    """

    def __init__(self, budget: Budget, steps: int, until: float) -> None:
        """`until`: the part of the time at which the work ends."""
        self._budget, self._all, self._until = budget, steps, until
        self._begun = budget.seconds

    def steps(self, done: int) -> int:
        """How many steps there will be in all, `done` of which are."""
        left = self._budget.left_until(self._until)
        if left is None or done < _FIRST_STEPS:
            return self._all
        fit = done + int(left * done / max(1e-9, self._budget.seconds - self._begun))
        if done >= fit < self._all:
            self._budget.reason = "time_limit"
        return min(self._all, fit)
