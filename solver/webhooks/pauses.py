"""How long to wait before a message is tried again."""

from collections.abc import Callable
from datetime import timedelta

from solver.settings.webhooks import WebhookSettings

JITTER = 0.2  # so that what failed together is not tried together


def pause_after(tries: int, settings: WebhookSettings, random: Callable[[], float]) -> timedelta:
    """The pause after so many tries that failed: twice as long each time, up to the longest, a fifth more or less."""
    doubled = settings.first_pause_seconds * 2.0 ** min(tries - 1, 40)
    seconds = min(doubled, settings.longest_pause_seconds)
    return timedelta(seconds=seconds * (1 + JITTER * (2 * random() - 1)))
