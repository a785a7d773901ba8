"""Stock with logical warehouses and quotas at a glance: what every part of every pool has."""

from datetime import timedelta

from solver.journal.journal import Journal
from solver.stock.layers import entitlement
from solver.stock.layers.accounts import Pool, channel_pool, site_pool
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import rebalance_all, set_quotas, set_warehouses
from solver.stock.layers.draft import Draft
from solver.stock.layers.sellable import sellable
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database

MINUTES = timedelta(minutes=1)


class Divided:
    """Teas at two sites."""

    def __init__(self, database: Database, stock: Stock, journal: Journal) -> None:
        self.database, self.stock, self.journal = database, stock, journal

    def receive(self, units: int, site_id: str = "s1") -> None:
        with self.database.write() as tx:
            self.stock.receive(tx, [Movement(site_id=site_id, sku="tea", units=units)], "po")

    def lose(self, units: int, site_id: str = "s1") -> None:
        with self.database.write() as tx:
            self.stock.adjust(tx, [Movement(site_id=site_id, sku="tea", units=-units)], "count")

    def feed(self, **shares: int) -> None:
        """Each named warehouse has so many thousandths of s1; the ranks are in the order given."""
        self.warehouses(
            *(
                LogicalWarehouse(logical_id=name, rank=rank, feeds=(Feed(site_id="s1", share_permille=share),))
                for rank, (name, share) in enumerate(shares.items(), 1)
            )
        )

    def warehouses(self, *nouns: LogicalWarehouse) -> None:
        with self.database.write() as tx:
            set_warehouses(self.journal, tx, nouns, "setting")

    def channels(self, *nouns: Channel) -> None:
        with self.database.write() as tx:
            put_channels(tx, nouns)

    def quotas(self, *rows: Quota) -> None:
        with self.database.write() as tx:
            set_quotas(self.journal, tx, rows, "setting")

    def rebalance(self) -> int:
        with self.database.write() as tx:
            return rebalance_all(self.journal, tx, "night")

    def hold(self, name: str, units: int, seller: str = "", site_id: str = "s1") -> None:
        with self.database.write() as tx:
            claims = [Claim(site_id=site_id, sku="tea", units=units)]
            self.stock.hold(tx, name, claims, self.stock.now(tx) + 10 * MINUTES, seller)

    def end(self, name: str, *, confirms: bool = False) -> None:
        with self.database.write() as tx:
            (self.stock.confirm if confirms else self.stock.release)(tx, name)

    def at_site(self, site_id: str = "s1") -> dict[str, tuple[int, int]]:
        """(units, of which held) by logical warehouse; the empty name: unallotted."""
        return self._parts(site_pool(site_id, "tea"))

    def in_pool(self, logical_id: str = "") -> dict[str, tuple[int, int]]:
        """(units, of which held) by seller; the empty name: shared."""
        return self._parts(channel_pool(logical_id, "tea"))

    def sellable(self, *sellers: str) -> list[int]:
        with self.database.read() as reader:
            return [int(one) for one in sellable(self.journal, reader, sellers, ["tea"])[:, 0]]

    def told(self, seller: str, wanted: int) -> dict[str, int]:
        """What a plan is told that the seller may take, by site."""
        with self.database.read() as reader:
            there = self.stock.available(reader, ["tea"])
            return dict(entitlement.available(self.journal, reader, seller, there, {"tea": wanted})["tea"])

    def audited(self) -> bool:
        with self.database.read() as reader:
            return self.journal.audit(reader) == () and self.stock.audit(reader) == ()

    def _parts(self, pool: Pool) -> dict[str, tuple[int, int]]:
        with self.database.read() as reader:
            draft = Draft(self.journal, reader, ["tea"])
        accounts = {part: pool.account(part) for part in ("", *draft.parts(pool))}
        return {
            part: (draft.posted(one), draft.pending(one)) for part, one in accounts.items() if draft.is_divided(pool)
        }
