"""Combinations of a scenario, and whether its orders of them can be exploded: asked where all else is sound."""

from collections.abc import Callable
from dataclasses import replace

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.basket import Basket, BasketLine, basket_of
from solver.catalog.combinations.checks import check_combination
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.lines import Worths, exploded_lines
from solver.catalog.worths import list_prices, worths_of
from solver.errors import FieldViolation, InvalidRequest, Violations, XunyuanError
from solver.scenario.model import Scenario

_TOP = "combination"


def check_combined(
    scenario: Scenario, place: Callable[[str, int], str], head: Callable[[str], str], violations: Violations
) -> None:
    """Record what is wrong with a combination; where nothing is, also the orders that cannot be of them."""
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    known = {one.combination_id: one for one in scenario.combinations}
    for position, combination in enumerate(scenario.combinations):
        found = Violations()
        check_combination(combination, known, catalog, _TOP, found)
        at = place("combinations", position)
        violations.found += [
            replace(one, field=f"{at}: {one.field.removeprefix(_TOP).removeprefix('.')}".removesuffix(": "))
            for one in found.found
        ]
    if violations.found:
        return
    book = compile_book(known.values(), catalog, list_prices(catalog))
    for position, order in enumerate(scenario.orders):
        at = place("orders", position)
        for fault in _faults(basket_of(order), book, catalog, scenario.currency):
            violations.found.append(replace(fault, field=f"{at}: {fault.field.replace('].item_id', '].sku')}"))
    for item_id in known.keys() & scenario.generator.skus.keys() if scenario.generator is not None else ():
        price = scenario.generator.prices_minor.get(item_id, 0) if scenario.generator is not None else 0
        line = BasketLine(line_id="1", item_id=item_id, quantity=1, unit_price_minor=price)
        for fault in _faults(Basket(order_id="drawn", lines=(line,)), book, catalog, scenario.currency):
            at = head(f"generator.skus.{item_id}")
            remedy = f"a drawn order of it has no choices, and is refused: {fault}"
            violations.found.append(replace(fault, field=at, value=item_id, remedy=remedy))


def _faults(basket: Basket, book: Book, catalog: Catalog, currency: str) -> list[FieldViolation]:
    """Why an order cannot be exploded, or its money cannot be shared out."""
    if not basket.lines:
        return []
    try:
        explosion = explode(basket, book, seed=basket.order_id)
        worths = Worths(of=worths_of(catalog, explosion.demand), currency=currency)
        exploded_lines(explosion, book, worths)
    except InvalidRequest as refused:
        return list(refused.violations)
    return []


def refuse_combined(scenario: Scenario, what: str) -> None:
    """Raise XunyuanError for a scenario with combinations: what its orders come to is decided in a run alone."""
    if scenario.combinations:
        raise XunyuanError(
            f"{what} knows no combinations: what orders of them come to is decided on the stock of a run; "
            f"leave combinations out, or order what they are made of",
            reason=InvalidRequest.reason,
        )
