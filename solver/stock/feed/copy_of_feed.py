"""A receiver's copy of what shops show, made from the feed's messages."""

from collections.abc import Mapping
from types import MappingProxyType

from solver.stock.feed.model import FeedMessage, Pair


class ShownCopy:
    """What a receiver knows. Resume from `number`; None: begin with a snapshot."""

    def __init__(self) -> None:
        self._units: dict[Pair, int] = {}
        self.number: int | None = None

    @property
    def units(self) -> Mapping[Pair, int]:
        """(shop, SKU) -> units; pairs that are not listed are left out."""
        return MappingProxyType(self._units)

    def take(self, message: FeedMessage) -> bool:
        """Take a message in; True when the copy now equals the feed as it was at `number`."""
        if message.begins_snapshot:
            self._units.clear()
            self.number = None  # half a snapshot is nothing to resume from
        for value in message.values:
            pair = (value.shop_id, value.sku)
            if value.is_delisted:
                self._units.pop(pair, None)
            else:
                self._units[pair] = value.units
        if message.through_number is None:
            return False
        self.number = message.through_number
        return True
