"""Combinations in flat form: what is fixed, multiplied out; and what an order, chance or stock has yet to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.outcome import Role

Needs = tuple[tuple[str, int], ...]  # units by SKU


class PartLike(Protocol):
    """So many units of a material."""

    @property
    def sku(self) -> str:
        """The material."""

    @property
    def units(self) -> int:
        """Units of it."""


class Goods(Protocol):
    """What a catalog knows of materials and sales items."""

    def __contains__(self, item_id: object, /) -> bool: ...

    def explode(self, item_id: str, /) -> Sequence[PartLike]:
        """What one unit of a material or sales item is made of."""


class FlatPart(NamedTuple):
    """Units of a material in one unit of what is flat."""

    sku: str
    units: int
    path: str
    role: Role
    group: str
    due_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """One unit of a node, of a combination or of an item.

    `needs` are what the fixed parts come to. `list_minor` None: a price is not known. `deposit_minor` and
    `bonus_minor` (what a deposit is worth beyond itself) are of pre-sales.
    """

    parts: tuple[FlatPart, ...] = ()
    needs: Needs = ()
    openings: tuple["Opening", ...] = ()
    list_minor: int | None = 0
    deposit_minor: int = 0
    bonus_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatOption:
    """What can be taken, by its code."""

    code: str
    flat: Flat
    extra_minor: int = 0
    most: int = 1
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Something open: `units` of it in one unit of what it stands in. `slot` is its whole name."""

    path: str
    units: int
    slot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatChoice(Opening):
    """The buyer's choice; of an upgrade the base is what stands where nothing was chosen."""

    options: Mapping[str, FlatOption]
    least: int
    most: int
    exclusions: tuple[frozenset[str], ...] = ()
    otherwise: Flat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatDraw(Opening):
    """Chance decides. `is_disjoint`: no two of the chances need the same material; `is_plain`: and what was drawn
    changes no other chance's weight.
    """

    chances: tuple[FlatOption, ...]
    count: int
    distinct: bool
    by_stock: bool
    is_disjoint: bool
    is_plain: bool
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatStock(Opening):
    """Stock decides: the first that suffices, or else the first. Of substitutes (`item`) and upgrades (`upgrade`)."""

    primitive: str
    options: tuple[FlatOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatGift(Opening):
    """Limits and stock decide."""

    gift_id: str
    options: tuple[FlatOption, ...]  # the goods, then what is given instead
    most_per_order: int
    most_per_customer: int
    most_in_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatAccepted:
    """What may be handed in for one unit."""

    item_id: str
    units: int
    credit_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatTradeIn(Opening):
    """The buyer hands in."""

    accepts: Mapping[str, FlatAccepted]
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A catalog's combinations in flat form, made once and read by every order.

    `flats` have what can be sold by name; `offers` what applies by itself, in sequence, with the goods of each of its
    steps. `unsound` says of the others why they cannot be unfolded. `limited_gifts` are the ids of gifts with a limit
    over all orders, by the combination that is ordered or applies.
    """

    goods: Goods
    prices: Mapping[str, int]
    combinations: Mapping[str, Combination]
    flats: Mapping[str, Flat]
    offers: tuple[tuple[Combination, tuple[Flat | None, ...]], ...]
    unsound: Mapping[str, str] = field(default_factory=dict)
    limited_gifts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, item_id: object, /) -> bool:
        """True when an order's line may name it."""
        return item_id in self.flats or item_id in self.goods

    def flat(self, item_id: str) -> Flat:
        """One unit of what a line names. KeyError where there is no such item."""
        known = self.flats.get(item_id)
        return known if known is not None else flat_item(self.goods, self.prices, item_id)


def flat_item(
    goods: Goods,
    prices: Mapping[str, int],
    item_id: str,
    *,
    units: int = 1,
    path: str = "item",
    role: Role = Role.SOLD,
    group: str = "",
    due_days: int = 0,
) -> Flat:
    """So many units of a material or sales item. KeyError where there is no such item."""
    parts = tuple(
        FlatPart(part.sku, units * part.units, path, role, group, due_days) for part in goods.explode(item_id)
    )
    list_minor = prices.get(item_id)
    if list_minor is None:
        of_parts = [prices.get(part.sku) for part in parts]
        known = [price for price in of_parts if price is not None]
        whole = len(known) == len(of_parts)
        total = sum(part.units * price for part, price in zip(parts, known, strict=True)) if whole else 0
        return Flat(parts=parts, needs=needs_of(parts), list_minor=total if whole else None)
    return Flat(parts=parts, needs=needs_of(parts), list_minor=units * list_minor)


def needs_of(parts: Sequence[FlatPart]) -> Needs:
    """Units of each material, in the sequence in which they come first."""
    units: dict[str, int] = {}
    for part in parts:
        units[part.sku] = units.get(part.sku, 0) + part.units
    return tuple(units.items())
