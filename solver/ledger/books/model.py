"""What is posted: an event and its figures, whose accounts the posting rules know."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One figure of an event: a `charge` that a posting rule knows, and where it belongs.

    A negative amount is posted the other way round; zero posts nothing. `party` (platform, dealer, store, carrier,
    source, customer, supplier) names whose account it is where the account is kept per party; where both accounts are,
    `party` is the debited one's and `counterparty` the credited one's, empty: the same. `about` is the source of an
    earlier event that the figure answers, such as the plan whose freight a carrier bills; empty: the event's own.
    """

    charge: str
    amount_minor: int
    party: str = ""
    counterparty: str = ""
    order_id: str = ""
    line_id: str = ""
    sku: str = ""
    channel: str = ""
    cost_centre: str = ""
    profit_centre: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened and is worth money, in one currency; it leaves one voucher.

    `entity` is a legal entity's code, empty: the one that is at home. `on` is the business date. `source` says what it
    is linked to: `plan/P1`, `settlement/S1`, `invoice/I1`.
    """

    kind: str
    entity: str
    currency: str
    on: date
    source: str
    amounts: tuple[Amount, ...]
    reason: str = ""
