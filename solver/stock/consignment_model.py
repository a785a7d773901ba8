"""The nouns of goods on their way: transfers between sites, and purchase orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from solver.storage.database import Transaction


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
class BrokenPromise:
    """Units that a hold was promised of a consignment and that will not come; `holder` is such as `hold:cart-7`."""

    holder: str
    sku: str
    units: int


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
    broken: tuple[BrokenPromise, ...] = ()
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


class Lifted(Protocol):
    """The promises from one consignment, lifted off its units for as long as these are booked elsewhere."""

    def lay(self, tx: Transaction, site_id: str, arrived: Mapping[str, int]) -> tuple[BrokenPromise, ...]:
        """Lay them upon what `arrived` at the site as sellable, by SKU, then upon what is still on its way.

        The earliest promise is served first. Returns those that neither can keep.
        """
        ...


class Promises(Protocol):
    """Whoever promises units of consignments by date."""

    def lift(self, tx: Transaction, consignment_id: str) -> Lifted:
        """Let go of every promise from the consignment: all its units are in `accounts.incoming` then, held by none."""
        ...


class NothingPromised:
    """Where nobody promises units that are on their way."""

    def lift(self, tx: Transaction, consignment_id: str) -> Lifted:  # noqa: ARG002  # there is nothing to lift
        """Nothing is lifted."""
        return self

    def lay(
        self,
        tx: Transaction,  # noqa: ARG002  # there is nothing to lay
        site_id: str,  # noqa: ARG002
        arrived: Mapping[str, int],  # noqa: ARG002
    ) -> tuple[BrokenPromise, ...]:
        """Nothing is broken."""
        return ()
