"""The product without a network: storage, stores, books and planner put together. `server.py` puts gRPC in front."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from solver.catalog.combination_store import CombinationStore
from solver.catalog.store import CatalogStore
from solver.clock import Clock
from solver.fulfilment.alerting import Alerting
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.batching.operations import BatchOperations
from solver.fulfilment.channels import Channels
from solver.fulfilment.committing import Committing
from solver.fulfilment.conditions.current import CurrentNetwork
from solver.fulfilment.conditions.reports import Reports
from solver.fulfilment.confirming import Confirming
from solver.fulfilment.erasing import erase_customer
from solver.fulfilment.finance import Finance
from solver.fulfilment.holding import Holding
from solver.fulfilment.made_plans import MadePlans
from solver.fulfilment.master_data import MasterData
from solver.fulfilment.open_books import OpenBooks
from solver.fulfilment.overriding.overriding import Overriding
from solver.fulfilment.plan_events.plan_events import PlanEvents
from solver.fulfilment.planner import Planner
from solver.fulfilment.plans import Plans
from solver.fulfilment.promising.service import Promising
from solver.fulfilment.replanning.replanner import Replanner
from solver.fulfilment.shadowing.shadowing import Shadowing
from solver.fulfilment.stockroom import Stockroom
from solver.fulfilment.warehousing.warehouse import Warehouse
from solver.journal.journal import Journal
from solver.ledger.contracts.store import ContractStore
from solver.ledger.ledger import Ledger
from solver.network.store import NetworkStore
from solver.persons.seal import seal_of
from solver.persons.vault import Vault
from solver.policies.store import PolicyStore
from solver.schema import STEPS
from solver.settings.persons import PersonSettings
from solver.settings.webhooks import WebhookSettings
from solver.stock.feed.platform_feed import PlatformFeed
from solver.stock.holding.holds import Holds
from solver.stock.layers.shown import Shopfront
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.lock import FolderLock
from solver.storage.url import open_database, sqlite_path
from solver.webhooks.endpoints import Endpoints
from solver.webhooks.kept_secrets import KeptSecrets
from solver.webhooks.rows import still_needed

_WEBHOOKS, _PERSONS = WebhookSettings(), PersonSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Every module over one database. Close it when done."""

    lock: FolderLock | None
    database: Database
    clock: Clock
    journal: Journal
    catalog: CatalogStore
    combinations: CombinationStore
    network: NetworkStore
    reports: Reports
    policies: PolicyStore
    contracts: ContractStore
    stock: Stock
    ledger: Ledger
    finance: Finance
    stockroom: Stockroom
    warehouse: Warehouse
    channels: Channels
    holding: Holding
    committing: Committing
    promising: Promising
    planner: Planner
    made_plans: MadePlans
    confirming: Confirming
    replanner: Replanner
    overriding: Overriding
    shadowing: Shadowing
    batches: Batches
    operations: BatchOperations
    feed: PlatformFeed
    plan_events: PlanEvents
    endpoints: Endpoints
    vault: Vault
    alerting: Alerting

    @classmethod
    def open(
        cls,
        where: Path | str,
        clock: Clock,
        *,
        durable: bool = True,
        webhooks: WebhookSettings = _WEBHOOKS,
        persons: PersonSettings = _PERSONS,
    ) -> "Application":
        """Open the database in a folder, or the one that a URL names, or begin one there.

        A folder or SQLite file has one process at a time. One that is not `durable` may lose everything with the power,
        and is for books that can be made again. Raises StorageUnusable, also when another server has it.
        """
        lock = FolderLock(path.parent) if (path := sqlite_path(where)) else None
        try:
            database = open_database(path or str(where), STEPS, durable=durable)
        except BaseException:
            if lock is not None:
                lock.let_go()
            raise
        try:
            return cls._over(lock, database, clock, webhooks, persons)
        except BaseException:
            database.close()
            if lock is not None:
                lock.let_go()
            raise

    @classmethod
    def _over(
        cls,
        lock: FolderLock | None,
        database: Database,
        clock: Clock,
        webhooks: WebhookSettings,
        persons: PersonSettings,
    ) -> "Application":
        seal = seal_of(persons.key_file, persons.previous_key_file)
        secrets = KeptSecrets(seal)
        secrets.seal_those_in_clear(database)
        masters = MasterData.kept_in(database, clock)
        catalog, network = masters.catalog, masters.network
        books = OpenBooks.over(database, clock, network)
        journal, stock = books.journal, books.stock
        reports = Reports(database=database, clock=clock, network=network)
        current = CurrentNetwork(stated=network, reports=reports, database=database, stock=stock)
        plans = Plans.of(database=database, clock=clock, masters=masters, network=current, books=books)
        return cls(
            lock=lock,
            database=database,
            clock=clock,
            journal=journal,
            catalog=catalog,
            combinations=masters.combinations,
            network=network,
            reports=reports,
            policies=masters.policies,
            contracts=masters.contracts,
            stock=stock,
            ledger=books.ledger,
            finance=Finance.of(database=database, clock=clock, masters=masters, books=books, planner=plans.planner),
            stockroom=Stockroom(database=database, clock=clock, catalog=catalog, network=network, stock=stock),
            warehouse=Warehouse.of(
                database=database,
                clock=clock,
                journal=journal,
                catalog=catalog,
                network=network,
                stock=stock,
                miss=plans.aftermath.miss,
            ),
            channels=Channels(
                database=database, clock=clock, journal=journal, catalog=catalog, network=network, stock=stock
            ),
            holding=Holding(
                database=database,
                clock=clock,
                catalog=catalog,
                network=network,
                stock=stock,
                holds=Holds(journal, stock.places),
            ),
            promising=Promising(database=database, clock=clock, journal=journal, catalog=catalog, network=network),
            committing=Committing(
                database=database, clock=clock, commitments=books.commitments, aftermath=plans.aftermath
            ),
            planner=plans.planner,
            made_plans=plans.planner.made,
            confirming=plans.confirming,
            replanner=plans.replanner,
            overriding=plans.overriding,
            shadowing=plans.shadowing,
            batches=plans.batches,
            operations=BatchOperations(database=database, clock=clock, batches=plans.batches),
            feed=PlatformFeed(
                database,
                clock,
                Shopfront(journal, lambda: catalog.catalog.sales_items),
                withdraw=lambda: stock.withdraw_if_due(database),
            ),
            plan_events=PlanEvents(
                database,
                clock,
                stock,
                retention=timedelta(days=persons.plan_event_days),
                still_needed=still_needed,
            ),
            endpoints=Endpoints(database, clock, webhooks, secrets=secrets),
            vault=Vault(database, clock, seal, erase_customer),
            alerting=Alerting(database=database, clock=clock, journal=journal, catalog=catalog, network=network),
        )

    def close(self) -> None:
        """Finish what runs, close the database, and let others have the folder."""
        self.operations.close()
        self.feed.stop()
        self.plan_events.stop()
        self.database.close()
        if self.lock is not None:
            self.lock.let_go()
