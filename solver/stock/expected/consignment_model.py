"""The nouns of goods on their way: transfers between sites, and purchase orders."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from solver.stock.expected.arrivals import PromiseOutcome


class ConsignmentKind(StrEnum):
    """A TRANSFER comes from another site, a PURCHASE from a supplier."""

    TRANSFER = "transfer"
    PURCHASE = "purchase"


class ConsignmentState(StrEnum):
    """Where a consignment is. What arrives in part leaves the rest IN_TRANSIT."""

    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentUnits:
    """Units of a SKU to be sent. The rest says which units of a site a transfer takes: those of a zone, bin or lot."""

    sku: str
    units: int
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedUnits:
    """What arrived of a SKU: `units` good, `damaged_units` not; and where they were put, in which lot."""

    sku: str
    units: int = 0
    damaged_units: int = 0
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsignmentLine:
    """A SKU, or one lot of it: units that were sent, and what became of them.

    units + over_units = received_units + damaged_units + short_units + what is still on its way.
    """

    sku: str
    units: int
    lot: str = ""
    expires_on: date | None = None
    received_units: int = 0
    damaged_units: int = 0
    over_units: int = 0
    short_units: int = 0

    @property
    def coming_units(self) -> int:
        """Still on their way."""
        return self.units + self.over_units - self.received_units - self.damaged_units - self.short_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Goods on their way to a site. `first_expected_at` is what was said when it was sent.

    `broken` are the promises that it could not keep.
    """

    consignment_id: str
    kind: ConsignmentKind
    from_site_id: str
    site_id: str
    state: ConsignmentState
    opened_at: datetime
    first_expected_at: datetime
    expected_at: datetime
    lines: tuple[ConsignmentLine, ...]
    broken: tuple[PromiseOutcome, ...] = ()
    remark: str = ""

    @property
    def paper_id(self) -> str:
        """Its id."""
        return self.consignment_id

    def coming(self) -> dict[str, int]:
        """Units still on their way, by SKU."""
        units: dict[str, int] = {}
        for line in self.lines:
            units[line.sku] = units.get(line.sku, 0) + line.coming_units
        return units
