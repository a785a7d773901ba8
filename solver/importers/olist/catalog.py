"""Products with their real weights and sizes; what is missing is the median of the product's category."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from solver.catalog.model import Material
from solver.importers.intake import Intake
from solver.importers.rows import Row
from solver.importers.values import exact_multiple

PRODUCTS = "olist/reference/olist_products_dataset.csv.gz"
CATEGORIES = "olist/reference/product_category_name_translation.csv.gz"
# Columns of the file with the factor to grams or millimetres. (The file also misspells two columns as `lenght`; both
# count letters of texts and are not read.)
MEASURES = (
    ("product_weight_g", 1),
    ("product_length_cm", 10),
    ("product_width_cm", 10),
    ("product_height_cm", 10),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as a material, with its category as the file names it (may be empty)."""

    material: Material
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    row: Row
    measures: tuple[int | None, ...]


def read_products(data: Path, intake: Intake) -> Mapping[str, Product]:
    """Products by id; missing or zero weights and sizes are mended, repeated ids rejected."""
    english = dict(_read_categories(data, intake))
    read: dict[str, _Read] = {}
    for row in intake.rows(data, PRODUCTS, ("product_id", "product_category_name", *(name for name, _ in MEASURES))):
        if row["product_id"] in read or not row["product_id"]:
            intake.reject(row, "repeated_product", f"product_id={row['product_id']}")
        else:
            measures = tuple(_measure(row[name], factor) for name, factor in MEASURES)
            read[row["product_id"]] = _Read(row=row, measures=measures)
    medians = _Medians(read.values())
    return {product_id: _product(product_id, found, medians, english, intake) for product_id, found in read.items()}


class _Medians:
    """Lower medians of every measure, by category and over all products."""

    def __init__(self, read: Iterable[_Read]) -> None:
        self._by_category: dict[tuple[str, int], list[int]] = {}
        for found in read:
            for position, value in enumerate(found.measures):
                if value is not None:
                    for category in {found.row["product_category_name"], ""}:
                        self._by_category.setdefault((category, position), []).append(value)
        for values in self._by_category.values():
            values.sort()

    def of(self, category: str, position: int) -> int:
        """The median in the category, else over all; 1 when no product states the measure."""
        values = self._by_category.get((category, position)) or self._by_category.get(("", position)) or [1]
        return values[(len(values) - 1) // 2]


def _product(product_id: str, found: _Read, medians: _Medians, english: Mapping[str, str], intake: Intake) -> Product:
    category = found.row["product_category_name"]
    mended = [medians.of(category, at) if value is None else value for at, value in enumerate(found.measures)]
    if found.measures[0] is None:
        intake.repair("product weight: missing or zero, the median of its category stands in")
    if None in found.measures[1:]:
        intake.repair("product size: missing or zero, the median of its category stands in")
    weight_grams, length_mm, width_mm, height_mm = mended
    name = f"{english.get(category, category) or 'uncategorised'} {product_id[:8]}"
    material = Material(
        sku=product_id,
        name=name,
        weight_grams=weight_grams,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
    )
    return Product(material=material, category=category)


def _measure(text: str, factor: int) -> int | None:
    value = exact_multiple(text, factor) if text else None
    return value if value is not None and value > 0 else None


def _read_categories(data: Path, intake: Intake) -> Iterable[tuple[str, str]]:
    for row in intake.rows(data, CATEGORIES, ("product_category_name", "product_category_name_english")):
        yield row["product_category_name"], row["product_category_name_english"]
