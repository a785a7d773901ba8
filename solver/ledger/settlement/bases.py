"""Which charge a step of a sharing is settled under, and of which base at which rates a charge comes to its amount."""

from collections.abc import Iterable

from solver.ledger.contracts.model import Role
from solver.ledger.contracts.sharing import Sharing, Step

Key = tuple[Role, str, str]
"""Role, party and charge."""

_CHARGES = {
    Role.PLATFORM: "commission",
    Role.DEALER: "dealer_share",
    Role.STORE: "store_share",
    Role.CARRIER: "logistics_fee",
}
_OWN_CHARGES = {"service_fee": "service_fee"}
_BY_RATE = ("commission", "source_share", "logistics_fee")  # what changes these later has no base of its own
_BY_PRICE = "settlement_price"
_MOST_RATES = 3


def charge_of(step: Step) -> str:
    """The charge of the posting rule; empty for the tax and the company's own part."""
    return _OWN_CHARGES.get(step.rule, _CHARGES[step.role]) if step.role in _CHARGES else ""


def bases_of(sharing: Sharing) -> dict[Key, tuple[int, str]]:
    """By charge, the amounts that rates were applied to, together, and these rates: `5%`, `60% / 55%`, `12.00 x 3`."""
    bases: dict[Key, int] = {}
    rates: dict[Key, list[str]] = {}
    for step in sharing.steps:
        if step.rule not in (*_BY_RATE, _BY_PRICE):
            continue
        key = (step.role, step.party, charge_of(step))
        by_price = step.rule == _BY_PRICE
        bases[key] = bases.get(key, 0) + (step.amount_minor if by_price else step.base_minor)
        rates.setdefault(key, []).append(f"{step.rate} x {abs(step.base_minor)}" if by_price else step.rate)
    return {key: (minor, _together(rates[key])) for key, minor in bases.items()}


def _together(rates: Iterable[str]) -> str:
    known = list(dict.fromkeys(rate for rate in rates if rate))
    more = " / ..." if len(known) > _MOST_RATES else ""
    return " / ".join(known[:_MOST_RATES]) + more
