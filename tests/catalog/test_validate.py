"""What sound materials and sales items are."""

from dataclasses import replace
from typing import Any

import pytest

from solver.catalog.model import Material, Part, SalesItem
from solver.catalog.validate import MOST_PARTS, check_material, check_sales_item
from solver.errors import Violations
from tests.made_world import GIFT, MATERIALS

POT = MATERIALS[2]
KNOWN = {material.sku for material in MATERIALS}


def of_material(material: Material) -> dict[str, str]:
    violations = Violations()
    check_material(material, "m", violations)
    return {violation.field: violation.value for violation in violations.found}


def of_item(item: SalesItem) -> dict[str, str]:
    violations = Violations()
    check_sales_item(item, KNOWN, "i", violations)
    return {violation.field: violation.value for violation in violations.found}


def test_the_made_world_is_sound() -> None:
    assert [of_material(material) for material in MATERIALS] == [{}] * len(MATERIALS)
    assert of_item(GIFT) == {}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"sku": ""}, {"m.sku": "''"}),
        ({"sku": "tab\there"}, {"m.sku": "'tab\\there'"}),
        ({"weight_grams": 0}, {"m.weight_grams": "0"}),
        ({"weight_grams": 10**9 + 1}, {"m.weight_grams": str(10**9 + 1)}),
        ({"length_mm": 0}, {"m": "(0, 200, 200)"}),
        ({"width_mm": -1}, {"m.width_mm": "-1"}),
        ({"height_mm": 20_001}, {"m.height_mm": "20001"}),
        ({"days_to_ship": -1}, {"m.days_to_ship": "-1"}),
        ({"days_to_ship": 366}, {"m.days_to_ship": "366"}),
        (
            {"sku": " ", "weight_grams": -5, "length_mm": -1},
            {"m.sku": "' '", "m.weight_grams": "-5", "m.length_mm": "-1"},
        ),
    ],
)
def test_a_material_names_what_is_wrong_with_it(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    assert of_material(replace(POT, **changes)) == wrong


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"item_id": ""}, {"i.item_id": "''"}),
        ({"parts": ()}, {"i.parts": "'0 parts'"}),
        ({"parts": (Part(sku="TEA", units=1), Part(sku="TEA", units=2))}, {"i.parts[1]": "'TEA'"}),
        ({"parts": (Part(sku="GIFT", units=1),)}, {"i.parts[0].sku": "'GIFT'"}),
        ({"parts": (Part(sku="TEA", units=0),)}, {"i.parts[0].units": "0"}),
    ],
)
def test_a_sales_item_names_what_is_wrong_with_it(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    assert of_item(replace(GIFT, **changes)) == wrong


def test_a_sales_item_has_at_most_fifty_parts() -> None:
    known = {f"S{number}" for number in range(MOST_PARTS + 1)}
    for count, fields in ((MOST_PARTS, []), (MOST_PARTS + 1, ["i.parts"])):
        violations = Violations()
        parts = tuple(Part(sku=f"S{number}", units=1) for number in range(count))
        check_sales_item(replace(GIFT, parts=parts), known, "i", violations)
        assert [violation.field for violation in violations.found] == fields
