"""Ctrl-C that is heard when there is a good moment for it."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

from rich.console import Console

INTERRUPTED = 130  # the exit code of whatever Ctrl-C ends


class Interrupts:
    """While it lasts, the first Ctrl-C asks to stop, and the second ends the program at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._asked = threading.Event()
        self._before: Any = None

    def is_asked(self) -> bool:
        """Whether somebody wants to stop."""
        return self._asked.is_set()

    def __enter__(self) -> "Interrupts":
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked.is_set():
            raise KeyboardInterrupt
        self._asked.set()
        self._console.print("stopping at the next good moment; once more to end at once")
