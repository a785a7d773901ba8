"""FedEx Ground's and Home Delivery's list prices: a flat price for each begun pound in each of seven zones of distance.

A pound is 453.59237 g and a mile 1609.344 m exactly. A package of whole grams weighs at most n pounds when it weighs at
most floor(453.59237 n) grams, so bands that end there charge every begun pound exactly; distances likewise.
"""

from collections.abc import Mapping
from pathlib import Path

from solver.errors import NotFound
from solver.importers.intake import Intake
from solver.importers.rate_cards.bands import Piece, joined
from solver.importers.refusal import RefusedError, refuse
from solver.importers.rows import Row
from solver.importers.values import money_minor, positive_int
from solver.network.model import Band, DistanceZone, RateCard, Service, ZoneRate

FILE = "us_tariffs/fedex_ground_home_delivery_list_2025.csv"
# Zones by miles, each up to and including; the last any distance.
ZONE_MILES = {"2": 150, "3": 300, "4": 600, "5": 1000, "6": 1400, "7": 1800, "8": None}
COLUMNS = ("weight_lb_max", *(f"zone_{zone}" for zone in ZONE_MILES))
# Days are not in the price list; FedEx Ground takes one to five within the contiguous states.
TRANSIT_DAYS = {"2": 1, "3": 2, "4": 2, "5": 3, "6": 4, "7": 4, "8": 5}
DIVISOR_IN3_PER_LB = 139
CARRIER_ID = "fedex"
CLOSED_RULE = "FedEx: pounds without a price are closed"
ASSUMED = (
    f"volumetric divisor: {DIVISOR_IN3_PER_LB} cubic inches per pound",
    f"lead time: {'/'.join(map(str, TRANSIT_DAYS.values()))} days in zones 2 to 8",
    "surcharges: none (fuel, residential and delivery area surcharges stand in other lists)",
)
ASSUMED_ZH = (
    f"体积重除数：每磅 {DIVISOR_IN3_PER_LB} 立方英寸",
    f"时效：2 至 8 区分别为 {'/'.join(map(str, TRANSIT_DAYS.values()))} 天",
    "附加费：无（燃油、住宅及派送区域附加费另有价目表）",
)
_DAY_MINUTES = 24 * 60


def pounds_in_grams(pounds: int) -> int:
    """The most whole grams that weigh at most so many pounds."""
    return pounds * 45_359_237 // 100_000


def miles_in_meters(miles: int) -> int:
    """The most whole meters that are at most so many miles."""
    return miles * 1_609_344 // 1_000


def read_service(data: Path, intake: Intake) -> Service:
    """The list as one service. A row that cannot be used is rejected, and its pound is closed in every zone.

    Raises NotFound where no row can be used.
    """
    prices = _prices(data, intake)
    if not prices:
        raise NotFound(f"{FILE} has no row with prices")
    if missing := max(prices) - len(prices):
        intake.repair(CLOSED_RULE, missing)
    return Service(
        service_id="fedex-ground",
        carrier_id=CARRIER_ID,
        name="FedEx Ground and Home Delivery, list prices 2025",
        currency="USD",
        rates=tuple(
            ZoneRate(zone=zone, card=_card(prices, zone), transit_minutes=days * _DAY_MINUTES)
            for zone, days in TRANSIT_DAYS.items()
        ),
        distance_zones=tuple(
            DistanceZone(up_to_meters=None if miles is None else miles_in_meters(miles), zone=zone)
            for zone, miles in ZONE_MILES.items()
        ),
        volumetric_divisor_in3_per_lb=DIVISOR_IN3_PER_LB,
        max_weight_grams=pounds_in_grams(max(prices)),
        assumed=ASSUMED,
        assumed_zh=ASSUMED_ZH,
    )


def _prices(data: Path, intake: Intake) -> dict[int, dict[str, int]]:
    """Minor units by pound and zone; the first row of a pound stands."""
    prices: dict[int, dict[str, int]] = {}
    for row in intake.rows(data, FILE, COLUMNS):
        try:
            pounds = positive_int(row["weight_lb_max"])
            if pounds is None:
                raise RefusedError("unreadable_number", f"weight_lb_max={row['weight_lb_max']}")
            refuse("repeated_weight", f"weight_lb_max={pounds}", when=pounds in prices)
            prices[pounds] = {zone: _price_minor(row, f"zone_{zone}") for zone in ZONE_MILES}
        except RefusedError as refused:
            intake.reject(row, refused.reason, refused.text)
    return prices


def _price_minor(row: Row, column: str) -> int:
    price_minor = money_minor(row[column])
    if price_minor is None:
        raise RefusedError("unreadable_number", f"{column}={row[column]}")
    return price_minor


def _card(prices: Mapping[int, Mapping[str, int]], zone: str) -> RateCard:
    pieces = [
        Piece(
            above_grams=pounds_in_grams(pounds - 1),
            band=Band(up_to_grams=pounds_in_grams(pounds), base_minor=by_zone[zone]),
            text=f"weight_lb_max={pounds}",
        )
        for pounds, by_zone in prices.items()
    ]
    return RateCard(bands=joined(pieces))
