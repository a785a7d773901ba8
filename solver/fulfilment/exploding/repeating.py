"""What was decided before, so far as it stands: draws for good, the rest while it is there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from solver.catalog.combinations.basket import Basket, Given, Seen
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.outcome import Decision, Explosion, GiftOutcome, Role
from solver.errors import InvalidRequest
from solver.fulfilment import records
from solver.fulfilment.exploding.draws_kept import DRAW
from solver.storage.database import Reader


def planned_decisions(reader: Reader, order_id: str, given: Mapping[str, Given]) -> tuple[Decision, ...]:
    """What was decided when the order was planned last, but for gifts of which there are not so many left."""
    found = [records.find(reader, plan_id) for plan_id in records.plan_ids_of(reader, order_id)]
    planned = [one for one in found if one is not None and one.exploded is not None]
    if not planned:
        return ()
    last = max(planned, key=lambda one: (one.created_at, one.plan_id))
    assert last.exploded is not None, "only those were looked at"
    explosion = last.exploded.explosion
    beyond = _beyond(explosion.gifts, given)
    gone = {(gift.line_id, gift.path) for gift in explosion.gifts if gift.gift_id in beyond}
    return tuple(one for one in explosion.decisions if (one.line_id, one.path) not in gone)


def _beyond(gifts: Iterable[GiftOutcome], given: Mapping[str, Given]) -> set[str]:
    """The gifts of which a limit leaves fewer than these by now."""
    gifts, units = list(gifts), Counter[str]()
    for gift in gifts:
        units[gift.gift_id] += gift.given_units
    found = set()
    for gift in gifts:
        before = given.get(gift.gift_id, Given())
        limits = ((gift.most_per_customer, before.to_customer), (gift.most_in_total, before.in_total))
        if any(most and already + units[gift.gift_id] > most for most, already in limits):
            found.add(gift.gift_id)
    return found


def in_one(drawn: Sequence[Decision], decided: Sequence[Decision]) -> tuple[Decision, ...]:
    """All decisions; what was drawn goes before what a plan says."""
    return tuple(({(one.line_id, one.path): one for one in (*decided, *drawn)}).values())


def draws_of(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """The decisions by chance, by line and path."""
    return {(one.line_id, one.path): one for one in decisions if one.primitive == DRAW}


def drawn_units(explosion: Explosion) -> dict[str, int]:
    """Units that came of draws, by SKU."""
    places = {(line_id, f"{path}.chances[") for line_id, path in draws_of(explosion.decisions)}
    units: dict[str, int] = {}
    for piece in explosion.pieces:
        if any(piece.line_id == line_id and piece.path.startswith(path) for line_id, path in places):
            units[piece.sku] = units.get(piece.sku, 0) + piece.units
    return units


def repeated(basket: Basket, book: Book, seen: Seen, decisions: Sequence[Decision]) -> Explosion:
    """With the decisions that are still of something in the order, should its buyer have changed it."""
    try:
        return explode(basket, book, seen, seed=basket.order_id, decisions=decisions)
    except InvalidRequest as refused:
        foreign = {violation.field for violation in refused.violations}
        left = [one for one in decisions if f"decisions[{one.line_id}:{one.path}]" not in foreign]
        if len(left) == len(decisions):
            raise
        return explode(basket, book, seen, seed=basket.order_id, decisions=left)


def is_there(before: Explosion, available: Mapping[str, int], given: Mapping[str, Given]) -> bool:
    """Whether all that chance and stock decided on is there still, and its gifts may be given."""
    demand = before.demand
    decided = {piece.sku for piece in before.pieces if piece.role is not Role.SOLD}
    return not _beyond(before.gifts, given) and all(demand[sku] <= available.get(sku, 0) for sku in decided)
