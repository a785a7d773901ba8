"""Orders with their items, cleaned: what was bought, from whom, for how much freight, and when it moved."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from solver.importers.intake import Intake
from solver.importers.olist.catalog import Product
from solver.importers.olist.geography import TIME_ZONE
from solver.importers.olist.parties import Party
from solver.importers.refusal import RefusedError, refuse
from solver.importers.rows import Row
from solver.importers.values import money_minor

ORDERS = "olist/sample_a/olist_orders_dataset.csv.gz"
ITEMS = "olist/sample_a/olist_order_items_dataset.csv.gz"
DEAD_STATES = frozenset({"canceled", "unavailable"})
_PLACED, _HANDED_OVER, _DELIVERED, _ESTIMATED = (
    "order_purchase_timestamp",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One unit of one product, with its price and the freight paid for it."""

    product_id: str
    seller: Party
    price_minor: int
    freight_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One order that was not called off. The estimate is a date: midnight at its beginning, São Paulo time."""

    order_id: str
    customer: Party
    placed_at: datetime
    estimated_on: datetime
    handed_over_at: datetime | None
    delivered_at: datetime | None
    items: tuple[Item, ...]

    @property
    def promised_at(self) -> datetime:
        """The end of the estimated day."""
        return self.estimated_on + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What orders and items refer to, by id."""

    customers: Mapping[str, Party]
    sellers: Mapping[str, Party]
    products: Mapping[str, Product]


def read_sales(data: Path, books: Books, intake: Intake) -> tuple[Sale, ...]:
    """Every usable order with at least one usable item, in the order of the file."""
    rows = _read_order_rows(data, books, intake)
    items = _read_items(data, rows.keys(), books, intake)
    sales = []
    for order_id, row in rows.items():
        if order_id in items:
            sales.append(_sale(row, books.customers[row["customer_id"]], tuple(items[order_id])))
        else:
            intake.reject(row, "order_without_items", f"order_id={order_id} order_status={row['order_status']}")
    return tuple(sales)


def _read_order_rows(data: Path, books: Books, intake: Intake) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    columns = ("order_id", "customer_id", "order_status", _PLACED, _HANDED_OVER, _DELIVERED, _ESTIMATED)
    for row in intake.rows(data, ORDERS, columns):
        try:
            _check_order(row, rows, books)
        except RefusedError as refused:
            intake.reject(row, refused.reason, refused.text)
            continue
        rows[row["order_id"]] = row
    return rows


def _check_order(row: Row, rows: Mapping[str, Row], books: Books) -> None:
    refuse("repeated_order", f"order_id={row['order_id']}", when=not row["order_id"] or row["order_id"] in rows)
    refuse(f"order_{row['order_status']}", f"order_id={row['order_id']}", when=row["order_status"] in DEAD_STATES)
    refuse("unknown_customer", f"customer_id={row['customer_id']}", when=row["customer_id"] not in books.customers)
    for column in (_PLACED, _ESTIMATED):
        refuse("unreadable_time", f"{column}={row[column]}", when=_moment(row[column]) is None)
    for column in (_HANDED_OVER, _DELIVERED):
        unreadable = bool(row[column]) and _moment(row[column]) is None
        refuse("unreadable_time", f"{column}={row[column]}", when=unreadable)


def _read_items(data: Path, order_ids: Container[str], books: Books, intake: Intake) -> dict[str, list[Item]]:
    items: dict[str, list[Item]] = {}
    columns = ("order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value")
    seen: set[tuple[str, str]] = set()
    for row in intake.rows(data, ITEMS, columns):
        key = (row["order_id"], row["order_item_id"])
        try:
            refuse("order_not_used", f"order_id={row['order_id']}", when=row["order_id"] not in order_ids)
            refuse("repeated_item", f"order_id={key[0]} order_item_id={key[1]}", when=key in seen)
            item = _item(row, books)
        except RefusedError as refused:
            intake.reject(row, refused.reason, refused.text)
            continue
        seen.add(key)
        items.setdefault(row["order_id"], []).append(item)
    return items


def _item(row: Row, books: Books) -> Item:
    product_id, seller_id = row["product_id"], row["seller_id"]
    refuse("unknown_product", f"product_id={product_id}", when=product_id not in books.products)
    refuse("unknown_seller", f"seller_id={seller_id}", when=seller_id not in books.sellers)
    price_minor, freight_minor = money_minor(row["price"]), money_minor(row["freight_value"])
    if price_minor is None or freight_minor is None:
        raise RefusedError("unreadable_money", f"price={row['price']} freight_value={row['freight_value']}")
    return Item(
        product_id=product_id,
        seller=books.sellers[seller_id],
        price_minor=price_minor,
        freight_minor=freight_minor,
    )


def _sale(row: Row, customer: Party, items: tuple[Item, ...]) -> Sale:
    placed_at, estimated_on = _moment(row[_PLACED]), _moment(row[_ESTIMATED])
    assert placed_at is not None, "checked when the row was read"
    assert estimated_on is not None, "checked when the row was read"
    return Sale(
        order_id=row["order_id"],
        customer=customer,
        placed_at=placed_at,
        estimated_on=estimated_on,
        handed_over_at=_moment(row[_HANDED_OVER]),
        delivered_at=_moment(row[_DELIVERED]),
        items=items,
    )


def _moment(text: str) -> datetime | None:
    """A local time of São Paulo as UTC; an hour that summer time repeats or skips is read as its first."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    whole = len(text) == len("2018-01-31 23:59:59") and local.tzinfo is None
    return local.replace(tzinfo=ZoneInfo(TIME_ZONE)).astimezone(UTC) if whole else None
