"""Seconds that pass only where somebody sleeps."""

from dataclasses import dataclass


@dataclass
class HandTimer:
    now: float = 0.0

    def seconds(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
