"""Undated backorders in a wave: orders of different days see one pile under different offers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from solver.fulfilment.command import StockAmount
from solver.sourcing.problem import Offer, Problem, Stage


def on_one_pile(problems: Sequence[Problem], stock: Iterable[StockAmount]) -> tuple[Problem, ...]:
    """The problems when only one of such offers has the pile, that of most orders; so it is not given twice."""
    undated = {
        (amount.source_id, amount.sku)
        for amount in stock
        if amount.stage is Stage.BACKORDER and amount.available_at is None
    }
    seen: dict[tuple[str, str], Counter[str]] = {pile: Counter() for pile in undated}
    for problem in problems:
        for offer, sku in _backorders(problem, undated):
            seen[offer.source_id, sku][offer.offer_id] += 1
    keeper = {pile: _most_seen(ids) for pile, ids in seen.items() if len(ids) > 1}
    return tuple(_kept(problem, keeper) for problem in problems) if keeper else tuple(problems)


def _backorders(problem: Problem, undated: set[tuple[str, str]]) -> Iterable[tuple[Offer, str]]:
    for offer in problem.offers:
        if offer.stage is Stage.BACKORDER:
            yield from ((offer, sku) for sku in offer.available if (offer.source_id, sku) in undated)


def _kept(problem: Problem, keeper: dict[tuple[str, str], str]) -> Problem:
    def kept(offer: Offer) -> Offer:
        gone = {sku for sku in offer.available if keeper.get((offer.source_id, sku), offer.offer_id) != offer.offer_id}
        if offer.stage is not Stage.BACKORDER or not gone:
            return offer
        return replace(offer, available={sku: 0 if sku in gone else units for sku, units in offer.available.items()})

    return replace(problem, offers=tuple(kept(offer) for offer in problem.offers))


def _most_seen(ids: Counter[str]) -> str:
    return min(ids, key=lambda one: (-ids[one], one))
