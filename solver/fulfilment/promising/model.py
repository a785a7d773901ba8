"""A promise before purchase: what is asked, and what can be promised for each way of delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.frozen import quickly_made
from solver.network.model import SourceKind
from solver.orders.model import Order
from solver.sourcing.plan import LineAnswer, Package
from solver.sourcing.policy import Policy

DEFAULT_VALIDITY = timedelta(minutes=15)
LONGEST_VALIDITY = timedelta(days=7)
MOST_OPTIONS = 100
ANYTHING = "any"  # the option without bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOption:
    """A way of delivery that a customer may choose: only from these kinds of source, by these services and carriers.

    An empty list allows all of them.
    """

    option_id: str
    only_kinds: tuple[SourceKind, ...] = ()
    only_services: tuple[str, ...] = ()
    only_carriers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFee:
    """What a customer pays for an option (empty: for every option that has no fee of its own).

    Goods worth `free_from_minor` or more are delivered for nothing; None: however much they are worth, it is paid.
    """

    option_id: str = ""
    fee_minor: int = 0
    free_from_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCommand:
    """What a caller asks: when could this basket be there, and at what cost, if it is ordered within `valid_for`.

    The policy is that of a plan: `policy`, or a kept one's name, or neither. No options: anything, each kind of source
    and each service.
    """

    order: Order
    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0
    options: tuple[DeliveryOption, ...] = ()
    fees: tuple[DeliveryFee, ...] = ()
    valid_for: timedelta = DEFAULT_VALIDITY

    @property
    def valid_until(self) -> datetime:
        """The last moment to order at."""
        return self.order.placed_at + self.valid_for


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery that can be promised: the plan that an order would get, though nothing is held for it.

    `promised_at` is what the customer may be told; the last package is planned to arrive at `arrives_at`, and all are
    there by the promise with a chance of `on_time_permille`, of 1,000 (None: not known). The customer pays `fee_minor`,
    the company `total_minor`, the sum of `cost_minor`; the price of what cannot be promised is in it. `proven`: none
    that is earlier (cheaper) can be promised. An order keeps the promise with this `promised_at`, planned under this
    `policy`. `relaxed_rules` were dropped because the basket could not be filled otherwise.
    """

    promised_at: datetime
    arrives_at: datetime
    on_time_permille: int | None
    fee_minor: int
    total_minor: int
    cost_minor: Mapping[str, int]
    source_ids: tuple[str, ...]
    source_kinds: tuple[SourceKind, ...]
    packages: tuple[Package, ...]
    lines: tuple[LineAnswer, ...]
    unpromised_units: int
    proven: bool
    policy: Policy
    relaxed_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionPromise:
    """The earliest and the cheapest delivery of an option; None where it can deliver nothing."""

    option_id: str
    earliest: Delivery | None = None
    cheapest: Delivery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The deliveries of every option, good for orders placed until `valid_until` as long as the stock is there.

    `earliest_option_id` names the option with the earliest delivery of most units, `cheapest_option_id` the one with
    the cheapest; empty where nothing can be promised. `notes_zh` are the `notes` in Chinese, one for one.
    """

    currency: str
    valid_until: datetime
    options: tuple[OptionPromise, ...]
    earliest_option_id: str = ""
    cheapest_option_id: str = ""
    notes: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
