"""Two sources and three services in East City, to promise from by hand.

A courier rides from the store alone; ground and air are those of the made world. All distances are short.

| from | by | placed on Monday at 8:00, at the door | two teas (1,000 g) cost |
|---|---|---|---|
| S-EAST | ride | 8:30 + 1.5 h = 10:00 | 1,500 + 50 + 20 = 1,570 |
| W-EAST | air | 9:00 + 5 h = 14:00 | 3,000 + 100 + 40 = 3,140 |
| S-EAST | ground | 8:30 + 10 h = 18:30 | 800 + 50 + 20 = 870 |
| W-EAST | ground | 9:00 + 10 h = 19:00 | 800 + 100 + 40 = 940 |
"""

from typing import Any

from solver.network.model import Band, DistanceZone, RateCard, Service, SourceKind, ZoneRate
from solver.scenario.model import Scenario
from tests.made_world import AIR, EAST_STORE, EAST_WAREHOUSE, GROUND, STOCK, made_world

RIDE = Service(
    service_id="ride",
    carrier_id="truck-co",
    name="Ride",
    currency="CNY",
    rates=(ZoneRate(zone="town", card=RateCard(bands=(Band(up_to_grams=5000, base_minor=1500),)), transit_minutes=90),),
    distance_zones=(DistanceZone(up_to_meters=200_000, zone="town"),),
    kinds=(SourceKind.STORE,),
)


def promised_world(**changes: Any) -> Scenario:
    """The world as a scenario; `changes` replace its parts."""
    sources = (EAST_WAREHOUSE, EAST_STORE)
    stock = tuple(row for row in STOCK if row.source_id != "W-WEST")
    return made_world(**{"sources": sources, "services": (GROUND, AIR, RIDE), "stock": stock, **changes})
