"""The nouns of a count: the sheet that a counter is given, what he found, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from solver.stock.physical.places import StockPlace
from solver.stock.physical.states import StockState


class CountState(StrEnum):
    """How far a count is: OPEN until every line of its sheet is counted."""

    OPEN = "open"
    COUNTED = "counted"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """Units of a SKU in one state at a place; `counted_units` None: not counted yet.

    `expected_units` is what the books had at the moment of counting. It is kept from whoever reads an open count.
    """

    sku: str
    state: StockState = StockState.GOOD
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None
    counted_units: int | None = None
    expected_units: int | None = None

    @property
    def difference_units(self) -> int:
        """Found beyond what was expected; negative: fewer."""
        return (self.counted_units or 0) - (self.expected_units or 0)

    def place(self, site_id: str) -> StockPlace:
        """Where within the site."""
        return StockPlace(site_id=site_id, zone=self.zone, bin=self.bin, lot=self.lot, expires_on=self.expires_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWarning:
    """More of a SKU is promised than a count leaves at the site: `missing_units` more than `on_hand_units`."""

    sku: str
    on_hand_units: int
    held_units: int
    committed_units: int
    missing_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A blind count at a site. `entry_id` is the journal entry of its approval, 0 where nothing was to be corrected.

    `remark` is why it was rejected.
    """

    count_id: str
    site_id: str
    state: CountState
    opened_at: datetime
    lines: tuple[CountLine, ...]
    entry_id: int = 0
    warnings: tuple[CountWarning, ...] = ()
    remark: str = ""

    @property
    def paper_id(self) -> str:
        """Its id."""
        return self.count_id
