"""Everything that happens to goods at and between sites, put together. What is sold is the business of `holding`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solver.clock import Clock
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.fulfilment.warehousing.checks import WarehouseChecks
from solver.fulfilment.warehousing.consignments import Consigning
from solver.fulfilment.warehousing.counts import Counting
from solver.fulfilment.warehousing.importing import StockImport
from solver.fulfilment.warehousing.partners import Partnering
from solver.fulfilment.warehousing.places import Placing
from solver.fulfilment.warehousing.returns import Returning
from solver.journal.journal import Journal
from solver.stock.expected.consignments import Consignments
from solver.stock.partners.dealers import Dealers
from solver.stock.partners.dropship import DropShippers
from solver.stock.physical.counts import Counts
from solver.stock.physical.returns import Returns
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """One part for each kind of work."""

    placing: Placing
    counting: Counting
    consigning: Consigning
    returning: Returning
    partnering: Partnering
    stock_import: StockImport

    @classmethod
    def of(
        cls,
        *,
        database: Database,
        clock: Clock,
        journal: Journal,
        catalog: CatalogSource,
        network: NetworkSource,
        stock: Stock,
        miss: Callable[[Transaction, Sequence[str]], None],
    ) -> "Warehouse":
        """All parts over one database. `miss` is told of plans to which a consignment does not bring all."""
        checks = WarehouseChecks(catalog, network)
        return cls(
            placing=Placing(database=database, clock=clock, journal=journal, stock=stock, checks=checks),
            counting=Counting(database=database, clock=clock, counts=Counts(journal, stock), checks=checks),
            consigning=Consigning(
                database=database,
                clock=clock,
                consignments=Consignments(journal, stock),
                checks=checks,
                miss=miss,
            ),
            returning=Returning(database=database, clock=clock, returns=Returns(journal, stock), checks=checks),
            partnering=Partnering(
                database=database,
                clock=clock,
                dealers=Dealers(journal, stock),
                drop_shippers=DropShippers(journal, stock),
                checks=checks,
            ),
            stock_import=StockImport(database=database, clock=clock, stock=stock, checks=checks),
        )
