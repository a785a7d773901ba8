"""The platform feed as a whole: published by a thread of its own, told to watchers, read by pages."""

from collections.abc import Callable, Iterator

from solver.clock import Clock, to_micros
from solver.journal.changes import age_us, tail
from solver.stock.feed.model import MOST_VALUES, Audience, FeedMessage, Shopfront
from solver.stock.feed.page import FeedPage, PageMark, feed_page
from solver.stock.feed.receiver import Watch
from solver.stock.feed.rows import state
from solver.stock.feed.runner import FeedRunner
from solver.stock.feed.stream import stream
from solver.stock.following.followed import Lag
from solver.storage.database import Database, Reader


class PlatformFeed:
    """What shops show, kept up to date from `start` to `stop`; it can be read and watched at any time.

    `withdraw`: see FeedRunner.
    """

    def __init__(
        self, database: Database, clock: Clock, shopfront: Shopfront, withdraw: Callable[[], object] = lambda: None
    ) -> None:
        self._database = database
        self._clock = clock
        self._shopfront = shopfront
        self._runner = FeedRunner(database, clock, shopfront, withdraw=withdraw)

    @property
    def is_stopped(self) -> bool:
        """True once no more is to come: streams end."""
        return self._runner.bell.is_silent

    def lag(self, reader: Reader) -> Lag:
        """How far what is published stands behind what `reader` has."""
        published = state(reader).entry_id
        entries = max(tail(reader).entry_id - published, 0)
        oldest_us = age_us(reader, published) if entries else None
        micros = 0 if oldest_us is None else max(to_micros(self._clock.now()) - oldest_us, 0)
        return Lag(entries=entries, micros=micros)

    def start(self) -> None:
        """Begin to publish. Twice does nothing more."""
        self._runner.start()

    def stop(self) -> None:
        """End the publisher and every stream. Twice does nothing more."""
        self._runner.stop()

    def wake(self) -> None:
        """Let every stream look whether it is still wanted."""
        self._runner.bell.wake()

    def stream(
        self,
        audience: Audience,
        after_number: int | None,
        *,
        heartbeat_seconds: float,
        wanted: Callable[[], bool],
    ) -> Iterator[FeedMessage]:
        """Messages as `feed_stream.stream` gives them. Raises InvalidRequest at once for what `Watch` refuses."""
        watch = Watch(
            self._database,
            self._shopfront,
            after_number=after_number,
            audience=audience,
            recent=self._runner.recent,
        )
        return stream(watch, self._runner.bell, heartbeat_seconds=heartbeat_seconds, wanted=wanted)

    def page(self, audience: Audience, mark: PageMark | None, most: int = MOST_VALUES) -> FeedPage:
        """Some of what shops show. Raises InvalidRequest for channels or shops that do not exist."""
        return feed_page(self._database, self._shopfront, audience, mark, most)
