"""The thread that keeps access current: rules changed by others, signing keys, the audit log, certificates."""

import logging
import threading
from collections.abc import Callable

from solver.access.audit import AuditLog
from solver.access.signed import SignatureCheck
from solver.access.store import AccessStore

LOOK_SECONDS = 0.25
WRITE_EVERY = 4  # looks

_log = logging.getLogger(__name__)


class AccessKeeper:
    """Looks four times a second, and writes down what became of calls every second. `also` is done as often.

    `wait` waits for so many seconds, and says whether to end; a look takes over all that was changed before it.
    """

    def __init__(
        self,
        store: AccessStore,
        log: AuditLog,
        signed: SignatureCheck | None = None,
        also: Callable[[], None] = lambda: None,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._store = store
        self._log = log
        self._signed = signed
        self._also = also
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._thread = threading.Thread(target=self._work, name="access", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is still to be written, and end. Twice does nothing more."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._log.write(everything=True)

    def look(self) -> None:
        """Take over what was changed elsewhere."""
        self._store.refresh()
        if self._signed is not None:
            self._signed.refresh()

    def _work(self) -> None:
        looks, failed = 0, False
        while not self._wait(LOOK_SECONDS):
            looks += 1
            try:
                self.look()
                if looks % WRITE_EVERY == 0:
                    self._log.write()
                    self._also()
                failed = False
            except Exception:
                if not failed:  # once, however long it lasts
                    _log.exception("access rules cannot be looked at; those that were read before stay in force")
                failed = True
