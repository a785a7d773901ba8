"""The life of plans, put together: made one by one or in batches, made anew, overridden by a person, or only tried."""

from dataclasses import dataclass

from solver.clock import Clock
from solver.fulfilment.aftermath import Aftermath
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.conditions.current import CurrentNetwork
from solver.fulfilment.confirming import Confirming
from solver.fulfilment.landed_cost import LandedCosts
from solver.fulfilment.master_data import MasterData
from solver.fulfilment.open_books import OpenBooks
from solver.fulfilment.overriding.overriding import Overriding
from solver.fulfilment.planner import Planner
from solver.fulfilment.replanning.replanner import Replanner
from solver.fulfilment.replanning.standing import StandingPlans
from solver.fulfilment.replanning.swap import Swap
from solver.fulfilment.shadowing.shadowing import Shadowing
from solver.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """One part for each way in which a plan comes about, and one for how it ends.

    `aftermath` is told what becomes of what they commit.
    """

    aftermath: Aftermath
    planner: Planner
    confirming: Confirming
    batches: Batches
    replanner: Replanner
    overriding: Overriding
    shadowing: Shadowing

    @classmethod
    def of(
        cls, *, database: Database, clock: Clock, masters: MasterData, network: CurrentNetwork, books: OpenBooks
    ) -> "Plans":
        """All parts over one database; they decide on the same stock, and on the network as it is now."""
        aftermath = Aftermath(
            stock=books.stock,
            commitments=books.commitments,
            ledger=books.ledger,
            sales=books.sales,
            counted_since=network.counted_since,
        )
        planner = Planner(
            database=database,
            clock=clock,
            catalog=masters.catalog,
            network=network,
            policies=masters.policies,
            stock=books.stock,
            refuse_overrun=network.refuse_overrun,
            is_limited=network.is_limited,
            combinations=lambda: masters.combinations.combinations,
            costs=LandedCosts(lambda: masters.contracts.book),
        )
        standing = StandingPlans(stock=books.stock, commitments=books.commitments, questions=planner.questions)
        swap = Swap(
            stock=books.stock,
            commitments=books.commitments,
            ledger=books.ledger,
            questions=planner.questions,
            aftermath=aftermath,
            refuse_overrun=network.refuse_overrun,
        )
        return cls(
            aftermath=aftermath,
            planner=planner,
            confirming=Confirming(
                database=database,
                clock=clock,
                stock=books.stock,
                ledger=books.ledger,
                made=planner.made,
                follow=aftermath.follow,
            ),
            batches=Batches(
                database=database,
                clock=clock,
                catalog=masters.catalog,
                network=network,
                policies=masters.policies,
                planner=planner,
                rooms=network.rooms,
            ),
            replanner=Replanner(
                database=database,
                clock=clock,
                catalog=masters.catalog,
                network=network,
                stock=books.stock,
                standing=standing,
                planner=planner,
                swap=swap,
            ),
            overriding=Overriding(
                database=database,
                clock=clock,
                catalog=masters.catalog,
                network=network,
                standing=standing,
                planner=planner,
                swap=swap,
            ),
            shadowing=Shadowing(
                database=database,
                clock=clock,
                catalog=masters.catalog,
                network=network,
                policies=masters.policies,
                asking=planner.asking,
                readiness=planner.readiness,
                exploding=planner.exploding,
            ),
        )
