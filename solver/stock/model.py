"""The nouns of stock. A site is the physical place where a source's stock lies; today `site_id` equals `source_id`."""

from dataclasses import dataclass
from datetime import datetime

from solver.journal.model import EntryState


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
    and still on hand. Beyond what is there, `backordered` units are promised, held or confirmed, and `backorderable`
    more may be.
    """

    site_id: str
    sku: str
    on_hand: int
    held: int
    committed: int
    available: int
    backordered: int = 0
    backorderable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackorderLimit:
    """How many units of a SKU a site may have promised beyond what is there; 0: none."""

    site_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUnits:
    """What a hold has of a SKU at a site: `units`, of which `backordered_units` were not there when they were held."""

    site_id: str
    sku: str
    units: int
    backordered_units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StockHold:
    """A hold that its caller named himself, as it stands now. A released or expired one shows what it had."""

    hold_id: str
    state: EntryState
    expires_at: datetime
    contents: tuple[HeldUnits, ...]
