"""How fast callers may ask: buckets that fill with time and are emptied by calls."""

import threading
from collections.abc import Callable

from solver.errors import FieldViolation, InvalidRequest, TooBusy

MOST_REMEMBERED = 10_000  # callers, until those are forgotten who have not asked for a while
_NOTHING = 1e-9  # what reckoning with fractions may lose: who waited as he was told is let in


class Bucket:
    """Holds a share of `most`, at least one, and gets that share back in `seconds`. It is full at first.

    Where somebody takes more than it holds, as he may up to `most`, it must be full, and gives nothing more until the
    rest has come back too.
    """

    __slots__ = ("_at", "_holds", "_left", "_monotonic", "_per_second", "most")

    def __init__(self, most: int, seconds: float, share: float, monotonic: Callable[[], float]) -> None:
        self.most = most
        self._holds = max(most * share, 1.0)
        self._per_second = most * share / seconds
        self._monotonic = monotonic
        self._left = self._holds
        self._at = monotonic()

    @property
    def is_full(self) -> bool:
        """Whether it is as a new one would be."""
        self._fill()
        return self._left >= self._holds

    def wait_seconds(self, amount: int) -> float:
        """Take so much; or take nothing, and say in how many seconds there will be enough. 0: it was taken."""
        self._fill()
        needed = min(float(amount), self._holds)
        if needed <= self._left + _NOTHING:
            self._left -= amount
            return 0.0
        return (needed - self._left) / self._per_second

    def _fill(self) -> None:
        now = self._monotonic()
        self._left = min(self._holds, self._left + (now - self._at) * self._per_second)
        self._at = now


class Rates:
    """The buckets of all callers, of one kind of what they ask for, such as `calls`.

    Of several processes each knows its own calls alone, and allows its share: together they allow what is stated.
    """

    def __init__(
        self, noun: str, per: str, seconds: float, monotonic: Callable[[], float], *, processes: int = 1
    ) -> None:
        self._noun = noun
        self._per = per
        self._seconds = seconds
        self._share = 1 / processes
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}
        self._forgets_at = MOST_REMEMBERED

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._buckets)

    def take(self, caller_id: str, amount: int, most: int) -> None:
        """Take from the caller's bucket. 0 as `most` does not limit.

        Raises TooBusy with the time after which there is enough, and InvalidRequest for more than ever fits.
        """
        if not most or not amount:
            return
        if amount > most:
            remedy = f"ask for at most {most:,} at once, which is what this caller may within a {self._per}"
            violation = FieldViolation(field=self._noun, value=f"{amount:,} {self._noun}", remedy=remedy)
            raise InvalidRequest("the size of the request", [violation])
        with self._lock:
            bucket = self._buckets.get(caller_id)
            if bucket is None or bucket.most != most:
                bucket = self._buckets[caller_id] = self._new_bucket(most)
            wait = bucket.wait_seconds(amount)
        if wait:
            raise TooBusy(
                f"{caller_id} may have {most:,} {self._noun} a {self._per}; try again in {wait:.2f} s",
                retry_seconds=wait,
            )

    def _new_bucket(self, most: int) -> Bucket:
        """A full one; where there are many, those that are full again make room for it."""
        if len(self._buckets) >= self._forgets_at:
            self._buckets = {caller_id: one for caller_id, one in self._buckets.items() if not one.is_full}
            self._forgets_at = max(MOST_REMEMBERED, 2 * len(self._buckets))
        return Bucket(most, self._seconds, self._share, self._monotonic)
