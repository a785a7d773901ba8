"""Keeps server processes running that serve one port together.

SIGTERM and SIGINT end all of them, and a second one ends them at once. SIGHUP replaces one after the other: a new
process serves before the old one is asked to end, so that there are never fewer. One that ends unasked is started
again, after a pause that doubles as long as it does not stay.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from solver.serving.child import Child, DidNotServe
from solver.serving.ending import SIGNALS

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
STEADY_SECONDS = 60.0  # a process that has served for so long is one that stays
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Place:
    """One of the processes that are wanted; `turn` counts those that were begun to fill it."""

    number: int
    child: Child | None = None
    turn: int = 0
    pause_seconds: float = FIRST_PAUSE_SECONDS
    starting: list[Child] = field(default_factory=list)

    @property
    def children(self) -> list[Child]:
        return [*self.starting, *([self.child] if self.child else [])]


class Supervisor:
    """`command` makes the command line of a process by the number of its place and its turn there."""

    def __init__(self, count: int, command: Callable[[int, int], Sequence[str]]) -> None:
        self._command = command
        self._places = [_Place(number) for number in range(count)]
        self._ending = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None

    async def run(self) -> int:
        """Serve until asked to end. 0 after a clean end of all, 1 where they could not start or did not end well."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._begin_to_renew)
        try:
            await self._begin()
        except DidNotServe as error:
            if not self._ending.is_set():
                _log.error("cannot start: %s", error)
            self._end()
        else:
            sys.stdout.write(f"{self._places[0].child.greeting if self._places[0].child else ''}\n")
            sys.stdout.flush()
        started = not self._ending.is_set()
        keepers = [asyncio.create_task(self._keep(place)) for place in self._places if place.child is not None]
        await self._ending.wait()
        codes = await asyncio.gather(*(child.ended() for place in self._places for child in place.children))
        await asyncio.gather(*keepers, *([self._renewing] if self._renewing else []))
        sys.stdout.write("stopped\n")
        return 0 if started and {*codes} <= {0, -signal.SIGTERM} else 1  # one that was just begun knows no better end

    async def _begin(self) -> None:
        """The first one alone: it may bring the database forward, and load a scenario."""
        first, *others = self._places
        first.child = await self._served(first)
        begun = await asyncio.gather(*(self._served(place) for place in others), return_exceptions=True)
        for place, child in zip(others, begun, strict=True):
            if isinstance(child, BaseException):
                raise child
            place.child = child

    async def _served(self, place: _Place) -> Child:
        """A new process for the place, that serves. Raises DidNotServe."""
        child = await Child.started(self._command(place.number, place.turn))
        place.turn += 1
        place.starting.append(child)
        try:
            if self._ending.is_set():
                child.end()
            await child.serves()
        finally:
            place.starting.remove(child)
        return child

    async def _keep(self, place: _Place) -> None:
        """Fill the place again whenever its process ends unasked."""
        loop = asyncio.get_running_loop()
        while not self._ending.is_set():
            child, begun = place.child, loop.time()
            assert child is not None, "a place that is kept was filled"
            code = await child.ended()
            if self._ending.is_set() or place.child is not child:
                continue
            if loop.time() - begun >= STEADY_SECONDS:
                place.pause_seconds = FIRST_PAUSE_SECONDS
            _log.warning(
                "process %d ended with code %d; another one is started in %g s", child.pid, code, place.pause_seconds
            )
            place.child = None
            await self._fill_again(place)

    async def _fill_again(self, place: _Place) -> None:
        while place.child is None and not await self._ends_within(place.pause_seconds):
            place.pause_seconds = min(2 * place.pause_seconds, LONGEST_PAUSE_SECONDS)
            try:
                child = await self._served(place)
            except DidNotServe as error:
                _log.warning("%s before it served; the next is started in %g s", error, place.pause_seconds)
                continue
            if place.child is not None:  # renewed meanwhile
                child.end()
                await child.ended()
                return
            place.child = child
            _log.info("process %d serves in its place", child.pid)

    async def _ends_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._ending.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _end(self) -> None:
        self._ending.set()
        for place in self._places:
            for child in place.children:
                child.end()

    def _begin_to_renew(self) -> None:
        if self._ending.is_set() or (self._renewing and not self._renewing.done()):
            return
        self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Replace every process; the others go on where a new one does not serve."""
        for place in self._places:
            try:
                new = await self._served(place)
            except DidNotServe as error:
                _log.error("%s before it served; the others stay", error)
                return
            old, place.child = place.child, new
            if old is not None:
                old.end()
                await old.ended()
        _log.info("all %d processes are new", len(self._places))
