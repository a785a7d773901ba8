"""The nouns of what is committed: what a confirmed hold still has to ship, and what became of the rest."""

from dataclasses import dataclass
from enum import StrEnum


class CommitmentState(StrEnum):
    """COMMITTED: nothing was shipped yet; PARTLY_SHIPPED: something was and something is still to be shipped.

    SHIPPED: nothing is left to ship; CANCELLED: nothing is left and nothing was shipped.
    """

    COMMITTED = "committed"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class RejectedInto(StrEnum):
    """Where units go that a site refuses: back into sale, or out of it until somebody looks at them."""

    GOOD = "good"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedUnits:
    """What became of the units of a SKU at a site; the sum of all figures is what was confirmed.

    `committed_units` are there and to be shipped, `awaited_units` are backordered or on their way. `short_units` were
    not found, `rejected_units` refused by the site, `cancelled_units` given back; `broken_units` never arrived.
    """

    site_id: str
    sku: str
    committed_units: int = 0
    awaited_units: int = 0
    shipped_units: int = 0
    short_units: int = 0
    rejected_units: int = 0
    cancelled_units: int = 0
    broken_units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a confirmed hold, of a caller or of a plan, is committed to. One of the ids is empty."""

    hold_id: str
    plan_id: str
    state: CommitmentState
    contents: tuple[CommittedUnits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRow:
    """So many of the committed units of a SKU at a site; of these lots, where any are named."""

    site_id: str
    sku: str
    units: int
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPick:
    """What a pick did not find of a SKU at a site. `picked_units` ship; None: all that is committed but for these."""

    site_id: str
    sku: str
    missing_units: int
    picked_units: int | None = None
    lots: tuple[str, ...] = ()
