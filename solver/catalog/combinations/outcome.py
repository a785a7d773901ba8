"""What comes of an order: the explosion (拆解) of its combinations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Why a unit is in the order."""

    SOLD = "sold"
    DRAWN = "drawn"
    GIFT = "gift"


class Withheld(StrEnum):
    """Why a gift was not given."""

    OUT_OF_STOCK = "out_of_stock"
    ORDER_LIMIT = "order_limit"
    CUSTOMER_LIMIT = "customer_limit"
    TOTAL_LIMIT = "total_limit"


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of one material for one line. Made by the hundred thousand, hence positional.

    `path` is where in the line's item they come from. Pieces of a line with the same `group` (not empty) leave from
    one source. `due_days` is how many days after the order they are wanted.
    """

    line_id: str
    sku: str
    units: int
    path: str
    role: Role
    group: str = ""
    due_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """So many units by code."""

    code: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What chance or stock decided, once: given back, it is repeated and never decided anew.

    `primitive` is `draw`, `gift`, `item` (for substitutes) or `upgrade`. `taken` has the codes of chances; `goods` and
    `instead[0]` ... of gifts; item ids of items; `base` or `better` of upgrades. The others are what it was decided
    on: `available` in units of each material that could be taken, before (empty: stock was not known); of draws
    `seed`, `weights` and `left_out`, the codes without stock; of gifts the `reason` why some were withheld.
    `is_short`: nothing was available, and it was taken all the same.
    """

    line_id: str
    path: str
    primitive: str
    taken: tuple[Taken, ...]
    seed: str = ""
    weights: Mapping[str, int] = field(default_factory=dict)
    available: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    is_short: bool = False
    reason: Withheld | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftOutcome:
    """Units of a gift that were given and withheld. `gift_id` is the same in all orders.

    `most_per_customer` and `most_in_total` are its limits over all orders (0: none).
    """

    line_id: str
    gift_id: str
    path: str
    given_units: int
    withheld_units: int = 0
    reason: Withheld | None = None
    most_per_customer: int = 0
    most_in_total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What an offer takes off a line."""

    combination_id: str
    off_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """The price of a line: `list_minor` before the combination's rule, `price_minor` to pay, after all offers.

    A line of an offer has the combination's id as its line id. Of a pre-sale `deposit_minor` is paid at once and the
    rest of the price later. `credit_minor` is what old goods took off, `extra_minor` what choices added.
    """

    line_id: str
    item_id: str
    quantity: int
    list_minor: int
    price_minor: int
    extra_minor: int = 0
    credit_minor: int = 0
    deposit_minor: int = 0
    reductions: tuple[Reduction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Old goods that the buyer hands in."""

    line_id: str
    item_id: str
    units: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explosion:
    """Material demand, prices, gifts and decisions of one order. The lines of offers stand after those of the order."""

    order_id: str
    lines: tuple[LineOutcome, ...]
    pieces: tuple[Piece, ...]
    gifts: tuple[GiftOutcome, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def demand(self) -> dict[str, int]:
        """Units of each material, over all lines and days."""
        units: dict[str, int] = {}
        for piece in self.pieces:
            units[piece.sku] = units.get(piece.sku, 0) + piece.units
        return units
