"""The schema, step by step, the oldest first. A step that was released never changes: what is new goes into a new one.

A database counts the steps that it has taken, and takes the others when it is opened, in one transaction.
"""

from solver.access.schema import ACCESS_SCHEMA
from solver.fulfilment.batching.operations import OPERATION_SCHEMA
from solver.fulfilment.conditions.scans import PARCEL_SCHEMA
from solver.fulfilment.customers import PLAN_CUSTOMER_SCHEMA
from solver.fulfilment.exploding.draws_kept import DRAW_SCHEMA
from solver.fulfilment.exploding.gifts_given import GIFT_SCHEMA
from solver.fulfilment.overriding.rows import OVERRIDE_SCHEMA
from solver.fulfilment.plan_events.rows import PLAN_EVENT_SCHEMA
from solver.fulfilment.plan_events.stuck import STUCK_PLAN_SCHEMA
from solver.fulfilment.plan_losses import PLAN_LOSS_SCHEMA
from solver.fulfilment.plan_packages import PLAN_PACKAGE_SCHEMA
from solver.fulfilment.plans_noted import note_customers, note_standing_plans
from solver.fulfilment.policy_tallies import POLICY_TALLY_SCHEMA
from solver.fulfilment.questions import QUESTION_SCHEMA
from solver.fulfilment.records import PLAN_SCHEMA
from solver.fulfilment.shadowing.rows import SHADOW_SCHEMA
from solver.journal.schema import ARCHIVE_SCHEMA, FIRST_JOURNAL_SCHEMA
from solver.ledger.books.adoption import tell_early_vouchers
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.differences.rows import DIFFERENCE_SCHEMA
from solver.ledger.invoicing.rows import INVOICE_SCHEMA
from solver.ledger.reconciling.rows import RECONCILIATION_SCHEMA
from solver.ledger.settlement.schema import SETTLEMENT_SCHEMA
from solver.ledger.valuation.rows import VALUATION_SCHEMA
from solver.persons.rows import PERSON_SCHEMA
from solver.publishing.book import LISTING_SCHEMA
from solver.stock.feed.rows import FEED_SCHEMA
from solver.stock.holding.holds import HOLD_SCHEMA
from solver.stock.holding.standing import STANDING_SCHEMA
from solver.stock.layers.channel_rows import CHANNEL_SCHEMA
from solver.stock.physical.papers import PAPER_SCHEMA
from solver.stock.physical.place_rows import PLACE_SCHEMA
from solver.stock.warnings.threshold_rows import THRESHOLD_SCHEMA
from solver.storage.database import Transaction
from solver.storage.documents import DOCUMENT_TABLE, EDITION_SCHEMA
from solver.storage.requests import FIRST_REQUEST_SCHEMA, FORGOTTEN_REQUEST_SCHEMA
from solver.storage.versions import VERSION_SCHEMA
from solver.webhooks.rows import WEBHOOK_SCHEMA

SOURCING = "".join(
    (
        DOCUMENT_TABLE,
        FIRST_REQUEST_SCHEMA,
        FIRST_JOURNAL_SCHEMA,
        PLAN_SCHEMA,
        QUESTION_SCHEMA,
        VERSION_SCHEMA,
        STANDING_SCHEMA,
    )
)
# Not released yet: what layers of stock and changed plans still need is added here.
LAYERS_OF_STOCK = "".join(
    (
        EDITION_SCHEMA,
        HOLD_SCHEMA,
        PLACE_SCHEMA,
        PAPER_SCHEMA,
        CHANNEL_SCHEMA,
        FEED_SCHEMA,
        THRESHOLD_SCHEMA,
        PLAN_PACKAGE_SCHEMA,
        PLAN_LOSS_SCHEMA,
        PLAN_EVENT_SCHEMA,
        STUCK_PLAN_SCHEMA,
        OVERRIDE_SCHEMA,
        POLICY_TALLY_SCHEMA,
        PERSON_SCHEMA,
        PLAN_CUSTOMER_SCHEMA,
        FORGOTTEN_REQUEST_SCHEMA,
        WEBHOOK_SCHEMA,
        PARCEL_SCHEMA,
        OPERATION_SCHEMA,
        SHADOW_SCHEMA,
        LISTING_SCHEMA,
        DRAW_SCHEMA,
        GIFT_SCHEMA,
        VALUATION_SCHEMA,
        LEDGER_SCHEMA,
        SETTLEMENT_SCHEMA,
        DIFFERENCE_SCHEMA,
        INVOICE_SCHEMA,
        RECONCILIATION_SCHEMA,
        ACCESS_SCHEMA,
        ARCHIVE_SCHEMA,
    )
)


def note_what_stands(tx: Transaction) -> None:
    """Write what databases of the first release did not: what plans use, whose they are, what vouchers say by line."""
    note_standing_plans(tx)
    note_customers(tx)
    tell_early_vouchers(tx)


STEPS = (SOURCING, LAYERS_OF_STOCK, note_what_stands)
