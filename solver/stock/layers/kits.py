"""The kits of the moment, and which of them a part is in."""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from solver.catalog.model import Part, SalesItem

Kits = Mapping[str, SalesItem]


class KitIndex:
    """Looks at the kits anew only where the mapping is another one. For any number of threads."""

    def __init__(self, kits: Callable[[], Kits]) -> None:
        self._kits = kits
        self._lock = threading.Lock()
        self._seen: Kits = {}
        self._edition = 0
        self._with: dict[str, set[str]] = {}

    @property
    def edition(self) -> int:
        """Counts up with every change of a kit."""
        self._look()
        return self._edition

    def parts(self, sku: str) -> tuple[Part, ...]:
        """What one unit of a SKU is made of: a kit's parts, or itself."""
        kit = self._kits().get(sku)
        return kit.parts if kit is not None else (Part(sku=sku, units=1),)

    def with_any(self, skus: Collection[str]) -> set[str]:
        """The kits that have any of these parts."""
        self._look()
        return {kit for sku in skus for kit in self._with.get(sku, ())}

    def _look(self) -> None:
        kits = self._kits()
        with self._lock:
            if kits is self._seen:
                return
            if kits != self._seen:
                self._edition += 1
                kits_with = defaultdict(set)
                for item_id, kit in kits.items():
                    for part in kit.parts:
                        kits_with[part.sku].add(item_id)
                self._with = dict(kits_with)
            self._seen = kits
