"""What the service's decisions are made from, put together: stock as it is now, its worth, questions, what is ready."""

from dataclasses import dataclass

from solver.clock import Clock
from solver.fulfilment.asking import Asking
from solver.fulfilment.exploding.exploding import CombinationSource, Exploding
from solver.fulfilment.landed_cost import LandedCosts
from solver.fulfilment.questions import Questions
from solver.fulfilment.readiness import Readiness
from solver.fulfilment.sources import CatalogSource, NetworkSource, PolicySource
from solver.fulfilment.valuing.valuing import Valuing
from solver.stock.following.live import LiveAvailability
from solver.stock.stock import Stock
from solver.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionInputs:
    """All over the same view of what is available.

    `asking` states what a decision looks at, `questions` keeps it, `exploding` says what combinations are made of,
    `readiness` what is ready to decide quickly, `valuing` what stock left behind is worth.
    """

    live: LiveAvailability
    readiness: Readiness
    questions: Questions
    valuing: Valuing
    asking: Asking
    exploding: Exploding

    @classmethod
    def of(
        cls,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        policies: PolicySource,
        stock: Stock,
        combinations: CombinationSource,
        costs: LandedCosts | None,
    ) -> "DecisionInputs":
        """What decides on this stock, for what is in this catalog, over this network."""
        live, questions = LiveAvailability(clock), Questions()
        valuing = Valuing(
            database=database,
            clock=clock,
            catalog=catalog,
            network=network,
            policies=policies,
            questions=questions,
            live=live,
        )
        return cls(
            live=live,
            readiness=Readiness(clock),
            questions=questions,
            valuing=valuing,
            asking=Asking(
                database=database,
                clock=clock,
                catalog=catalog,
                network=network,
                stock=stock,
                live=live,
                values_of=valuing.of,
                costs=costs,
            ),
            exploding=Exploding(database=database, catalog=catalog, combinations=combinations, stock=stock, live=live),
        )
