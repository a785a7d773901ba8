"""What callers state once and decisions go by: what is sold, from where, what is preferred, by which contracts."""

from dataclasses import dataclass

from solver.catalog.combination_store import CombinationStore
from solver.catalog.store import CatalogStore
from solver.clock import Clock
from solver.ledger.contracts.store import ContractStore
from solver.network.store import NetworkStore
from solver.policies.store import PolicyStore
from solver.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterData:
    """One store for each kind, all in one database."""

    catalog: CatalogStore
    combinations: CombinationStore
    network: NetworkStore
    policies: PolicyStore
    contracts: ContractStore

    @classmethod
    def kept_in(cls, database: Database, clock: Clock) -> "MasterData":
        """The stores of this database; combinations and the catalog refer to each other."""
        catalog = CatalogStore(database, clock)
        combinations = CombinationStore(database, clock, lambda: catalog.catalog)
        catalog.combination_ids = lambda: combinations.kept.in_force.nouns
        return cls(
            catalog=catalog,
            combinations=combinations,
            network=NetworkStore(database, clock),
            policies=PolicyStore(database, clock),
            contracts=ContractStore(database, clock),
        )
