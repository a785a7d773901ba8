"""What a plan owes once it is confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from solver.fulfilment.model import PlanRecord
from solver.ledger.ledger import Ledger
from solver.ledger.model import Charges
from solver.sourcing.plan import Package, Term
from solver.storage.database import Transaction


def charges_of(record: PlanRecord, packages: Iterable[Package] | None = None) -> Charges:
    """What a confirmed plan owes, or some of its packages: freight to each carrier, handling to each source."""
    freight: dict[str, int] = {}
    handling: dict[str, int] = {}
    for package in record.plan.packages if packages is None else packages:
        freight[package.carrier_id] = freight.get(package.carrier_id, 0) + package.cost_minor[Term.FREIGHT]
        handling[package.source_id] = handling.get(package.source_id, 0) + package.cost_minor[Term.HANDLING]
    return Charges(
        plan_id=record.plan_id, currency=record.plan.currency, freight_minor=freight, handling_minor=handling
    )


def take_back(ledger: Ledger, tx: Transaction, record: PlanRecord, leaving: Iterable[Package]) -> None:
    """Take back what a confirmed plan owes for packages other than these, which leave or have left."""
    owed = ledger.owed(tx, record.plan_id, record.plan.currency)
    due = charges_of(record, leaving)
    ledger.post_plan_changed(
        tx,
        replace(
            owed,
            freight_minor=_beyond(owed.freight_minor, due.freight_minor),
            handling_minor=_beyond(owed.handling_minor, due.handling_minor),
        ),
    )


def _beyond(owed: Mapping[str, int], due: Mapping[str, int]) -> dict[str, int]:
    return {party: minor - due.get(party, 0) for party, minor in owed.items()}
