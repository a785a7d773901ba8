"""A watch that goes on: what there is to tell, then what is new as it comes, and a sign of life where nothing is."""

import time
from collections.abc import Callable, Iterator

from solver.stock.feed.bell import Bell
from solver.stock.feed.model import FeedMessage
from solver.stock.feed.receiver import Watch


def stream(
    watch: Watch,
    bell: Bell,
    *,
    heartbeat_seconds: float,
    wanted: Callable[[], bool],
    stopwatch: Callable[[], float] = time.monotonic,
) -> Iterator[FeedMessage]:
    """Messages until they are wanted no longer or the bell falls silent; one at least every `heartbeat_seconds`.

    The next message is only read when the last one was taken, so a slow receiver costs nothing but his place.
    """
    said_at = stopwatch()
    while wanted() and not bell.is_silent:
        message = watch.take()
        if message is None:
            left = said_at + heartbeat_seconds - stopwatch()
            if left > 0:
                bell.wait(watch.number, left, wanted)
                continue
            message = watch.sign_of_life()
        yield message
        said_at = stopwatch()
