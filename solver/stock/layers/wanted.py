"""What logical warehouses and channels are to have, as it was said."""

from collections.abc import Collection
from dataclasses import dataclass, field

from solver.stock.layers.accounts import Pool
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import channels, quotas, warehouses
from solver.stock.layers.pools import Part
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Feeds of every site and quotas of some SKUs, in the order in which they are served."""

    warehouses: dict[str, LogicalWarehouse]
    channels: dict[str, Channel]
    quotas: tuple[Quota, ...]
    _of_sites: dict[str, list[tuple[LogicalWarehouse, Feed]]] = field(default_factory=dict)
    _of_pools: dict[tuple[str, str], list[Quota]] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: Reader, skus: Collection[str]) -> "Wanted":
        """What is said now, for these SKUs."""
        found = quotas(reader, skus)
        return cls.of(warehouses(reader), channels(reader) if found else {}, found)

    @classmethod
    def of(cls, known: dict[str, LogicalWarehouse], sellers: dict[str, Channel], found: Collection[Quota]) -> "Wanted":
        """The same from nouns; warehouses and channels stand in the order in which they are served."""
        of_sites: dict[str, list[tuple[LogicalWarehouse, Feed]]] = {}
        for warehouse in known.values():
            for feed in warehouse.feeds:
                of_sites.setdefault(feed.site_id, []).append((warehouse, feed))
        of_pools: dict[tuple[str, str], list[Quota]] = {}
        for quota in sorted(found, key=lambda one: _order(one, sellers)):
            of_pools.setdefault((quota.logical_id, quota.sku), []).append(quota)
        return cls(warehouses=known, channels=sellers, quotas=tuple(found), _of_sites=of_sites, _of_pools=of_pools)

    def of_site(self, site_id: str, sku: str) -> tuple[Part, ...]:
        """What logical warehouses are to have of a SKU at a site; none: the site feeds none with it."""
        parts: dict[str, Part] = {}
        for warehouse, feed in self._of_sites.get(site_id, ()):
            name = warehouse.logical_id
            if feed.sku == sku or (feed.sku == "" and name not in parts):
                parts[name] = Part(
                    name=name, permille=feed.share_permille, units=feed.units, rebalances=warehouse.rebalances
                )
        return tuple(parts.values())

    def of_pool(self, pool: Pool) -> tuple[Part, ...]:
        """What sellers are to have of a logical warehouse, or of all sites; none: nobody has a quota there."""
        return tuple(
            Part(name=one.seller, permille=one.exclusive_permille, units=one.exclusive_units, rebalances=one.rebalances)
            for one in self._of_pools.get((pool.of, pool.sku), ())
        )


def _order(quota: Quota, sellers: dict[str, Channel]) -> tuple[int, int, str]:
    channel = sellers.get(quota.channel_id)
    return channel.tier if channel else 1, quota.shop_tier, quota.channel_id
