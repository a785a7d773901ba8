"""The nouns of stock. A site is the physical place where a source's stock lies; today `site_id` equals `source_id`."""

from dataclasses import dataclass
from datetime import date, datetime

from solver.journal.model import EntryState
from solver.stock.physical.places import StockPlace
from solver.stock.physical.states import StockState


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """So many units of a SKU to hold at a site; of those on their way to it, where a consignment is named."""

    site_id: str
    sku: str
    units: int
    consignment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """So many units of a SKU that come to a site, or leave it where an adjustment is negative.

    The other fields say where within the site they lie, and in which state; a lot that is known already need not say
    again when it expires. `made_on` may stand in for `expires_on` where the material has a shelf life. A receipt may
    say what a unit of it costs.
    """

    site_id: str
    sku: str
    units: int
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None
    state: StockState = StockState.GOOD
    made_on: date | None = None
    unit_cost_minor: int | None = None

    @property
    def place(self) -> StockPlace:
        """Where they lie."""
        return StockPlace(site_id=self.site_id, zone=self.zone, bin=self.bin, lot=self.lot, expires_on=self.expires_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """One SKU at one site: on_hand = available + held + committed - missing.

    Held units wait for a confirmation and come back when it does not arrive in time; committed units are confirmed
    and still on hand. Beyond what is there, `backordered` units are promised, held or confirmed, and `backorderable`
    more may be. `missing` units are held or committed though a count did not find them. The last five lie
    there too and are not for sale.
    """

    site_id: str
    sku: str
    on_hand: int
    held: int
    committed: int
    available: int
    backordered: int = 0
    backorderable: int = 0
    missing: int = 0
    defective: int = 0
    frozen: int = 0
    inspection: int = 0
    reserved: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackorderLimit:
    """How many units of a SKU a site may have promised beyond what is there; 0: none."""

    site_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUnits:
    """What a hold has of a SKU at a site: `units`, of which `backordered_units` were not there when they were held.

    Units with a `consignment_id` are on their way to the site.
    """

    site_id: str
    sku: str
    units: int
    backordered_units: int = 0
    consignment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockHold:
    """A hold that its caller named himself, as it stands now. A released or expired one shows what it had.

    `channel` is the one it is sold through, `order_id` what it is for; both may be empty.
    """

    hold_id: str
    state: EntryState
    expires_at: datetime
    contents: tuple[HeldUnits, ...]
    channel: str = ""
    order_id: str = ""
