"""From the sharing of an order, or what a refund changed of it, to items that runs settle."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.facts import SettledOrder
from solver.ledger.contracts.model import Role, Settling
from solver.ledger.contracts.rounding import Rounding, rounded
from solver.ledger.contracts.sharing import Sharing
from solver.ledger.settlement.bases import bases_of, charge_of
from solver.ledger.settlement.model import Item, Shipped

CUSTOMERS = "customers"
COLLECTED = "collected"
PARTNERS = (Role.DEALER, Role.STORE)


def items_of(
    order: SettledOrder,
    sharing: Sharing,
    book: ContractBook,
    *,
    earned_on: date,
    refund_id: str = "",
    booked_minor: Mapping[str, int] | None = None,
) -> tuple[Item, ...]:
    """What every party has of a sharing, charge by charge; zeroes are left out.

    `booked_minor` is the freight that was booked with the plan, by carrier: of its fee only the rest is new.
    """
    sums: Counter[tuple[Role, str, str]] = Counter()
    for step in sharing.steps:
        if charge := charge_of(step):
            sums[step.role, step.party, charge] += step.amount_minor
    for carrier, minor in (booked_minor or {}).items():
        sums[Role.CARRIER, carrier, "expected_freight"] += minor
        sums[Role.CARRIER, carrier, "logistics_fee"] -= minor
    platform = book.of_platform(order.channel, order.placed_on)
    if platform is not None and platform.settling.collects:
        sums[Role.PLATFORM, platform.party, COLLECTED] -= sharing.paid_minor
    bases = bases_of(sharing)
    terms = {(step.role, step.party): book.named[step.contract].settling for step in sharing.steps if step.contract}
    return tuple(
        _item(order, key, minor, bases.get(key, (0, "")), terms.get(key[:2], Settling()), earned_on, refund_id)
        for key, minor in sums.items()
        if minor
    )


def shipped_by(
    order: SettledOrder, left: SettledOrder, sharing: Sharing, book: ContractBook, *, earned_on: date
) -> tuple[Shipped, ...]:
    """What each partner shipped of what is left of an order."""
    paid: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for line in left.lines:
        contract = book.of_source(line.source_id, order.channel, order.placed_on)
        if contract is not None:
            paid[contract.party] += line.paid_minor
            units[contract.party] += line.units
    return tuple(
        Shipped(
            party=party,
            currency=order.currency,
            order_id=order.order_id,
            refund_id="",
            earned_on=earned_on,
            paid_minor=paid[party],
            units=units[party],
            share_minor=sum(sharing.of(role, party) for role in PARTNERS),
        )
        for party in paid
    )


def booked_freight(order: SettledOrder) -> dict[str, int]:
    """By carrier, the freight of an order that was booked with its plan."""
    booked: Counter[str] = Counter()
    for package in order.packages:
        booked[package.carrier_id] += package.booked_minor
    return dict(booked)


def _item(
    order: SettledOrder,
    key: tuple[Role, str, str],
    minor: int,
    basis: tuple[int, str],
    settling: Settling,
    earned_on: date,
    refund_id: str,
) -> Item:
    role, party, charge = key
    is_collected = charge == COLLECTED
    return Item(
        order_id=order.order_id,
        refund_id=refund_id,
        role=role,
        party=party,
        currency=order.currency,
        charge=charge,
        amount_minor=minor,
        held_minor=0 if is_collected else _held(minor, settling),
        earned_on=earned_on,
        release_on=(order.delivered_on or order.placed_on) + timedelta(days=settling.return_days),
        channel=order.channel,
        counterparty=(order.channel or CUSTOMERS) if is_collected else "",
        base_minor=basis[0],
        rate=basis[1],
    )


def _held(minor: int, settling: Settling) -> int:
    held = rounded(abs(minor) * settling.holdback, Rounding.HALF_UP)
    return held if minor >= 0 else -held
