"""The rate cards from Wuxi by the places they lead to; a destination that is no known place is rejected."""

from dataclasses import dataclass
from pathlib import Path

from solver.importers.cn.places import Gazetteer, Place
from solver.importers.intake import Intake
from solver.importers.rate_cards.wuxi import WuxiCard, read_cards
from solver.importers.refusal import RefusedError, refuse
from solver.network.model import RateCard


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLane:
    """One destination of one carrier's card. `transit_minutes` None: the card does not state a lead time."""

    carrier: str
    service: str
    place: Place
    card: RateCard
    transit_minutes: int | None
    min_billable_grams: int
    max_weight_grams: int


def read_lanes(data: Path, gazetteer: Gazetteer, intake: Intake) -> tuple[CardLane, ...]:
    """Every card that leads to a known place, the first where two lead to the same; the rest goes to the intake."""
    lanes: dict[tuple[str, str, str], CardLane] = {}
    for card in read_cards(data, intake):
        try:
            place = place_of(card, gazetteer)
            key = (card.carrier, card.service, place.code)
            refuse("lane_given_twice", f"{card.city} is {place.name}", when=key in lanes)
        except RefusedError as refused:
            for row in card.rows:
                intake.reject(row, refused.reason, refused.text)
            continue
        lanes[key] = CardLane(
            carrier=card.carrier,
            service=card.service,
            place=place,
            card=card.card,
            transit_minutes=card.transit_minutes,
            min_billable_grams=card.min_billable_grams,
            max_weight_grams=card.max_weight_grams,
        )
    return tuple(lanes.values())


def place_of(card: WuxiCard, gazetteer: Gazetteer) -> Place:
    """The place that a card leads to; raises RefusedError where its names are not known."""
    province = gazetteer.province(card.province)
    if province is None:
        raise RefusedError("unknown_place", f"dest_province={card.province}")
    if not card.city:
        return province
    place = gazetteer.within(province, card.city)
    if place is None:
        raise RefusedError("unknown_place", f"dest_province={card.province} dest_city={card.city}")
    return place
