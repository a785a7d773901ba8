"""An order's money shared out by contracts: platform, dealer or store, carrier, tax, and the rest is the company's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.commission import commission_bases, commission_steps
from solver.ledger.contracts.facts import Refund, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.logistics import package_steps
from solver.ledger.contracts.model import Contract, Role
from solver.ledger.contracts.refunding import after, came_back
from solver.ledger.contracts.sharing import Sharing, Step, summed
from solver.ledger.contracts.source_share import source_steps

# By contract: the base of its earlier orders of the period, in minor units.
Turnover = Mapping[str, int]
NO_TURNOVER: Turnover = {}


@dataclass(slots=True)
class _OfSource:
    """What a partner's contract is about within one order."""

    lines: list[tuple[SettledLine, int]] = field(default_factory=list)
    freight_minor: int = 0
    return_minor: int = 0


def share(
    order: SettledOrder, book: ContractBook, *, refunds: Sequence[Refund] = (), turnover: Turnover = NO_TURNOVER
) -> Sharing:
    """Who has what of the order as it stands after the refunds; the contracts are those of the day it was placed.

    Raises InvalidRequest where more is refunded than there is, or a contract is in another currency; StateConflict
    where two contracts are for the same.
    """
    left = after(order, refunds)
    steps: list[Step] = []
    if tax := sum(line.tax_minor for line in left.lines):
        steps.append(Step(rule="tax", role=Role.TAX, party="", amount_minor=tax))
    of_platform, taken = _platform(order, left, book, turnover)
    steps += of_platform
    of_carriers, freight = _carriers(order, order.packages, book)
    of_returns, returned = _carriers(order, came_back(refunds), book)
    steps += [*of_carriers, *of_returns, *_sources(left, taken, freight, returned, book)]
    rest = left.paid_minor - sum(one.amount_minor for one in steps)
    steps.append(
        Step(rule="remainder", role=Role.COMPANY, party="", base="paid", base_minor=left.paid_minor, amount_minor=rest)
    )
    return Sharing(
        order_id=order.order_id,
        currency=order.currency,
        paid_minor=left.paid_minor,
        shares=summed(steps),
        steps=tuple(steps),
    )


def commission_by_line(order: SettledOrder, book: ContractBook) -> list[int]:
    """What the order's platform takes of each line, fees and limits included; zeroes without a contract."""
    return _platform(order, order, book, NO_TURNOVER)[1]


def turnover_of(order: SettledOrder, book: ContractBook) -> tuple[Contract, int] | None:
    """The platform's contract, and what it counts of the order for tiers over a period; None where none is for it."""
    contract = book.of_platform(order.channel, order.placed_on)
    if contract is None or contract.commission is None:
        return None
    return contract, sum(commission_bases(contract.commission, order))


def _platform(
    order: SettledOrder, left: SettledOrder, book: ContractBook, turnover: Turnover
) -> tuple[list[Step], list[int]]:
    contract = _in_currency(book.of_platform(order.channel, order.placed_on), order)
    if contract is None or contract.commission is None:
        return [], [0] * len(order.lines)
    before = turnover.get(contract.contract_id, 0)
    return commission_steps(contract, contract.commission, order, left, before)


def _carriers(
    order: SettledOrder, packages: Sequence[ShippedPackage], book: ContractBook
) -> tuple[list[Step], dict[str, int]]:
    """The steps, and what carriers are paid by source."""
    steps: list[Step] = []
    paid: dict[str, int] = {}
    for package in packages:
        contract = _in_currency(book.of_carrier(package.carrier_id, order.channel, order.placed_on), order)
        own = package_steps(contract, package)
        steps += own
        minor = sum(one.amount_minor for one in own)
        paid[package.source_id] = paid.get(package.source_id, 0) + minor
    return steps, paid


def _sources(
    left: SettledOrder,
    taken: Sequence[int],
    freight: Mapping[str, int],
    returned: Mapping[str, int],
    book: ContractBook,
) -> list[Step]:
    """Partner by partner, in the order of their first lines; sources without a contract are the company's own."""
    found: dict[str, tuple[Contract, _OfSource]] = {}
    sources: dict[str, str] = {}
    for line, minor in zip(left.lines, taken, strict=True):
        contract = _in_currency(book.of_source(line.source_id, left.channel, left.placed_on), left)
        if contract is None:
            continue
        sources[line.source_id] = contract.contract_id
        found.setdefault(contract.contract_id, (contract, _OfSource()))[1].lines.append((line, minor))
    for source_id, contract_id in sources.items():
        found[contract_id][1].freight_minor += freight.get(source_id, 0)
        found[contract_id][1].return_minor += returned.get(source_id, 0)
    return [
        one
        for contract, of in found.values()
        if contract.share is not None
        for one in source_steps(contract, contract.share, of.lines, of.freight_minor, of.return_minor)
    ]


def _in_currency(contract: Contract | None, order: SettledOrder) -> Contract | None:
    if contract is not None and contract.currency != order.currency:
        remedy = f"contract {contract.name} is in {contract.currency}; keep one for {order.currency}"
        raise InvalidRequest(
            f"order {order.order_id}", [FieldViolation(field="currency", value=order.currency, remedy=remedy)]
        )
    return contract
