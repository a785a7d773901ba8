"""The lines of the brand's orders, cleaned one by one: every repair is counted, every refusal gives its reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from solver.importers.cn.places import Gazetteer, Place
from solver.importers.cn.products import Product
from solver.importers.intake import Intake
from solver.importers.refusal import RefusedError, refuse
from solver.importers.rows import Row
from solver.importers.values import money_minor, positive_int

FILE = "cn_orders/sales_orders.csv.gz"
COLUMNS = (
    "订单编码",
    "订单日期",
    "客户编码",
    "所在区域",
    "所在省份",
    "所在地市",
    "商品编号",
    "订购数量",
    "订购单价",
    "金额",
)
YEAR = 2019  # the file covers this year; one stray row says 2050
_MERGED_CITIES = {"莱芜市": "济南市"}  # since 2019 a part of the other
_SALES_REGIONS = {"东区", "南区", "西区", "北区"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanLine:
    """One usable row. `units` is the quantity as recorded, not yet divided."""

    row: Row
    order_id: str
    ordered_on: date
    customer: str
    place: Place
    sku: str
    units: int
    unit_price_minor: int


def read_lines(
    data: Path, gazetteer: Gazetteer, products: Mapping[str, Product], intake: Intake
) -> Iterator[CleanLine]:
    """Stream the usable lines in the order of the file; the rest goes to the intake."""
    seen: set[tuple[str, ...]] = set()
    for row in intake.rows(data, FILE, COLUMNS):
        values = tuple(row.values[column] for column in COLUMNS)
        try:
            refuse("duplicate_row", row.text, when=values in seen)
            seen.add(values)
            line, rules = _clean(row, gazetteer, products)
        except RefusedError as refused:
            intake.reject(row, refused.reason, refused.text)
            continue
        for rule in rules:
            intake.repair(rule)
        yield line


def _clean(row: Row, gazetteer: Gazetteer, products: Mapping[str, Product]) -> tuple[CleanLine, list[str]]:
    rules: list[str] = []
    sku = row["商品编号"]
    refuse("unknown_sku", f"商品编号={sku}", when=sku not in products)
    units = _units(row["订购数量"], rules)
    _check_sales_region(row["所在区域"], rules)
    line = CleanLine(
        row=row,
        order_id=_order_id(row["订单编码"], rules),
        ordered_on=_date(row["订单日期"], rules),
        customer=row["客户编码"],
        place=_place(row, gazetteer, rules),
        sku=sku,
        units=units,
        unit_price_minor=_price_minor(row, units, products[sku], rules),
    )
    return line, rules


def _order_id(text: str, rules: list[str]) -> str:
    if re.fullmatch(r"D\d+", text):
        return text
    found = re.findall(r"D\d+", text)
    refuse("unreadable_order_code", f"订单编码={text}", when=len(found) != 1)
    rules.append("order code: text around D and its digits removed (订单号D24342)")
    return str(found[0])


def _date(text: str, rules: list[str]) -> date:
    found = re.fullmatch(r"(\d{4})([-#/.])(\d{1,2})\2(\d{1,2})(?: 00:00:00)?", text)
    if found is None:
        raise RefusedError("unreadable_date", f"订单日期={text}")
    if found[2] != "-":
        rules.append("order date: other separators read as hyphens (2019#3#11)")
    try:
        ordered_on = date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise RefusedError("unreadable_date", f"订单日期={text}") from None
    refuse(f"date_outside_{YEAR}", f"订单日期={text}", when=ordered_on.year != YEAR)
    return ordered_on


def _units(text: str, rules: list[str]) -> int:
    bare = text.removesuffix("个")
    units = positive_int(bare)
    if units is None:
        raise RefusedError("unreadable_quantity", f"订购数量={text}")
    if bare != text:
        rules.append("quantity: counting word removed (1473个)")
    return units


def _price_minor(row: Row, units: int, product: Product, rules: list[str]) -> int:
    text, amount_minor = row["订购单价"], money_minor(row["金额"])
    refuse("unreadable_amount", f"金额={row['金额']}", when=amount_minor is None and bool(row["金额"]))
    if not text:
        return _missing_price_minor(amount_minor, units, product, rules)
    bare = text.removesuffix("元")
    price_minor = money_minor(bare)
    if price_minor is None:
        raise RefusedError("unreadable_price", f"订购单价={text}")
    if amount_minor is None:
        rules.append("amount: missing, quantity and price say it")
    elif amount_minor != units * price_minor:
        raise RefusedError("amount_is_not_quantity_times_price", f"金额={row['金额']}")
    if bare != text:
        rules.append("unit price: currency word removed (86元)")
    return price_minor


def _missing_price_minor(amount_minor: int | None, units: int, product: Product, rules: list[str]) -> int:
    if amount_minor is not None and amount_minor % units == 0:
        rules.append("unit price: missing, amount divided by quantity")
        return amount_minor // units
    rules.append("unit price: missing, the list price stands in")
    return product.price_minor


def _check_sales_region(text: str, rules: list[str]) -> None:
    if text in _SALES_REGIONS:
        return
    if "".join(text.split()) in _SALES_REGIONS:
        rules.append("sales region: inner space ignored (西 区)")
    else:
        rules.append("sales region: missing or unknown (男区) and ignored, the city decides")


def _place(row: Row, gazetteer: Gazetteer, rules: list[str]) -> Place:
    province_name, city_name = row["所在省份"], row["所在地市"]
    if not province_name:
        city = gazetteer.city_of_any_province(city_name)
        if city is None:
            raise RefusedError("unknown_place", f"所在地市={city_name}")
        rules.append("province: missing, taken from the city")
        return city
    province = gazetteer.province(province_name)
    if province is None:
        raise RefusedError("unknown_place", f"所在省份={province_name}")
    if city_name.endswith("直辖"):
        rules.append("city: counties under the province (海南省直辖) go to the province itself")
        return province
    place = gazetteer.within(province, _MERGED_CITIES.get(city_name, city_name))
    if place is None or place.centre is None:
        raise RefusedError("unknown_place", f"所在省份={province_name} 所在地市={city_name}")
    if place.name != city_name:
        rules.append("city: short, old or merged name read as today's (黔南州, 哈密地区, 莱芜市)")
    return place
