"""The nouns of a return: what was announced, what came, and what became of each unit."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ReturnState(StrEnum):
    """How far a return is: GRADED while every unit that came is graded."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    GRADED = "graded"
    CANCELLED = "cancelled"


class Grade(StrEnum):
    """What becomes of a unit: RESELL makes it good, REFURBISH defective, the others take it off the books."""

    RESELL = "resell"
    REFURBISH = "refurbish"
    BACK_TO_SUPPLIER = "back_to_supplier"
    SCRAP = "scrap"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedUnits:
    """Units of a SKU that a customer says he sends back."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedUnits:
    """Units of a SKU that came, and where they were put until they are graded."""

    sku: str
    units: int
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedUnits:
    """Units of a SKU and what becomes of them; an empty field of the place means wherever they lie."""

    sku: str
    units: int
    grade: Grade
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """A SKU of a return: units that were announced, that came, and that were graded, by grade."""

    sku: str
    announced_units: int = 0
    received_units: int = 0
    resell_units: int = 0
    refurbish_units: int = 0
    back_to_supplier_units: int = 0
    scrap_units: int = 0

    @property
    def ungraded_units(self) -> int:
        """Came, and still to be graded."""
        graded = self.resell_units + self.refurbish_units + self.back_to_supplier_units + self.scrap_units
        return self.received_units - graded


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerReturn:
    """A return of an order to a site, as it stands now. `remark` is why it was cancelled."""

    return_id: str
    order_id: str
    site_id: str
    state: ReturnState
    opened_at: datetime
    lines: tuple[ReturnLine, ...]
    remark: str = ""

    @property
    def paper_id(self) -> str:
        """Its id."""
        return self.return_id
