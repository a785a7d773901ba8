"""The publisher's thread: it goes round for as long as the application is open, and survives what fails."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from solver.clock import Clock
from solver.stock.feed.bell import Bell
from solver.stock.feed.model import Shopfront
from solver.stock.feed.publisher import RETENTION, Progress, Publisher
from solver.stock.feed.recent import RecentValues
from solver.storage.database import Database
from solver.storage.errors import StorageUnusable

PAUSE_SECONDS = 0.005  # between looks at the journal; other processes write into it too, so nothing else tells of news
QUIET_PAUSE_SECONDS = 0.025  # the same where no shop was to be told anything lately: each look costs calls their time
QUIET_AFTER_SECONDS = 1.0
REST_SECONDS = 1.0  # after a failure
WITHDRAW_EVERY_SECONDS = 1.0
PRUNE_EVERY_SECONDS = 3_600.0

_log = logging.getLogger(__name__)


class FeedRunner:
    """Publishes until it is stopped, and rings the bell for those who watch.

    `withdraw` takes out of sale what time alone made unsellable, such as expired lots; it is called once a second.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        shopfront: Shopfront,
        *,
        withdraw: Callable[[], object] = lambda: None,
        retention: timedelta = RETENTION,
    ) -> None:
        self.bell = Bell()
        self.recent = RecentValues()
        self._database = database
        self._clock = clock
        self._shopfront = shopfront
        self._withdraw = withdraw
        self._retention = retention
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._withdraw_at = self._prune_at = self._quiet_at = time.monotonic()

    def start(self) -> None:
        """Begin to publish. Twice does nothing more."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Finish the round that runs, end the thread, and let every watcher go. Twice does nothing more."""
        self._stopping.set()
        self.bell.fall_silent()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        publisher: Publisher | None = None
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                publisher = publisher or Publisher(
                    self._database, self._clock, self._shopfront, retention=self._retention, recent=self.recent
                )
                self._tend(publisher, begun)
                progress = publisher.round()
            except StorageUnusable:  # closed: nothing more can come
                return
            except Exception:
                _log.exception("the feed could not be published; it begins anew")
                publisher = None  # what it had marked may be half done
                self._stopping.wait(REST_SECONDS)
                continue
            self.bell.ring(progress.last_number)
            self._stopping.wait(self._pause(progress, begun, time.monotonic()))

    def _pause(self, progress: Progress, begun: float, now: float) -> float:
        """Where there is more to do, as long as the round took: half of the processor at least is left to others."""
        if progress.values:
            self._quiet_at = now + QUIET_AFTER_SECONDS
        if progress.skus_to_recompute:
            return now - begun
        return PAUSE_SECONDS if now < self._quiet_at else QUIET_PAUSE_SECONDS

    def _tend(self, publisher: Publisher, now: float) -> None:
        """What is due from time to time. A failure is told, and keeps nothing from being published."""
        try:
            if now >= self._withdraw_at:
                self._withdraw_at = now + WITHDRAW_EVERY_SECONDS
                self._withdraw()
            if now >= self._prune_at:
                self._prune_at = now + PRUNE_EVERY_SECONDS
                publisher.prune()
        except Exception:
            _log.exception("the feed could not be tended")
