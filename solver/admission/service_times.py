"""How long calls take, by method, learnt from those that were answered."""

from dataclasses import dataclass

UNKNOWN_SECONDS = 0.001  # what a method is taken to cost until one of its calls was measured
_WEIGHT = 0.1  # of the newest call in the mean
_RISE = 0.05  # of the way up that the quick time goes after a slower call; it comes down at once


@dataclass(slots=True)
class _Learnt:
    mean_seconds: float
    quick_seconds: float
    measured_at: float


class ServiceTimes:
    """The mean, and what a quick call takes, by method. For one thread at a time, or under the lock of its user.

    A call that nothing waits for is worked on even where its deadline seems too near, if the method was not measured
    for `doubt_seconds`: what was slow once may be quick again, and nobody would learn it otherwise.
    """

    def __init__(self, doubt_seconds: float = 1.0) -> None:
        self._doubt_seconds = doubt_seconds
        self._learnt: dict[str, _Learnt] = {}

    def note(self, method: str, seconds: float, now: float) -> None:
        """A call took so long."""
        learnt = self._learnt.get(method)
        if learnt is None:
            self._learnt[method] = _Learnt(seconds, seconds, now)
            return
        learnt.mean_seconds += (seconds - learnt.mean_seconds) * _WEIGHT
        rise = learnt.quick_seconds + (seconds - learnt.quick_seconds) * _RISE
        learnt.quick_seconds = min(seconds, rise)
        learnt.measured_at = now

    def mean_seconds(self, method: str) -> float:
        """What a call takes on average, lately."""
        learnt = self._learnt.get(method)
        return UNKNOWN_SECONDS if learnt is None else learnt.mean_seconds

    def quick_seconds(self, method: str) -> float:
        """What a call takes at least, most likely; 0 where nothing is known."""
        learnt = self._learnt.get(method)
        return 0.0 if learnt is None else learnt.quick_seconds

    def is_doubtful(self, method: str, now: float) -> bool:
        """Whether what was learnt is too old to turn a call away by."""
        learnt = self._learnt.get(method)
        return learnt is None or now - learnt.measured_at >= self._doubt_seconds
