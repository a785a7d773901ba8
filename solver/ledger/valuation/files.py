"""Terms of valuation and unit costs as people write them: YAML and CSV, every fault with its line."""

import csv
import io
from collections.abc import Mapping
from datetime import date

import yaml

from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.ledger.valuation.model import UnitCost, ValuationMethod, ValuationTerms
from solver.page import Fields, Page

_TERMS = (
    *("method", "currency", "entity", "entity_of_site", "not_owned", "entity_of_channel"),
    *("tax_place", "tax_item", "tax_items"),
)
_COLUMNS = ["sku", "from_on", "unit_cost_minor"]
_MOST_CHARACTERS = 1_000_000
_MOST_FAULTS = 1_000


def read_terms(text: str, origin: str) -> ValuationTerms:
    """Terms of valuation. Raises InvalidRequest with every fault, each with its line."""
    page = Page(origin, noun="set of terms of valuation", most_characters=_MOST_CHARACTERS)
    root = page.compose(text)
    terms = None if root is None else _terms(page, root)
    Violations(found=page.violations).refuse_any(origin)
    assert terms is not None, "what was not composed has a violation"
    return terms


def read_costs(text: str, origin: str) -> tuple[UnitCost, ...]:
    """Unit costs of a CSV with the columns sku, from_on, unit_cost_minor. Raises InvalidRequest with every line."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = next(rows, [])
    if head != _COLUMNS:
        remedy = f"the columns are {', '.join(_COLUMNS)}"
        raise InvalidRequest(origin, [FieldViolation(field=f"{origin}:1", value=",".join(head)[:80], remedy=remedy)])
    costs: list[UnitCost] = []
    faults: list[FieldViolation] = []
    for line, row in ((rows.line_num, row) for row in rows if row):
        try:
            sku, from_on, minor = row
            cost = UnitCost(sku=sku, from_on=date.fromisoformat(from_on), unit_cost_minor=int(minor))
            if not sku or cost.unit_cost_minor < 0:
                raise ValueError
            costs.append(cost)
        except ValueError:
            remedy = "write a SKU, a day as YYYY-MM-DD, and whole minor units from 0"
            faults.append(FieldViolation(field=f"{origin}:{line}", value=",".join(row)[:80], remedy=remedy))
    if faults:
        raise InvalidRequest(origin, faults[:_MOST_FAULTS])
    return tuple(costs)


def _terms(page: Page, root: yaml.Node) -> ValuationTerms:
    said = page.fields(root, "", _TERMS)
    for name in ("method", "currency"):
        if name not in said:
            page.wrong(root, name, "nothing", "say it")
    method = _text(page, said, "method")
    if method and method not in list(ValuationMethod):
        page.wrong(said["method"], "method", method, f"give one of {', '.join(ValuationMethod)}")
    return ValuationTerms(
        method=ValuationMethod(method) if method in list(ValuationMethod) else ValuationMethod.MOVING_AVERAGE,
        currency=_text(page, said, "currency"),
        entity=_text(page, said, "entity"),
        entity_of_site=_names(page, said, "entity_of_site"),
        not_owned=page.words(said["not_owned"], "not_owned") if "not_owned" in said else (),
        entity_of_channel=_names(page, said, "entity_of_channel"),
        tax_place=_text(page, said, "tax_place"),
        tax_item=_text(page, said, "tax_item"),
        tax_items=_names(page, said, "tax_items"),
    )


def _text(page: Page, said: Fields, name: str) -> str:
    return page.text(said[name], name) if name in said else ""


def _names(page: Page, said: Fields, name: str) -> Mapping[str, str]:
    if name not in said:
        return {}
    return {key: page.text(node, f"{name}.{key}") for key, node in page.fields(said[name], name).items()}
