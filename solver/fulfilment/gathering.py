"""Work on things that come one by one: what comes while others are worked on waits, and is worked on together next.

The first to come leads: its thread works on its own and on what came meanwhile. No thread of its own is needed, and
nobody waits for others to come.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from solver.errors import BrokenInvariant, XunyuanError

Item = TypeVar("Item")
Made = TypeVar("Made")
_log = logging.getLogger(__name__)

Work: TypeAlias = Callable[[Sequence[Item]], Sequence[Made | None]]
"""Works on items that came together, and says what came of each."""


class _Seat(Generic[Item, Made]):
    """Where one item waits. The gathering's gate guards it."""

    __slots__ = ("is_done", "item", "leads", "made", "turn")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.made: Made | None = None
        self.is_done = self.leads = False
        self.turn = threading.Lock()  # let go of when it is done, or is to lead
        self.turn.acquire()


class Gathering(Generic[Item, Made]):
    """At most `most` items are worked on together; one that nothing came of is told None."""

    def __init__(self, work: Work[Item, Made], most: int) -> None:
        self._work = work
        self._most = most
        self._gate = threading.Lock()  # guards the two below, and the seats
        self._waiting: deque[_Seat[Item, Made]] = deque()
        self._is_led = False

    def run(self, item: Item) -> Made | None:
        """What came of the item; None as well where the work broke down, whoever's item it was for."""
        mine = _Seat[Item, Made](item)
        with self._gate:
            self._waiting.append(mine)
            if not self._is_led:
                self._is_led = mine.leads = True
        if not mine.leads:
            mine.turn.acquire()
        if not mine.is_done:
            self._lead()
        return mine.made

    def _lead(self) -> None:
        """Work on those who wait, the leader among them."""
        with self._gate:
            group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            for one, made in zip(group, self._work([one.item for one in group]), strict=True):
                one.made = made
        except Exception as failed:
            is_bug = isinstance(failed, BrokenInvariant) or not isinstance(failed, XunyuanError)
            level = logging.ERROR if is_bug else logging.INFO
            _log.log(level, "%d that came together go on one by one: %s", len(group), failed, exc_info=is_bug)
        finally:
            self._hand_over()
            for one in group[1:]:
                one.is_done = True
                one.turn.release()

    def _hand_over(self) -> None:
        with self._gate:
            self._is_led = bool(self._waiting)
            if self._is_led:
                following = self._waiting[0]
                following.leads = True
                following.turn.release()
