"""Which column of a history is what, how its cells are written, and what is assumed where it says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path

import msgspec

from solver.errors import FieldViolation, Violations
from solver.money import is_currency
from solver.network.check_time import check_time_zone
from solver.scenario.plain import plain
from solver.scenario.shape import read_as
from solver.scenario.yaml_lines import read_yaml
from solver.validation import MOST_GRAMS, MOST_MINUTES, check_between, check_id

MOST_STOCK_PERMILLE = 100_000
ISO = "iso"  # the time format that is ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The heading of the column that says each; empty: none does. Each row is a line of an order.

    Where it goes: `region` (an id or a name of the network), or `province` and `city`, or `postcode` (a region's id, or
    how it begins), or `latitude` and `longitude`. `shipped_from` and what follows it tell what was really shipped.
    What is paid is `unit_price` for a unit or `paid_amount` for all units of the row; what the list says is
    `list_price` for a unit or `list_amount` for all of them; `tax` is the tax within what is paid for all.
    """

    order_id: str = ""
    placed_at: str = ""
    sku: str = ""
    quantity: str = ""
    unit_price: str = ""
    paid_amount: str = ""
    list_price: str = ""
    list_amount: str = ""
    tax: str = ""
    region: str = ""
    province: str = ""
    city: str = ""
    postcode: str = ""
    latitude: str = ""
    longitude: str = ""
    promised_at: str = ""
    channel: str = ""
    status: str = ""
    weight: str = ""
    item_name: str = ""
    shipped_from: str = ""
    carrier: str = ""
    shipped_at: str = ""
    arrived_at: str = ""
    freight: str = ""


class MoneyIn(StrEnum):
    """How amounts are written."""

    MAJOR = "major"  # 12.50
    MINOR = "minor"  # 1250


class WeightIn(StrEnum):
    """What a weight counts."""

    GRAMS = "grams"
    KILOGRAMS = "kilograms"


class FreightPer(StrEnum):
    """What an amount of freight is for; of a package it stands in each of its rows."""

    PACKAGE = "package"
    LINE = "line"


class StockRule(StrEnum):
    """Where opening stock comes from."""

    NETWORK = "network"  # what the network's folder says
    AS_SHIPPED = "as_shipped"  # at each source what it shipped; the rest as `as_ordered`
    AS_ORDERED = "as_ordered"  # so many as were ordered, shared alike by the warehouses


