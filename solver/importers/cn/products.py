"""The brand's products. Their weights and sizes are not published: each sub-category has one assumed packed size."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solver.catalog.model import Material
from solver.importers.intake import Intake
from solver.importers.values import money_minor

FILE = "cn_orders/products.csv.gz"

# Sub-category: grams, length, width and height in mm of one retail box.
PACKED = {
    "面膜": (30, 160, 125, 8),  # face mask, one sheet
    "眼霜": (60, 45, 45, 60),  # eye cream, 15 g jar
    "面霜": (180, 75, 75, 65),  # face cream, 50 g jar
    "洁面乳": (150, 55, 40, 165),  # cleanser, 120 g tube
    "爽肤水": (260, 55, 55, 180),  # toner, 200 ml bottle
    "隔离霜": (70, 40, 35, 125),  # primer, 35 g tube
    "防晒霜": (85, 45, 35, 135),  # sunscreen, 50 g tube
    "口红": (35, 22, 22, 85),  # lipstick
    "粉底": (130, 45, 45, 120),  # foundation, 30 ml glass
    "眼影": (65, 100, 70, 18),  # eye shadow palette
    "睫毛膏": (30, 20, 20, 140),  # mascara
    "蜜粉": (95, 85, 85, 35),  # loose powder
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as a material, with its list price."""

    material: Material
    price_minor: int


def read_products(data: Path, intake: Intake) -> Mapping[str, Product]:
    """Products by SKU; a product of an unknown sub-category or without a price is rejected."""
    products: dict[str, Product] = {}
    for row in intake.rows(data, FILE, ("商品编号", "商品名称", "商品小类", "商品大类", "销售单价")):
        price_minor, packed = money_minor(row["销售单价"]), PACKED.get(row["商品小类"])
        if packed is None:
            intake.reject(row, "unknown_category", f"商品小类={row['商品小类']}")
        elif price_minor is None:
            intake.reject(row, "unreadable_price", f"销售单价={row['销售单价']}")
        elif row["商品编号"] in products or not row["商品编号"]:
            intake.reject(row, "repeated_sku", f"商品编号={row['商品编号']}")
        else:
            name = f"{row['商品名称']} {row['商品小类']}"
            products[row["商品编号"]] = Product(
                material=_material(row["商品编号"], name, packed),
                price_minor=price_minor,
            )
    return products


def assumption() -> str:
    """The table of assumed sizes, in words."""
    listed = "; ".join(f"{name} {grams} g {x}x{y}x{z} mm" for name, (grams, x, y, z) in PACKED.items())
    return f"Product weights and sizes are assumed per sub-category: {listed}."


def _material(sku: str, name: str, packed: tuple[int, int, int, int]) -> Material:
    grams, length_mm, width_mm, height_mm = packed
    return Material(
        sku=sku,
        name=name,
        weight_grams=grams,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
    )
