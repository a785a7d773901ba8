"""A shop of a channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop or store (店铺、门店) of a channel, and how often it may be called: seconds from one call to the next."""

    shop_id: str
    channel_id: str
    pause_seconds: float = 0.0
