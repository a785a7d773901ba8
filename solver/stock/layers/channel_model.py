"""The nouns of who may sell what: logical warehouses, channels and their quotas."""

from dataclasses import dataclass

ANYWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a site gives to a logical warehouse: a share of every SKU, or of one; or so many units of one.

    Exactly one of `share_permille` and `units` is given. What is said for a SKU stands in place of what is said for
    all. Shares are of what the amounts leave.
    """

    site_id: str
    sku: str = ""
    share_permille: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalWarehouse:
    """Units of physical sites that are dispatched as if they were a warehouse of their own.

    Of several at a site the lowest `rank` is given its units first and gives up its own last. With `rebalances`,
    whatever comes to or leaves its sites by other ways than sale brings them back to what its feeds say.
    """

    logical_id: str
    name: str = ""
    feeds: tuple[Feed, ...] = ()
    rank: int = 1
    rebalances: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way of selling. It draws on its own exclusive units, then on what is shared, then on those of `overflow`.

    `logical_ids` are the logical warehouses that it sells from, in that order; none: from every unit there is.
    The channels with the lowest `tier` are served first.
    """

    channel_id: str
    name: str = ""
    tier: int = 1
    logical_ids: tuple[str, ...] = ()
    overflow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What a channel has of a SKU, of a logical warehouse or (without one) of everything.

    `exclusive_units` or `exclusive_permille` of what there is are its own: on hand, held or free. It may hold and sell
    `ceiling_units` in all; None: any number. `shop_tier` says that the quota is for shops of this tier of the channel
    alone; 0: for all of its shops. With `rebalances`, whatever comes or leaves by other ways than sale brings the
    exclusive units back to what is said here. With `counts_anew` what was sold until now counts against no ceiling any
    more; what is held does. It is done once and not kept. One that says nothing ends the quota.
    """

    channel_id: str
    sku: str
    shop_tier: int = 0
    logical_id: str = ANYWHERE
    exclusive_units: int = 0
    exclusive_permille: int = 0
    ceiling_units: int | None = None
    rebalances: bool = False
    counts_anew: bool = False

    @property
    def seller(self) -> str:
        """Whose the exclusive units are: the channel, or its shops of one tier."""
        return seller_of(self.channel_id, self.shop_tier)

    @property
    def says_nothing(self) -> bool:
        """True for one that ends a quota."""
        return self.exclusive_units == 0 and self.exclusive_permille == 0 and self.ceiling_units is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUnits:
    """How many units a channel, or its shops of one tier, may still hold of a SKU."""

    channel_id: str
    sku: str
    units: int


def seller_of(channel_id: str, shop_tier: int = 0) -> str:
    """A channel, or its shops of one tier, in one word: `tmall`, `tmall#2`."""
    return f"{channel_id}#{shop_tier}" if shop_tier else channel_id


def channel_of(seller: str) -> str:
    """The channel of a seller."""
    return seller.partition("#")[0]


def lineage(seller: str) -> tuple[str, ...]:
    """A seller and what it is part of; nobody for the seller without a name."""
    channel_id = channel_of(seller)
    return () if seller == "" else (seller,) if seller == channel_id else (seller, channel_id)
