"""Terms of valuation and unit costs are read strictly, every fault with its line."""

from datetime import date

import pytest

from solver.errors import InvalidRequest
from solver.ledger.valuation.files import read_costs, read_terms
from solver.ledger.valuation.model import UnitCost, ValuationMethod, ValuationTerms


def test_terms_say_who_owns_and_who_sells() -> None:
    text = "method: fifo\ncurrency: CNY\nentity: TRADING\nnot_owned: [D-1]\nentity_of_channel: {tmall: RETAIL}\n"
    assert read_terms(text, "terms.yaml") == ValuationTerms(
        method=ValuationMethod.FIFO,
        currency="CNY",
        entity="TRADING",
        not_owned=("D-1",),
        entity_of_channel={"tmall": "RETAIL"},
    )


def test_every_fault_of_terms_has_its_line() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_terms("method: lifo\nowner: me\n", "terms.yaml")
    fields = {one.field for one in refused.value.violations}
    assert fields == {"terms.yaml:1: method", "terms.yaml:1: currency", "terms.yaml:2: owner"}


def test_costs_are_rows_of_three() -> None:
    text = "\ufeffsku,from_on,unit_cost_minor\nTEA,2026-01-01,1000\n"
    assert read_costs(text, "costs.csv") == (UnitCost(sku="TEA", from_on=date(2026, 1, 1), unit_cost_minor=1000),)


@pytest.mark.parametrize(
    "row", ["TEA,2026-01-01", "TEA,1.1.2026,10", "TEA,2026-01-01,9.5", ",2026-01-01,1", "TEA,2026-01-01,-1"]
)
def test_a_wrong_row_of_costs_is_told_with_its_line(row: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_costs(f"sku,from_on,unit_cost_minor\nCUP,2026-01-01,1\n{row}\n", "costs.csv")
    assert [one.field for one in refused.value.violations] == ["costs.csv:3"]


def test_other_columns_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="the columns are sku, from_on, unit_cost_minor"):
        read_costs("SKU,cost\n", "costs.csv")
