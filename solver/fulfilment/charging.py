"""What a plan owes once it is confirmed."""

from solver.fulfilment.model import PlanRecord
from solver.ledger.model import Charges
from solver.sourcing.plan import Term


def charges_of(record: PlanRecord) -> Charges:
    """What a confirmed plan owes: freight to each carrier, handling to each source."""
    freight: dict[str, int] = {}
    handling: dict[str, int] = {}
    for package in record.plan.packages:
        freight[package.carrier_id] = freight.get(package.carrier_id, 0) + package.cost_minor[Term.FREIGHT]
        handling[package.source_id] = handling.get(package.source_id, 0) + package.cost_minor[Term.HANDLING]
    return Charges(
        plan_id=record.plan_id, currency=record.plan.currency, freight_minor=freight, handling_minor=handling
    )
