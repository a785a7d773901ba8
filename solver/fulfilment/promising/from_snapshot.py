"""Promises from a snapshot: the very same as from the Problem of all lanes, without these."""

from collections.abc import Collection
from datetime import timedelta
from functools import cache

from solver.fulfilment.promising.asked_options import AskedOptions, are_masks, every_option
from solver.fulfilment.promising.model import DeliveryOption, Promise, PromiseCommand
from solver.fulfilment.promising.promise import promise_of
from solver.fulfilment.promising.telling import Telling
from solver.fulfilment.question import lines_of
from solver.fulfilment.questions import Question
from solver.sourcing.promising.basket import Basket, DearestPackages, Declined, Names, Ways
from solver.sourcing.promising.deliveries import Deliveries, deliveries_of
from solver.sourcing.promising.options import kind_numbers, leading
from solver.sourcing.promising.pricing import Pricing
from solver.sourcing.snapshot.asked import Asked
from solver.sourcing.snapshot.briefly import Briefly
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.straight import Straight

_MOST_KEPT = 32  # sets of options


class FromSnapshot:
    """Promises under one policy. What calls with the same options have in common is kept."""

    def __init__(self, briefly: Briefly) -> None:
        self.briefly = briefly
        self._names = Names.of(briefly.strict)
        self._leads, self._kinds = leading(briefly.network), kind_numbers(briefly.network)
        self._dearest = DearestPackages()
        self._kept: dict[tuple[tuple[DeliveryOption, ...], timedelta], AskedOptions] = {}

    def promise(self, question: Question, command: PromiseCommand) -> Promise:
        """What can be promised. Raises Declined or Unknown where the basket is left to the ordinary path.

        That is so where the arrays cannot say it, nothing like it was seen to, its search would take long, or rules
        might be relaxed.
        """
        order, snapshot = question.order, self.briefly.strict
        if not (snapshot.has_seen(order) and are_masks(question.policy)):
            raise Declined("not seen to")
        asked = self._asked(command)
        shelves = snapshot.shelves_of(question.available, question.values or question.landed_costs)
        encoded, ground = snapshot.timed(order, shelves)
        view, setting = encoded.words[g.VIEW], encoded.words[g.SETTING]
        ways = Ways(
            self._leads,
            self._kinds,
            asked.masks,
            lambda: asked.views(ground.arrays, view, setting),
            self._dearest.of,
        )
        basket = Basket(self._names, order, encoded, ground, shelves.units, snapshot.network, ways)
        deliveries = deliveries_of(basket)
        numbers = range(len(asked.options)) if command.options else _leading(basket)
        if question.policy.relax and not all(_is_filled(deliveries[number]) for number in numbers):
            raise Declined("rules might be relaxed")
        lanes = basket.lanes_of({one.answer for told in deliveries for one in told if one})
        straight, values_stock = self._straight(question, lanes), bool(shelves.most_value)
        problem = cache(lambda: question.problem_by(lanes))
        pricing = Pricing(basket, self.briefly.itemiser, straight, problem, values_stock=values_stock)
        telling = Telling(asked, command, straight, problem, pricing)
        options = telling.options({number: deliveries[number] for number in numbers})
        return promise_of(command, options, straight.remarks)

    def _straight(self, question: Question, lanes: Collection[tuple[str, str]]) -> Straight:
        """The order with these lanes."""
        order, lines = question.order, question.lines or lines_of(question.order, question.catalog)
        asked = Asked(order=order, available=question.available, lines=lines, on_hand=question.on_hand)
        straight = self.briefly.straightly.stated_with(asked, lanes)
        assert straight is not None, "the network has the lanes that were decided on"
        return straight

    def _asked(self, command: PromiseCommand) -> AskedOptions:
        key = command.options, command.valid_for
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            network, policy = self.briefly.network, self.briefly.strict.policy
            options = command.options or every_option(network)
            known = self._kept[key] = AskedOptions.of(network, policy, options, command.valid_for)
        return known


def _is_filled(deliveries: Deliveries) -> bool:
    return all(one is not None and not one.answer.unfilled_units for one in deliveries)


def _leading(basket: Basket) -> list[int]:
    """Of every option, those that lead to the door: anything, and the kinds and services with a lane."""
    leads = [True, *basket.told.kinds.tolist(), *basket.told.services.tolist()]
    return [number for number, does in enumerate(leads) if does]
