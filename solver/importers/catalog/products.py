"""Products of the real data sets as categories and materials of a catalog, with the account of every row."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from solver.catalog.categories import Category
from solver.catalog.model import Material
from solver.importers.cn import products as cn
from solver.importers.intake import Intake
from solver.importers.olist import catalog as olist
from solver.importers.result import REJECTED_FILE, ImportResult, summary
from solver.scenario.model import Scenario
from solver.scenario.plain import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Categories, parents first, the materials in them, and what happened to every row."""

    categories: tuple[Category, ...]
    account: ImportResult


def cn_products(data: Path) -> Products:
    """The brand's products: sub-categories below categories, list prices in fen.

    Raises NotFound and InvalidRequest for a folder that does not have the data.
    """
    intake = Intake()
    products = cn.read_products(data, intake)
    placed = {
        row["商品编号"]: (row["商品大类"], row["商品小类"])
        for row in Intake().rows(data, cn.FILE, ("商品编号", "商品大类", "商品小类"))
    }
    tops = sorted({placed[sku][0] for sku in products})
    leaves = sorted({placed[sku] for sku in products})
    materials = [
        replace(
            product.material,
            category_id=placed[sku][1],
            attributes={"list_price_minor": str(product.price_minor), "selling_unit": "piece"},
        )
        for sku, product in products.items()
    ]
    categories = [Category(category_id=top, name=top) for top in tops]
    categories += [
        Category(category_id=leaf, name=leaf, parent_id=top, required=("list_price_minor",)) for top, leaf in leaves
    ]
    return _products(
        "cn", "Products of a Chinese cosmetics brand", "CNY", categories, materials, intake, cn.assumption()
    )


def olist_products(data: Path) -> Products:
    """A marketplace's products in its categories; what weights and sizes are missing is mended, and counted.

    Raises NotFound and InvalidRequest for a folder that does not have the data.
    """
    intake = Intake()
    products = olist.read_products(data, intake)
    names = sorted({product.category for product in products.values() if product.category})
    materials = [replace(product.material, category_id=product.category) for product in products.values()]
    categories = [Category(category_id=name, name=name.replace("_", " ")) for name in names]
    return _products("olist", "Products of a Brazilian marketplace", "BRL", categories, materials, intake)


SETS: Mapping[str, Callable[[Path], Products]] = {"cn": cn_products, "olist": olist_products}


def write_products(products: Products, out: Path) -> str:
    """Write categories.jsonl, materials.jsonl and rejected.csv into a folder; returns the account in words."""
    out.mkdir(parents=True, exist_ok=True)
    encode = msgspec.json.Encoder().encode
    for name, nouns in (("categories", products.categories), ("materials", products.account.scenario.materials)):
        (out / f"{name}.jsonl").write_bytes(b"".join(encode(plain(noun)) + b"\n" for noun in nouns))
    with (out / REJECTED_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("file", "line", "reason", "text"))
        writer.writerows((one.file, one.line, one.reason, one.text) for one in products.account.rejected)
    return summary(products.account)


def _products(
    name: str,
    title: str,
    currency: str,
    categories: list[Category],
    materials: list[Material],
    intake: Intake,
    *assumptions: str,
) -> Products:
    intake.note(f"{len(categories):,} categories")
    scenario = Scenario(
        name=f"{name}-products",
        title=title,
        currency=currency,
        materials=tuple(materials),
        assumptions=assumptions,
    )
    return Products(categories=tuple(categories), account=intake.result(scenario))
