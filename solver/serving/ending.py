"""How a server process ends: when it is asked to, after what it is doing, and never later than it may."""

import logging
import os
import signal
import sys
import threading

SIGNALS = (signal.SIGINT, signal.SIGTERM)
AT_ONCE = 1  # the exit code of a process that did not finish what it was doing
_log = logging.getLogger(__name__)


class Ending:
    """The first SIGINT or SIGTERM asks the process to end, the second one ends it at once.

    What was acknowledged is durable, so that nothing is lost by an end at once but calls that were not answered yet.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()

    def listen(self) -> None:
        """From now on signals are heard. For the main thread."""
        for number in SIGNALS:
            signal.signal(number, lambda *_: self._hear())

    def wait(self) -> None:
        """Until the process is asked to end."""
        self._asked.wait()

    def within(self, seconds: float) -> None:
        """Let the process end by itself for so long, and then end it at once."""
        timer = threading.Timer(seconds, _end_at_once, ["what it was doing took too long"])
        timer.daemon = True
        timer.start()

    def _hear(self) -> None:
        if self._asked.is_set():
            _end_at_once("it was asked twice")
        self._asked.set()


def _end_at_once(why: str) -> None:
    _log.warning("the server ends at once: %s", why)
    sys.stderr.flush()
    sys.stdout.flush()
    os._exit(AT_ONCE)
