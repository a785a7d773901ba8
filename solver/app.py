"""The product without a network: storage, stores, books and planner put together. `server.py` puts gRPC in front."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from solver.catalog.combination_store import CombinationStore
from solver.catalog.store import CatalogStore
from solver.clock import Clock
from solver.fulfilment.aftermath import Aftermath
from solver.fulfilment.alerting import Alerting
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.batching.operations import BatchOperations
from solver.fulfilment.channels import Channels
from solver.fulfilment.committing import Committing
from solver.fulfilment.conditions.current import CurrentNetwork
from solver.fulfilment.conditions.reports import Reports
from solver.fulfilment.costing.costing import Costing
from solver.fulfilment.costing.sales import Sales
from solver.fulfilment.costing.valuation import Valuation
from solver.fulfilment.holding import Holding
from solver.fulfilment.landed_cost import LandedCosts
from solver.fulfilment.overriding.overriding import Overriding
from solver.fulfilment.plan_events.noting import note_expiry
from solver.fulfilment.plan_events.plan_events import PlanEvents
from solver.fulfilment.planner import Planner
from solver.fulfilment.promising.service import Promising
from solver.fulfilment.questions import Questions
from solver.fulfilment.replanning.replanner import Replanner
from solver.fulfilment.replanning.swap import Swap
from solver.fulfilment.settled_plans import SettledPlans
from solver.fulfilment.shadowing.shadowing import Shadowing
from solver.fulfilment.site_days import days_of
from solver.fulfilment.stockroom import Stockroom
from solver.fulfilment.warehousing.warehouse import Warehouse
from solver.journal.journal import Journal
from solver.ledger.contracts.store import ContractStore
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.invoicing.service import Invoicing
from solver.ledger.ledger import Ledger
from solver.ledger.reconciling.service import Reconciling
from solver.ledger.settlement.settlements import Settlements
from solver.ledger.valuation.book import ValueBook
from solver.network.store import NetworkStore
from solver.persons.seal import seal_of
from solver.persons.vault import Vault
from solver.policies.store import PolicyStore
from solver.schema import STEPS
from solver.settings.persons import PersonSettings
from solver.settings.webhooks import WebhookSettings
from solver.stock.feed.platform_feed import PlatformFeed
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.holds import Holds
from solver.stock.layers.shown import Shopfront
from solver.stock.physical.adoption import needs_places, put_in_places
from solver.stock.physical.picking import Places
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
    stock: Stock
    ledger: Ledger
    differences: DifferenceDesk
    reconciling: Reconciling
    invoicing: Invoicing
    valuation: Valuation
    contracts: ContractStore
    settlements: Settlements
    settled_plans: SettledPlans
    stockroom: Stockroom
    warehouse: Warehouse
    channels: Channels
    holding: Holding
    committing: Committing
    promising: Promising
    planner: Planner
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
        journal = Journal(clock)
        catalog, network = CatalogStore(database, clock), NetworkStore(database, clock)
        combinations = CombinationStore(database, clock, lambda: catalog.catalog)
        catalog.combination_ids = lambda: combinations.kept.in_force.nouns
        policies, reports = PolicyStore(database, clock), Reports(database=database, clock=clock, network=network)
        stock, ledger = Stock(journal, Places(journal, days_of(network))), Ledger(journal)
        _adopt_stock(database, journal, stock)
        current = CurrentNetwork(stated=network, reports=reports, database=database, stock=stock)
        commitments = Commitments(journal, stock.places)
        questions, values = Questions(), ValueBook(ledger)
        costing = Costing(journal, values, questions)
        journal.watch(costing.follow)
        journal.watch_expiries(note_expiry)
        aftermath = Aftermath(
            stock=stock,
            commitments=commitments,
            ledger=ledger,
            sales=Sales(ledger, values, questions),
            counted_since=current.counted_since,
        )
        contracts = ContractStore(database, clock)
        settlements = Settlements(
            database=database, clock=clock, journal=journal, ledger=ledger, book=lambda: contracts.book
        )
        planner = Planner(
            database=database,
            clock=clock,
            catalog=catalog,
            network=current,
            policies=policies,
            stock=stock,
            ledger=ledger,
            refuse_overrun=current.refuse_overrun,
            is_limited=current.is_limited,
            follow=aftermath.follow,
            combinations=lambda: combinations.combinations,
            costs=LandedCosts(lambda: contracts.book),
        )
        batches = Batches(
            database=database,
            clock=clock,
            catalog=catalog,
            network=current,
            policies=policies,
            planner=planner,
            rooms=current.rooms,
        )
        swap = Swap(
            stock=stock,
            commitments=commitments,
            ledger=ledger,
            questions=planner.questions,
            aftermath=aftermath,
            refuse_overrun=current.refuse_overrun,
        )
        differences = DifferenceDesk(database=database, clock=clock, posting=ledger)
        return cls(
            lock=lock,
            database=database,
            clock=clock,
            journal=journal,
            catalog=catalog,
            combinations=combinations,
            network=network,
            reports=reports,
            policies=policies,
            stock=stock,
            differences=differences,
            reconciling=Reconciling(database=database, clock=clock, posting=ledger, tickets=differences.tickets),
            invoicing=Invoicing(database=database, clock=clock, tickets=differences.tickets, posting=ledger),
            ledger=ledger,
            valuation=Valuation(
                database=database,
                clock=clock,
                journal=journal,
                values=values,
                costing=costing,
                catalog=catalog,
                network=network,
            ),
            contracts=contracts,
            settlements=settlements,
            settled_plans=SettledPlans(database=database, catalog=catalog, planner=planner, settlements=settlements),
            stockroom=Stockroom(database=database, clock=clock, catalog=catalog, network=network, stock=stock),
            warehouse=Warehouse.of(
                database=database,
                clock=clock,
                journal=journal,
                catalog=catalog,
                network=network,
                stock=stock,
                miss=aftermath.miss,
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
            committing=Committing(database=database, clock=clock, commitments=commitments, aftermath=aftermath),
            planner=planner,
            batches=batches,
            operations=BatchOperations(database=database, clock=clock, batches=batches),
            replanner=Replanner(
                database=database,
                clock=clock,
                catalog=catalog,
                network=current,
                stock=stock,
                commitments=commitments,
                planner=planner,
                swap=swap,
                conditions=lambda: reports.conditions,
                rooms=current.rooms,
            ),
            overriding=Overriding(
                database=database,
                clock=clock,
                catalog=catalog,
                stock=stock,
                commitments=commitments,
                planner=planner,
                swap=swap,
                conditions=lambda: reports.conditions,
                rooms=current.rooms,
            ),
            shadowing=Shadowing(
                database=database,
                clock=clock,
                catalog=catalog,
                network=current,
                policies=policies,
                asking=planner.asking,
                readiness=planner.readiness,
                exploding=planner.exploding,
            ),
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
            vault=Vault(database, clock, seal),
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


def _adopt_stock(database: Database, journal: Journal, stock: Stock) -> None:
    """Stock of a release that knew no places is put into default places."""
    with database.read() as reader:
        needed = needs_places(journal, reader)
    if needed:
        with database.write() as tx:
            put_in_places(journal, stock.places, tx)
