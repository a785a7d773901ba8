"""One server process of several, as the one that keeps them running sees it."""

import asyncio
import ctypes
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

GREETING = "serving on "
_PR_SET_PDEATHSIG = 1


class DidNotServe(Exception):
    """The process ended before it served; it has told why on standard error."""


class Child:
    """A process that was started. `greeting` is what it says once it serves."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.greeting = ""
        self._end: asyncio.Task[int] | None = None
        self._reading = asyncio.Lock()  # a stream is read by one at a time, and it may be ended while it starts

    @classmethod
    async def started(cls, command: Sequence[str]) -> "Child":
        """Start it; it is told to end should this process die."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the one that keeps it running
            preexec_fn=_end_with_the_parent,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    async def serves(self) -> None:
        """Until it serves. Raises DidNotServe where it ends before that."""
        assert self._process.stdout is not None, "asked for above"
        async with self._reading:
            line = (await self._process.stdout.readline()).decode()
        if not line.startswith(GREETING):
            raise DidNotServe(f"process {self.pid} ended with code {await self.ended()}")
        self.greeting = line.rstrip("\n")

    async def ended(self) -> int:
        """Until it has ended; its exit code. For any number of those who wait."""
        if self._end is None:
            self._end = asyncio.create_task(self._wait())
        return await asyncio.shield(self._end)

    def end(self) -> None:
        """Ask it to end; asked twice it ends at once."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)

    async def _wait(self) -> int:
        assert self._process.stdout is not None, "asked for above"
        async with self._reading:
            await self._process.stdout.read()  # what it says at its end is said once, for all
        return await self._process.wait()


def _end_with_the_parent() -> None:
    """In the new process, before it becomes a server."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
