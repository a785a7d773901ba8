"""Logical warehouses, channels, quotas and shops as callers send them: checked against what exists, done once."""

from collections.abc import Callable, Sequence

from solver.clock import Clock
from solver.errors import NotFound, Violations
from solver.fulfilment.channel_checks import check_channels, check_listings, check_quotas, check_shops, check_warehouses
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.journal.journal import Journal
from solver.stock.layers import channel_rows, shops
from solver.stock.layers.channel_model import Channel, ChannelUnits, LogicalWarehouse, Quota
from solver.stock.layers.dividing import rebalance_all, set_quotas, set_warehouses
from solver.stock.layers.picture import picture
from solver.stock.layers.picture_model import StockPicture
from solver.stock.layers.sellable import sellable
from solver.stock.layers.shops import Listing, Shop
from solver.stock.layers.shown import Shopfront
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_ROWS, check_reference, check_rows, check_unique

MOST_SELLERS = 100


class Channels:
    """Who may sell what. Every method raises InvalidRequest and, where it writes, RequestIdReused."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        journal: Journal,
        catalog: CatalogSource,
        network: NetworkSource,
        stock: Stock,
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._catalog = catalog
        self._network = network
        self._stock = stock
        self.shopfront = Shopfront(journal, lambda: catalog.catalog.sales_items)

    def set_warehouses(self, request: Request, nouns: Sequence[LogicalWarehouse]) -> None:
        """Let sites feed logical warehouses. Free units move at once."""
        violations = Violations()
        check_rows(nouns, "warehouses", violations)
        check_warehouses(nouns, self._network.network.sources, self._catalog.catalog.materials, violations)
        violations.refuse_any("the list of logical warehouses")
        self._divide(request, lambda tx: set_warehouses(self._journal, tx, nouns, request.request_id))

    def warehouses(self) -> tuple[LogicalWarehouse, ...]:
        """Every logical warehouse, in the order in which they are served."""
        with self._database.read() as reader:
            return tuple(channel_rows.warehouses(reader).values())

    def set_channels(self, request: Request, nouns: Sequence[Channel]) -> None:
        """Write channels over those with the same ids."""

        def act(tx: Transaction) -> None:
            violations = Violations()
            check_rows(nouns, "channels", violations)
            check_channels(nouns, channel_rows.channels(tx), channel_rows.warehouses(tx), violations)
            violations.refuse_any("the list of channels")
            channel_rows.put_channels(tx, nouns)

        self._divide(request, act)

    def channels(self) -> tuple[Channel, ...]:
        """Every channel, in the order in which they are served."""
        with self._database.read() as reader:
            return tuple(channel_rows.channels(reader).values())

    def set_quotas(self, request: Request, rows: Sequence[Quota]) -> None:
        """Give channels quotas. Free units move at once, held ones stay."""
        violations = Violations()
        check_rows(rows, "quotas", violations)
        check_quotas(rows, self._catalog.catalog.materials, violations)
        violations.refuse_any("the list of quotas")
        self._divide(request, lambda tx: set_quotas(self._journal, tx, rows, request.request_id))

    def quotas(self, skus: Sequence[str] = ()) -> tuple[Quota, ...]:
        """The quotas of these SKUs, or of all."""
        with self._database.read() as reader:
            return tuple(channel_rows.quotas(reader, skus or None))

    def rebalance(self, request: Request, skus: Sequence[str] = (), site_ids: Sequence[str] = ()) -> int:
        """Bring free units back to what was said; how many moved."""
        violations = Violations()
        for path, wanted in (("skus", skus), ("site_ids", site_ids)):
            violations.require(len(wanted) <= MOST_ROWS, path, f"{len(wanted)} rows", f"send at most {MOST_ROWS:,}")
        for position, site_id in enumerate(site_ids):
            check_reference(site_id, self._network.network.sources, "source", f"site_ids[{position}]", violations)
        self._check_skus(skus, violations)
        violations.refuse_any("the re-balance")

        def act(tx: Transaction) -> bytes:
            self._stock.sweep(tx)
            moved = rebalance_all(self._journal, tx, request.request_id, skus or None, site_ids or None)
            self._stock.serve_all(tx, request.request_id)
            return str(moved).encode()

        return int(once(self._database, self._clock, request, act).body)

    def sellable(
        self, sellers: Sequence[str], skus: Sequence[str], logical_id: str | None = None
    ) -> tuple[ChannelUnits, ...]:
        """Units that each seller may still hold of each SKU, in that order; of one logical warehouse, or of all."""
        violations = Violations()
        check_rows(sellers, "channel_ids", violations, MOST_SELLERS)
        check_rows(skus, "skus", violations)
        check_unique(skus, "skus", violations)
        self._check_skus(skus, violations)
        self._stock.withdraw_if_due(self._database)
        with self._database.read() as reader:
            known, warehouses = channel_rows.channels(reader), channel_rows.warehouses(reader)
            for position, seller in enumerate(sellers):
                channel_id = seller.partition("#")[0]
                check_reference(channel_id, known, "channel", f"channel_ids[{position}]", violations)
            if logical_id is not None:
                check_reference(logical_id, warehouses, "logical warehouse", "logical_id", violations)
            violations.refuse_any("the question for sellable stock")
            table = sellable(self._journal, reader, sellers, skus, logical_id)
        return tuple(
            ChannelUnits(channel_id=seller, sku=sku, units=int(table[row, column]))
            for row, seller in enumerate(sellers)
            for column, sku in enumerate(skus)
        )

    def set_shops(self, request: Request, nouns: Sequence[Shop]) -> None:
        """Write shops over those with the same ids."""

        def act(tx: Transaction) -> None:
            violations = Violations()
            check_rows(nouns, "shops", violations)
            check_shops(nouns, channel_rows.channels(tx), violations)
            violations.refuse_any("the list of shops")
            shops.put_shops(tx, nouns)

        self._once(request, act)

    def shops(self) -> tuple[Shop, ...]:
        """Every shop, in the order of their ids."""
        with self._database.read() as reader:
            return tuple(shops.shops(reader).values())

    def set_listings(self, request: Request, rows: Sequence[Listing]) -> None:
        """Begin listings of shops, or end them."""

        def act(tx: Transaction) -> None:
            violations = Violations()
            check_rows(rows, "listings", violations)
            check_listings(rows, shops.shops(tx), self._catalog.catalog, violations)
            violations.refuse_any("the list of listings")
            shops.put_listings(tx, rows)

        self._once(request, act)

    def picture(self, sku: str) -> StockPicture:
        """One SKU through all layers. Raises NotFound for one that the catalog does not know."""
        if sku not in self._catalog.catalog.materials:
            raise NotFound(f"there is no material {sku[:128]!r}", metadata={"sku": sku[:128]})
        self._stock.withdraw_if_due(self._database)
        with self._database.read() as reader:
            return picture(self._journal, self._stock, self.shopfront, reader, sku)

    def _check_skus(self, skus: Sequence[str], violations: Violations) -> None:
        for position, sku in enumerate(skus):
            check_reference(sku, self._catalog.catalog.materials, "material", f"skus[{position}]", violations)

    def _divide(self, request: Request, act: Callable[[Transaction], None]) -> None:
        """Do what changes who may take units: backorders that wait get what they may take now."""

        def divide(tx: Transaction) -> None:
            self._stock.sweep(tx)
            act(tx)
            self._stock.serve_all(tx, request.request_id)

        self._once(request, divide)

    def _once(self, request: Request, act: Callable[[Transaction], None]) -> None:
        def answer(tx: Transaction) -> bytes:
            act(tx)
            return b""

        once(self._database, self._clock, request, answer)
