"""Opening stock, all of it assumed: sized by what the orders ask for, so that raw quantities find stock as well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from solver.importers.cn.warehouses import SHARES_PERCENT
from solver.importers.draw import stream
from solver.network.model import Source
from solver.orders.model import Order
from solver.scenario.model import OpeningStock
from solver.units import ceil_div, round_half_up_div

WAREHOUSE_COVER_PERCENT = 100
CARRIED_PERCENT = 80
SHORT_SKU_PERCENT = 5
SHORT_COVER_PERCENT = 30
SHOP_COVER_PERCENT = 35
LARGEST_LOT_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    """All that the orders ask for of one SKU."""

    sku: str
    units: int
    lines: int

    @property
    def line_units(self) -> int:
        return max(1, round_half_up_div(self.units, self.lines))


def make_stock(
    orders: Iterable[Order],
    warehouses: Sequence[Source],
    shops: Sequence[Source],
    seed: int,
) -> tuple[OpeningStock, ...]:
    """Stock of every ordered SKU by the rule in `assumption`, in the order of source and SKU."""
    rows: list[OpeningStock] = []
    for demand in _demands(orders):
        draw = stream(seed, "cn", "stock", demand.sku)
        short = draw.randrange(100) < SHORT_SKU_PERCENT
        rows += _in_warehouses(
            demand,
            warehouses,
            draw,
            SHORT_COVER_PERCENT if short else WAREHOUSE_COVER_PERCENT,
        )
        if not short:
            rows += _in_shops(demand, shops, draw)
    return tuple(sorted(rows, key=lambda row: (row.source_id, row.sku)))


def assumption() -> str:
    """The stock rule in words."""
    return (
        f"All stock is assumed. Of each SKU the warehouses hold {WAREHOUSE_COVER_PERCENT} % of the units ordered, "
        f"shared {'/'.join(str(share) for share in SHARES_PERCENT.values())}, but each warehouse carries a SKU with "
        f"chance {CARRIED_PERCENT} % only; shops together hold {SHOP_COVER_PERCENT} % in lots of 1 to "
        f"{LARGEST_LOT_LINES} usual lines at random shops. {SHORT_SKU_PERCENT} % of the SKUs are short: "
        f"{SHORT_COVER_PERCENT} % in the warehouses, nothing in shops. Shops without stock are left out."
    )


def _demands(orders: Iterable[Order]) -> Iterator[_Demand]:
    quantities: dict[str, list[int]] = {}
    for order in orders:
        for line in order.lines:
            quantities.setdefault(line.sku, []).append(line.quantity)
    for sku in sorted(quantities):
        yield _Demand(sku=sku, units=sum(quantities[sku]), lines=len(quantities[sku]))


def _in_warehouses(
    demand: _Demand, warehouses: Sequence[Source], draw: Random, cover_percent: int
) -> Iterator[OpeningStock]:
    for warehouse in warehouses:
        if draw.randrange(100) < CARRIED_PERCENT:
            share = SHARES_PERCENT[warehouse.region_id]
            units = ceil_div(demand.units * cover_percent * share, 100 * 100)
            yield OpeningStock(source_id=warehouse.source_id, sku=demand.sku, units=units)


def _in_shops(demand: _Demand, shops: Sequence[Source], draw: Random) -> Iterator[OpeningStock]:
    left = ceil_div(demand.units * SHOP_COVER_PERCENT, 100)
    for shop in draw.sample(shops, len(shops)):
        if left <= 0:
            return
        units = min(left, demand.line_units * draw.randint(1, LARGEST_LOT_LINES))
        left -= units
        yield OpeningStock(source_id=shop.source_id, sku=demand.sku, units=units)
