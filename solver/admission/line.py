"""The line in which calls wait for a worker: bounded, fair between callers, and without calls that come too late.

Fair means by what calls cost: each caller's calls stand on a time line of the caller's own, one after the other, each
as long as its method takes on average; the call that begins first on any of them is next. A caller who sends ten times
as many calls thus gets no more of the workers than another one who wants as much as he can get.
"""

import heapq
from collections import deque
from collections.abc import Mapping

from solver.admission.model import Cause, LineLimits, TurnedAway, WaitingCall
from solver.admission.service_times import ServiceTimes

SHORTEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.05, 10.0
_MARGIN = 1.25  # waiting is taken to last so many times as long as reckoned: one let in too late costs a whole call
_NO_ONE: tuple[TurnedAway, ...] = ()
_NO_SHARES: Mapping[str, float] = {}


class _Party:
    """A caller who has calls in the line, or had some since it was last empty."""

    __slots__ = ("backlog_seconds", "calls", "reached", "share")

    def __init__(self, reached: float, share: float) -> None:
        self.calls: deque[tuple[WaitingCall, float]] = deque()  # each with where it begins, in order
        self.backlog_seconds = 0.0
        self.reached = reached
        self.share = share


class FairLine:
    """Calls in the order in which they are to be worked on. For one thread at a time, or under the lock of its user.

    `shares` says how much more than another a caller may have; who is not named has 1. Times are seconds of any
    stopwatch.
    """

    def __init__(self, limits: LineLimits, times: ServiceTimes, shares: Mapping[str, float] = _NO_SHARES) -> None:
        self.limits = limits
        self._times = times
        self._shares = shares
        self._heap: list[tuple[float, int, WaitingCall]] = []
        self._parties: dict[str, _Party] = {}
        self._reached = 0.0
        self._number = 0
        self._waiting = 0
        self._backlog_seconds = 0.0
        self._running_seconds = 0.0
        self.running = 0

    def __len__(self) -> int:
        return self._waiting

    def join(self, call: WaitingCall, now: float) -> tuple[TurnedAway, ...]:
        """Let the call in, to run or to wait; who is turned away for it, which may be the call itself."""
        times, method = self._times, call.method
        call.cost_seconds = times.mean_seconds(method)
        own_seconds = times.quick_seconds(method)
        if self.running < self.limits.workers and not self._waiting:
            if now + own_seconds > call.ends_at and not times.is_doubtful(method, now):
                return (self._turned_away(call, Cause.LATE),)
            self._run(call)
            return _NO_ONE
        if self._is_late(call, now, own_seconds):
            return (self._turned_away(call, Cause.LATE),)
        pushed_out = _NO_ONE
        if self._waiting >= self.limits.waiting_calls:
            longest = max(self._parties.values(), key=_backlog, default=None)
            party = self._parties.get(call.caller_id)
            mine = call.cost_seconds / self._share(call.caller_id) + (0.0 if party is None else _backlog(party))
            if longest is None or longest is party or mine >= _backlog(longest):
                return (self._turned_away(call, Cause.FULL),)
            pushed_out = (self._turned_away(self._leave(longest), Cause.FULL),)
        self._stand(call)
        return pushed_out

    def next(self, now: float) -> tuple[WaitingCall | None, tuple[TurnedAway, ...]]:
        """The call to work on now, if any waits; and who waited until it was too late."""
        late: list[TurnedAway] = []
        while self._heap:
            begins, _, call = heapq.heappop(self._heap)
            if not call.is_waiting:
                continue
            self._reached = max(self._reached, begins)
            party = self._parties[call.caller_id]
            party.calls.popleft()
            self._forget(call, party)
            if now + self._times.quick_seconds(call.method) > call.ends_at:
                late.append(self._turned_away(call, Cause.LATE))
                continue
            self._run(call)
            return call, tuple(late)
        return None, tuple(late)

    def done(self, call: WaitingCall) -> None:
        """A call that ran has ended."""
        self.running -= 1
        self._running_seconds = max(0.0, self._running_seconds - call.cost_seconds) if self.running else 0.0

    def _run(self, call: WaitingCall) -> None:
        self.running += 1
        self._running_seconds += call.cost_seconds

    def _is_late(self, call: WaitingCall, now: float, own_seconds: float) -> bool:
        """Whether it cannot be answered in time behind those who wait before it."""
        room = min(call.ends_at - now - own_seconds, self.limits.waiting_seconds)
        most = room * self.limits.workers / _MARGIN
        before = self._running_seconds / 2
        if before + self._backlog_seconds <= most:  # as the last of all it would still be in time
            return False
        return before + self._before(call) > most

    def _before(self, call: WaitingCall) -> float:
        """Seconds of work that come before the call: all of its caller's own, and as much of every other caller."""
        party = self._parties.get(call.caller_id)
        own = 0.0 if party is None else party.backlog_seconds
        reach = (own + call.cost_seconds) / self._share(call.caller_id)
        others = (one for one in self._parties.values() if one is not party)
        return own + sum(min(one.backlog_seconds, reach * one.share) for one in others)

    def _stand(self, call: WaitingCall) -> None:
        party = self._parties.get(call.caller_id) or self._new_party(call.caller_id)
        begins = max(party.reached, self._reached)
        party.reached = begins + call.cost_seconds / party.share
        party.calls.append((call, begins))
        party.backlog_seconds += call.cost_seconds
        self._backlog_seconds += call.cost_seconds
        self._waiting += 1
        self._number += 1
        call.is_waiting = True
        heapq.heappush(self._heap, (begins, self._number, call))

    def _new_party(self, caller_id: str) -> _Party:
        if len(self._parties) > 2 * self.limits.waiting_calls:
            left = [one for one, party in self._parties.items() if not party.calls and party.reached <= self._reached]
            for one in left:
                del self._parties[one]
        party = self._parties[caller_id] = _Party(self._reached, self._share(caller_id))
        return party

    def _leave(self, party: _Party) -> WaitingCall:
        """Take the newest call of a caller out of the line."""
        call, party.reached = party.calls.pop()
        self._forget(call, party)
        return call

    def _forget(self, call: WaitingCall, party: _Party) -> None:
        call.is_waiting = False
        self._waiting -= 1
        if self._waiting:
            self._backlog_seconds -= call.cost_seconds
            party.backlog_seconds = party.backlog_seconds - call.cost_seconds if party.calls else 0.0
            return
        self._backlog_seconds = self._reached = 0.0
        self._parties.clear()
        self._heap.clear()

    def _turned_away(self, call: WaitingCall, cause: Cause) -> TurnedAway:
        seconds = (self._backlog_seconds + self._running_seconds / 2) / self.limits.workers
        retry = min(max(seconds, SHORTEST_RETRY_SECONDS), LONGEST_RETRY_SECONDS)
        return TurnedAway(call=call, cause=cause, retry_seconds=retry)

    def _share(self, caller_id: str) -> float:
        return self._shares.get(caller_id, 1.0)


def _backlog(party: _Party) -> float:
    return party.backlog_seconds / party.share
