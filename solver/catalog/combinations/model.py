"""What a combination (组合) is made of: a few primitives that nest, as data.

A combination is either sold, and an order's line names it; or it has an `offer`, and applies to an order whose lines
reach it. Money is minor units of the order's currency. `Explosion` is what comes of an order (`outcome.py`).
"""

from dataclasses import dataclass, fields
from enum import StrEnum

from solver.catalog.combinations.prices import Price
from solver.catalog.sharing.model import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A material's SKU, a sales item's id or another combination's id, which is then nested.

    Where the stock seen is less than the units asked, `substitutes` take their place, the first that suffices. They
    are materials or sales items.
    """

    item_id: str
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """All parts. With `together` they leave from one source, as one group."""

    parts: tuple["Node", ...]
    together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What a buyer may choose, by its `code`: up to `most` units of it, each at `extra_minor` on top of the price."""

    code: str
    goods: "Node"
    extra_minor: int = 0
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Options of which a buyer may choose one at most, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """The buyer chooses `least` to `most` units among the options, for each unit of the combination alike."""

    options: tuple[Option, ...]
    least: int = 1
    most: int = 1
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """What may be drawn, with a whole weight: twice the weight, twice as likely."""

    code: str
    goods: "Node"
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """`count` random draws for each unit, among the chances whose goods are available.

    With `distinct` none comes twice within a unit (without replacement). With `by_stock` a weight counts as often as
    the goods are available, so that what lies most goes most.
    """

    chances: tuple[Chance, ...]
    count: int = 1
    distinct: bool = False
    by_stock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Goods that are free while stock lasts, within limits; 0: no limit. What is withheld is told, with the reason.

    Limits count units of the gift: in one order, for one customer and for all. Where the goods run out, those of
    `instead` are given, in their sequence.
    """

    goods: "Node"
    most_per_order: int = 0
    most_per_customer: int = 0
    most_in_total: int = 0
    instead: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The goods so many times, every so many days, the first at once: a subscription."""

    goods: "Node"
    times: int
    every_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreSale:
    """Goods that are paid by a deposit and a balance, and ship some days after the order.

    For each unit `deposit_minor` is paid at once; on the price it counts as `worth_minor` (0: as what it is).
    """

    goods: "Node"
    deposit_minor: int
    worth_minor: int = 0
    ships_after_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a buyer may hand in for one unit: so many units of an item, for a credit on the price."""

    code: str
    item_id: str
    credit_minor: int
    units: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeIn:
    """Goods against old ones. With `required` there is nothing without handing in."""

    goods: "Node"
    accepts: tuple[Accepted, ...]
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """The better goods instead of the base: at `extra_minor` where the buyer chooses the option `better`.

    With `when_short` also free of charge, where the base's stock does not suffice and that of the better goods does.
    """

    base: "Node"
    better: "Node"
    extra_minor: int = 0
    when_short: bool = False


Primitive = Item | AllOf | Choose | Draw | Gift | Period | PreSale | TradeIn | Upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """So many `units` of exactly one primitive.

    `slot` names a node that a buyer's choice refers to (choose, trade-in, upgrade). `share_weight` is its part of the
    price where money is shared out by given weights (分摊).
    """

    units: int = 1
    slot: str = ""
    share_weight: int = 0
    item: Item | None = None
    all_of: AllOf | None = None
    choose: Choose | None = None
    draw: Draw | None = None
    gift: Gift | None = None
    period: Period | None = None
    pre_sale: PreSale | None = None
    trade_in: TradeIn | None = None
    upgrade: Upgrade | None = None

    @property
    def given(self) -> tuple[tuple[str, Primitive], ...]:
        """The primitives that are given, with their names; a sound node has one."""
        return tuple((name, getattr(self, name)) for name in PRIMITIVES if getattr(self, name) is not None)


PRIMITIVES = tuple(field.name for field in fields(Node))[3:]


class Measure(StrEnum):
    """What of an order an offer counts, over the lines that it is about."""

    UNITS = "units"
    AMOUNT = "amount"  # minor units, after the lines' own prices and earlier offers
    SETS = "sets"  # one unit of each of the items
    ORDERS = "orders"  # the order itself: 1 where any line is one of those


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is given from `least` of the measure on. Reductions are of the lines that the offer is about.

    In this sequence: `free_units` of the cheapest units are free; `least` units cost `price_minor` (the dearest
    first; of units only); `keep_permille` of the amount is left; `off_minor` is taken off. `goods` come in addition:
    gifts, or a choice whose options cost their `extra_minor`.
    """

    least: int
    free_units: int = 0
    price_minor: int | None = None
    keep_permille: int = 1000
    off_minor: int = 0
    goods: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Applies to every order that reaches a step; the highest one reached counts.

    `item_ids` name what lines it is about; empty: all. With `repeats` the highest step is given as often as its
    `least` fits, up to `most_times` (0: no limit). `customer_tiers` empty: for everybody. Of the offers of one
    `group` the one that takes most off applies. Offers follow each other by `rank`, then by the combination's id.
    """

    measure: Measure
    steps: tuple[Step, ...]
    item_ids: tuple[str, ...] = ()
    customer_tiers: tuple[str, ...] = ()
    repeats: bool = False
    most_times: int = 0
    group: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """A combination (组合) of one of the named kinds (组合方式); either `goods` or `offer` is given.

    `price` None: an order's line says the price, or else the list does. `excludes` are combinations that may not stand
    in one order with it. Its money is shared out to its parts by `share_by`.
    """

    combination_id: str
    kind: str
    name: str = ""
    goods: Node | None = None
    price: Price | None = None
    offer: Offer | None = None
    excludes: tuple[str, ...] = ()
    share_by: Basis = Basis.STAND_ALONE_PRICE
