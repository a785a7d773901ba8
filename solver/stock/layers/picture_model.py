"""One SKU through all five layers, with every number between the pallet and what a shop shows. For people."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.stock.physical.places import PlaceLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPicture:
    """What a part of something divided has: `units` = `held_units` + `free_units`."""

    name: str
    units: int
    held_units: int
    free_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePicture:
    """A site: what lies there by state, what is promised of the good units, and who may dispatch them.

    on_hand = available + held + committed. Units of `states` are by state, the good ones without those committed.
    Where the site feeds logical warehouses, unallotted + allotted = available + held.
    """

    site_id: str
    on_hand: int
    available: int
    held: int
    committed: int
    states: Mapping[str, int]
    unallotted: PartPicture | None = None
    allotted: tuple[PartPicture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingPicture:
    """How many units a seller may hold and sell, and how many it has held or sold."""

    seller: str
    ceiling_units: int
    taken_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPicture:
    """What is divided among channels: the units of a logical warehouse, or (without one) of all sites.

    `units` = those of `shared` + those of `exclusive`.
    """

    logical_id: str
    units: int
    shared: PartPicture
    exclusive: tuple[PartPicture, ...] = ()
    ceilings: tuple[CeilingPicture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPicture:
    """How many units a channel may still hold, over all sites."""

    channel_id: str
    sellable_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPicture:
    """What a shop shows of what it lists: the SKU, or a kit with it.

    `sellable_units` may be sold; less the buffer, rounded down to a multiple, at most the cap: `shown_units`.
    """

    shop_id: str
    channel_id: str
    sku: str
    sellable_units: int
    buffer_units: int
    multiple_units: int
    cap_units: int | None
    shown_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPicture:
    """The layers from below: places, sites, pools of channels, channels, shops."""

    sku: str
    places: tuple[PlaceLevel, ...]
    sites: tuple[SitePicture, ...]
    pools: tuple[PoolPicture, ...]
    channels: tuple[ChannelPicture, ...]
    shops: tuple[ShopPicture, ...]
