"""What an order's line states of list price and tax, shared out to the lines that it was exploded into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from solver.catalog.combinations.lines import ExplodedLine
from solver.ledger.contracts.rounding import shared_out
from solver.orders.model import OrderLine


def with_stated_prices(
    asked: Iterable[OrderLine], exploded: Sequence[ExplodedLine], given: Mapping[str, OrderLine]
) -> list[OrderLine]:
    """The lines with their part of what the line that they come from states, by what is paid for them."""
    stated: dict[str, tuple[int, int]] = {}
    for line_id, ordered in given.items():
        if ordered.list_minor or ordered.tax_minor:
            became = [one for one in exploded if one.of_line_id == line_id]
            weights = [one.unit_price_minor * one.quantity for one in became]
            listed, tax = (shared_out(minor, weights) for minor in (ordered.list_minor, ordered.tax_minor))
            stated |= {one.line_id: (of_list, of_tax) for one, of_list, of_tax in zip(became, listed, tax, strict=True)}
    return [_stated(one, *stated[one.line_id]) if one.line_id in stated else one for one in asked]


def _stated(line: OrderLine, list_minor: int, tax_minor: int) -> OrderLine:
    return replace(line, list_minor=list_minor, tax_minor=tax_minor)
