"""Asks an invoice platform in the background, for as long as a service runs."""

import logging
import threading

from solver.errors import XunyuanError
from solver.ledger.invoicing.issuing import Issuing

PAUSE_SECONDS = 5.0
_log = logging.getLogger(__name__)


class IssuingThread:
    """A round every few seconds. What fails is logged and tried again in the next one."""

    def __init__(self, issuing: Issuing, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._issuing = issuing
        self._pause_seconds = pause_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="invoices", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End once the call under way is over."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._issuing.round(self._ended.is_set)
            except XunyuanError:
                _log.exception("invoices could not be asked for")
            except Exception:  # an adapter is somebody else's code
                _log.exception("the adapter of the invoice platform failed")
            self._ended.wait(self._pause_seconds)
