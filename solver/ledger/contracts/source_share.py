"""What a dealer or a store has of the lines that it shipped, and what it bears."""

from collections.abc import Sequence
from fractions import Fraction

from solver.ledger.contracts.banded import rate_at
from solver.ledger.contracts.bases import base_of, in_minor
from solver.ledger.contracts.facts import SettledLine
from solver.ledger.contracts.model import Contract, SourceShare
from solver.ledger.contracts.rounding import rounded, shown_rate
from solver.ledger.contracts.sharing import Step, step
from solver.money import format_minor


def source_steps(
    contract: Contract,
    clause: SourceShare,
    lines: Sequence[tuple[SettledLine, int]],
    freight_minor: int,
    return_minor: int,
) -> list[Step]:
    """The steps of the lines that the party shipped, each with what a platform took of it.

    `freight_minor` is what carriers are paid for its packages, `return_minor` for those that came back to it.
    """
    steps = _goods(contract, clause, lines)
    if clause.bears_discount:
        steps += _discounts(contract, clause, lines)
    for rule, base, rate, minor in (
        ("freight_borne", "freight", clause.bears_freight, freight_minor),
        ("return_borne", "return", clause.bears_return, return_minor),
    ):
        if rate and minor:
            borne = rounded(minor * rate, contract.rounding)
            steps.append(step(contract, rule, -borne, base=base, base_minor=minor, rate=shown_rate(rate)))
    return steps


def rate_of_line(clause: SourceShare, line: SettledLine) -> Fraction:
    """The first that knows the line: its category, its service level, its distance, the general rate."""
    of_category = clause.categories.get(line.category)
    if of_category is not None:
        return of_category
    of_service = clause.by_service.get(line.service_level)
    if of_service is not None:
        return of_service
    return rate_at(clause.by_distance, line.distance_meters) if clause.by_distance else clause.rate


def _goods(contract: Contract, clause: SourceShare, lines: Sequence[tuple[SettledLine, int]]) -> list[Step]:
    steps: list[Step] = []
    shared: list[tuple[SettledLine, int, Fraction]] = []
    for line, taken in lines:
        price = clause.prices.get(line.sku)
        if price is None:
            shared.append((line, base_of(line, clause.of, taken), rate_of_line(clause, line)))
        elif line.units:
            steps.append(
                step(
                    contract,
                    "settlement_price",
                    price * line.units,
                    line_id=line.line_id,
                    base="units",
                    base_minor=line.units,
                    rate=format_minor(price, contract.currency),
                )
            )
    amounts = in_minor([base * rate for _, base, rate in shared], contract)
    for (line, base, rate), minor in zip(shared, amounts, strict=True):
        if base:
            steps.append(
                step(
                    contract,
                    "source_share",
                    minor,
                    line_id=line.line_id,
                    base=clause.of.value,
                    base_minor=base,
                    rate=shown_rate(rate),
                )
            )
    return steps


def _discounts(contract: Contract, clause: SourceShare, lines: Sequence[tuple[SettledLine, int]]) -> list[Step]:
    given = [(line, max(0, line.list_minor - line.paid_minor)) for line, _ in lines]
    amounts = in_minor([discount * clause.bears_discount for _, discount in given], contract)
    return [
        step(
            contract,
            "discount_borne",
            -minor,
            line_id=line.line_id,
            base="discount",
            base_minor=discount,
            rate=shown_rate(clause.bears_discount),
        )
        for (line, discount), minor in zip(given, amounts, strict=True)
        if discount
    ]
