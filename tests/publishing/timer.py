"""Seconds that pass only where somebody sleeps."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class HandTimer:
    now: float = 0.0

    def seconds(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class HandClock:
    """The time of day by the same hand."""

    timer: HandTimer

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.timer.seconds())
