"""Work on things that come one by one: what comes while others are worked on waits, and is worked on together next.

The first to come leads: its thread works on its own and on what came meanwhile. No thread of its own is needed, and
nobody waits for others to come.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from solver.errors import BrokenInvariant, XunyuanError

Item = TypeVar("Item")
Made = TypeVar("Made")
_log = logging.getLogger(__name__)

Work: TypeAlias = Callable[[Sequence[Item]], Sequence[Made | None]]
"""Works on items that came together, and says what came of each."""


class _Seat(Generic[Item, Made]):
    """Where one thread waits with its items. The gathering's gate guards it."""

    __slots__ = ("is_done", "items", "leads", "made", "turn")

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.made: Sequence[Made | None] = [None] * len(items)
        self.is_done = self.leads = False
        self.turn = threading.Lock()  # let go of when it is done, or is to lead
        self.turn.acquire()


class Gathering(Generic[Item, Made]):
    """At most `most` items are worked on together, or all of one thread; one that nothing came of is told None."""

    def __init__(self, work: Work[Item, Made], most: int) -> None:
        self._work = work
        self._most = most
        self._gate = threading.Lock()  # guards the two below, and the seats
        self._waiting: deque[_Seat[Item, Made]] = deque()
        self._is_led = False

    def run(self, item: Item) -> Made | None:
        """What came of the item; None as well where the work broke down, whoever's item it was for."""
        [made] = self.run_all([item])
        return made

    def run_all(self, items: Sequence[Item]) -> list[Made | None]:
        """As `run` for each of many items of one thread."""
        mine = _Seat[Item, Made](items)
        with self._gate:
            self._waiting.append(mine)
            if not self._is_led:
                self._is_led = mine.leads = True
        if not mine.leads:
            mine.turn.acquire()
        if not mine.is_done:
            self._lead()
        return list(mine.made)

    def _lead(self) -> None:
        """Work on those who wait, the leader among them."""
        with self._gate:
            group = self._next_group()
        items = [item for seat in group for item in seat.items]
        try:
            made = iter(self._made(items))
            for seat in group:
                seat.made = list(islice(made, len(seat.items)))
        except Exception as failed:
            is_bug = isinstance(failed, BrokenInvariant) or not isinstance(failed, XunyuanError)
            level = logging.ERROR if is_bug else logging.INFO
            _log.log(level, "%d that came together go on one by one: %s", len(items), failed, exc_info=is_bug)
        finally:
            self._hand_over()
            for seat in group[1:]:
                seat.is_done = True
                seat.turn.release()

    def _next_group(self) -> list[_Seat[Item, Made]]:
        group = [self._waiting.popleft()]
        room = self._most - len(group[0].items)
        while self._waiting and len(self._waiting[0].items) <= room:
            room -= len(self._waiting[0].items)
            group.append(self._waiting.popleft())
        return group

    def _made(self, items: Sequence[Item]) -> Sequence[Made | None]:
        made = self._work(items)
        if len(made) != len(items):
            raise BrokenInvariant(f"of {len(items)} items {len(made)} were told what came of them")
        return made

    def _hand_over(self) -> None:
        with self._gate:
            self._is_led = bool(self._waiting)
            if self._is_led:
                following = self._waiting[0]
                following.leads = True
                following.turn.release()
