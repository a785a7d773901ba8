"""The nouns of stock. A site is the physical place where a source's stock lies; today `site_id` equals `source_id`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """So many units of a SKU to hold at a site."""

    site_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """So many units of a SKU that come to a site, or leave it where an adjustment is negative."""

    site_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """One SKU at one site: on_hand = available + held + committed.

    Held units wait for a confirmation and come back when it does not arrive in time; committed units are confirmed
    and still on hand.
    """

    site_id: str
    sku: str
    on_hand: int
    held: int
    committed: int
    available: int
