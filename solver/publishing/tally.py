"""What a run of publishing has done so far."""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts of items, by what became of them, and of calls. Many threads count; `share` tells how far it is."""

    items: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    given_up: dict[str, str] = field(default_factory=dict)  # shops, and why
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **counts: int) -> None:
        """Count more of something."""
        with self._lock:
            for name, number in counts.items():
                self.counts[name] = self.counts.get(name, 0) + number

    def give_up(self, shop_id: str, why: str) -> None:
        """Note that a shop is left alone for the rest of this run."""
        with self._lock:
            self.given_up[shop_id] = why

    def of(self, name: str) -> int:
        """One of the counts."""
        return self.counts.get(name, 0)

    @property
    def done(self) -> int:
        """Items of which this run knows what became."""
        return sum(self.of(name) for name in ("created", "updated", "found", "unchanged", "refused", "delisted"))
