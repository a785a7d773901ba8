"""What a sound request for a promise is."""

from datetime import timedelta

from solver.catalog.combination_store import Combinations
from solver.errors import Violations
from solver.fulfilment.order_checks import check_ordered
from solver.fulfilment.preference import preferred
from solver.fulfilment.promising.model import (
    ANYTHING,
    LONGEST_VALIDITY,
    MOST_OPTIONS,
    DeliveryFee,
    DeliveryOption,
    PromiseCommand,
)
from solver.fulfilment.sources import CatalogSource, NetworkSource, PolicySource
from solver.network.model import SourceKind
from solver.network.network import Network
from solver.orders.validate import check_destination
from solver.sourcing.policy import Policy
from solver.validation import MOST_MINOR, check_between, check_id, check_reference, check_unique, in_seconds


def sound_policy(
    command: PromiseCommand,
    catalog: CatalogSource,
    network: NetworkSource,
    policies: PolicySource,
    combinations: Combinations | None = None,
) -> Policy:
    """The policy to promise under. Raises InvalidRequest with everything that is wrong."""
    violations = Violations()
    order, now = command.order, network.network
    check_ordered(order, catalog.catalog, network.currency, "order", violations, combinations)
    check_destination(order.destination, now.regions, "order.destination", violations)
    remedy = "leave it out: what can be promised is the answer"
    violations.require(order.promised_at is None, "order.promised_at", str(order.promised_at), remedy)
    found = preferred(command, [order], policies.documents, violations)
    _check_options(command.options, now, violations)
    if command.fees:
        _check_fees(command.fees, command.options, now, violations)
    sound = timedelta(0) <= command.valid_for <= LONGEST_VALIDITY
    violations.require(sound, "valid_for", in_seconds(command.valid_for), f"give 0 to {LONGEST_VALIDITY.days} days")
    violations.refuse_any("the request for a promise")
    return found[0]


def _check_options(options: tuple[DeliveryOption, ...], network: Network, violations: Violations) -> None:
    many = f"{len(options)} options"
    violations.require(len(options) <= MOST_OPTIONS, "options", many, f"give at most {MOST_OPTIONS}")
    for position, option in enumerate(options):
        at = f"options[{position}]"
        check_id(option.option_id, f"{at}.option_id", violations)
        check_unique(option.only_kinds, f"{at}.only_kinds", violations)
        for noun, name, known in (("service", "services", network.services), ("carrier", "carriers", network.carriers)):
            listed: tuple[str, ...] = getattr(option, f"only_{name}")
            check_unique(listed, f"{at}.only_{name}", violations)
            for number, word in enumerate(listed):
                check_reference(word, known, noun, f"{at}.only_{name}[{number}]", violations)
    check_unique([option.option_id for option in options], "options", violations)


def _check_fees(
    fees: tuple[DeliveryFee, ...], options: tuple[DeliveryOption, ...], network: Network, violations: Violations
) -> None:
    """Without options of the request's own, a fee may be for any that there might be, whether or not it leads there."""
    kinds, services = (f"kind:{kind}" for kind in SourceKind), (f"service:{one}" for one in network.services)
    known = {"", *([option.option_id for option in options] or [ANYTHING, *kinds, *services])}
    for position, fee in enumerate(fees):
        at = f"fees[{position}]"
        check_reference(fee.option_id, known, "option", f"{at}.option_id", violations)
        check_between(fee.fee_minor, 0, MOST_MINOR, f"{at}.fee_minor", violations)
        if fee.free_from_minor is not None:
            check_between(fee.free_from_minor, 0, MOST_MINOR, f"{at}.free_from_minor", violations)
    check_unique([fee.option_id for fee in fees], "fees", violations)