USUALLY_CANCELLED = (
    "已取消", "取消", "订单取消", "交易关闭", "已关闭", "交易取消", "未付款", "待付款", "已退款",
    "cancelled", "canceled", "voided", "closed", "refunded", "unpaid", "unavailable",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What stands in for what the history does not say. `stock_permille` 1000 is as many units as were ordered."""

    weight_grams: int = 500
    stock: StockRule = StockRule.AS_SHIPPED
    stock_permille: int = 1_000
    promised_within_hours: int = 0  # of the order; 0: nothing was promised


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryMapping:
    """All that is needed to read a history.

    `network` is a scenario folder, relative to the mapping's file: its regions, sources, carriers, services and goods.
    `time_format` is of strftime; `iso` stands for ISO 8601; of a list the first that fits a time counts. Times without
    an offset are of `time_zone`. `sources` says which source of the network is meant by a name of the history. Rows
    whose status is one of `cancelled`, in capitals or not, are passed over: nothing was wanted any more.
    """

    columns: Columns
    name: str = "history"
    title: str = ""
    currency: str = "CNY"
    network: str = ""
    time_zone: str = "UTC"
    time_format: str | tuple[str, ...] = ISO
    money_in: MoneyIn = MoneyIn.MAJOR
    weight_in: WeightIn = WeightIn.GRAMS
    freight_per: FreightPer = FreightPer.PACKAGE
    encoding: str = "utf-8"
    delimiter: str = ","
    sources: Mapping[str, str] = field(default_factory=dict)
    cancelled: tuple[str, ...] = USUALLY_CANCELLED
    assume: Assumed = Assumed()

    @property
    def time_formats(self) -> tuple[str, ...]:
        """Every way in which times are written, in the order in which they are tried."""
        return (self.time_format,) if isinstance(self.time_format, str) else self.time_format


NEEDED = ("order_id", "placed_at", "sku", "quantity")
PLACES = (("region",), ("city",), ("province",), ("postcode",), ("latitude", "longitude"))


def read_mapping(path: Path) -> HistoryMapping:
    """Read a mapping. Raises InvalidRequest with line, field and remedy of all that is wrong."""
    violations = Violations()
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        violations.add(str(path), "unreadable", f"{error}; name a YAML file in UTF-8")
        text = ""
    document = None if violations.found else read_yaml(text, str(path), violations)
    made = None if document is None else read_as(HistoryMapping, dict(document.values))
    found = Violations()
    if isinstance(made, HistoryMapping):
        check_mapping(made, found)
    elif made is not None:
        found.found += made
    for one in found.found:
        line = document.line_of(one.field) if document else 1
        place = f"{path}:{line}: {one.field}"
        violations.found.append(FieldViolation(field=place, value=one.value, remedy=one.remedy))
    violations.refuse_any("the mapping")
    assert isinstance(made, HistoryMapping), "what is not read has a fault"
    return made


def check_mapping(mapping: HistoryMapping, violations: Violations) -> None:
    """Everything in it that cannot be."""
    columns = mapping.columns
    for name in NEEDED:
        violations.require(bool(getattr(columns, name)), f"columns.{name}", "", "missing; name the column that says it")
    placed = any(all(getattr(columns, name) for name in names) for names in PLACES)
    ways = ", ".join(" with ".join(names) for names in PLACES)
    violations.require(placed, "columns", "no destination", f"name the columns of one of: {ways}")
    for of_unit, of_all in (("unit_price", "paid_amount"), ("list_price", "list_amount")):
        twice = bool(getattr(columns, of_unit) and getattr(columns, of_all))
        remedy = f"name {of_unit} (of a unit) or {of_all} (of all units), not both"
        violations.require(not twice, f"columns.{of_all}", getattr(columns, of_all), remedy)
    check_id(mapping.name, "name", violations)
    violations.require(is_currency(mapping.currency), "currency", mapping.currency, "give an ISO 4217 code: CNY")
    check_time_zone(mapping.time_zone, "time_zone", violations)
    _check_time_formats(mapping.time_formats, violations)
    violations.require(
        len(mapping.delimiter) == 1, "delimiter", mapping.delimiter, 'give one character, such as ";" or "\\t"'
    )
    check_between(mapping.assume.weight_grams, 1, MOST_GRAMS, "assume.weight_grams", violations)
    check_between(mapping.assume.stock_permille, 0, MOST_STOCK_PERMILLE, "assume.stock_permille", violations)
    hours = mapping.assume.promised_within_hours
    check_between(hours, 0, MOST_MINUTES // 60, "assume.promised_within_hours", violations)
    _check_encoding(mapping.encoding, violations)


def named_columns(columns: Columns) -> dict[str, str]:
    """Those that are named: what they say, and their heading."""
    return {one.name: getattr(columns, one.name) for one in fields(columns) if getattr(columns, one.name)}


def as_yaml(mapping: HistoryMapping) -> str:
    """The mapping as a file that `read_mapping` reads back; what stands at its default is said too, to be changed."""
    said = {one.name: _said(getattr(mapping, one.name)) for one in fields(mapping)}
    said["columns"] = named_columns(mapping.columns)
    return msgspec.yaml.encode(said).decode()


def _said(value: object) -> object:
    if isinstance(value, Assumed):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return plain(value)


def _check_time_formats(formats: tuple[str, ...], violations: Violations) -> None:
    remedy = "give iso, a format such as %Y/%m/%d %H:%M, or a list of these"
    violations.require(bool(formats), "time_format", "none", remedy)
    for one in formats:
        violations.require(one == ISO or "%" in one, "time_format", one, remedy)


def _check_encoding(encoding: str, violations: Violations) -> None:
    try:
        "".encode(encoding)
    except LookupError:
        violations.add("encoding", encoding, "give utf-8, gb18030 or another name that Python knows")
