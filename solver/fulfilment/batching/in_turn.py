"""Plans of a batch that its channels could not hold together, made to fit: one order after the other.

Every order sees what its channel may take as if it were alone. Orders of one channel, over several sites, may want more
than its quota together, which no site's stock tells. Those that come first keep their plans; of the others each is
decided anew on what is left of stock and quotas, and may then stay unfilled in part.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from solver.fulfilment.asking import Asking
from solver.fulfilment.questions import Question
from solver.sourcing.plan import Plan
from solver.stock.layers.entitlement import Layers
from solver.stock.rows import Place
from solver.waves.amended import amended
from solver.waves.check import check_wave
from solver.waves.one_by_one import decide_one_by_one
from solver.waves.plan import WavePlan
from solver.waves.sharing import limits_of
from solver.waves.wave import Wave, WaveTerms

SecondsLeft = Callable[[], float]


def fitted(
    asking: Asking, questions: Sequence[Question], answer: WavePlan, terms: WaveTerms, seconds_left: SecondsLeft
) -> tuple[list[Question], WavePlan]:
    """The questions and a checked answer of which every plan can be held after those before it.

    The orders of higher priority come first, then as they were given. The same answer where all of it can be held.
    """
    places = {(site_id, sku) for one in questions for sku, of in one.available.items() for site_id in of}
    with asking.layers(places) as layers:
        turns = _Turns(asking, layers, questions, answer, terms)
        turns.take(seconds_left)
    return turns.questions, turns.answer()


class _Turns:
    def __init__(
        self, asking: Asking, layers: Layers, questions: Sequence[Question], answer: WavePlan, terms: WaveTerms
    ) -> None:
        self._asking, self._layers, self._terms, self._answer = asking, layers, terms, answer
        self.questions = list(questions)
        self._plans = {plan.order_id: plan for plan in answer.plans}
        self._merged = {order_id for merge in answer.merges for order_id in merge.order_ids}
        self._drawn: list[tuple[Question, tuple[str, Mapping[Place, int]]]] = []
        self._is_changed = False

    def take(self, seconds_left: SecondsLeft) -> None:
        """Draw plan after plan; decide anew what cannot be drawn."""
        priority = {one.order_id: one.priority_minor for one in self._terms.orders}
        ids = [one.order.order_id for one in self.questions]
        for number in sorted(range(len(ids)), key=lambda one: -priority.get(ids[one], 0)):
            question = self.questions[number]
            if self._draws(question, self._plans[ids[number]]):
                continue
            if not self._is_changed:
                self._is_changed = True
                self._part_merged(seconds_left)
            self.questions[number] = self._asked_after_others(question)
            del self._plans[ids[number]]
            self._decide([number], seconds_left)
            self._draws(self.questions[number], self._plans[ids[number]])

    def answer(self) -> WavePlan:
        """What the plans are now, checked."""
        if not self._is_changed:
            return self._answer
        wave = self._wave()
        found = amended(wave, self._answer, self._plans)
        check_wave(wave, found)
        return found

    def _draws(self, question: Question, plan: Plan) -> bool:
        """Whether the plan's units can be had; they are gone for those that follow."""
        wanted: Counter[Place] = Counter()
        for package in plan.packages:
            for packed in package.contents if not package.offer_id else ():
                wanted[package.source_id, packed.sku] += packed.units
        drawn = self._layers.draw(question.order.channel, wanted)
        if drawn.short:
            self._layers.put_back(drawn)
            return False
        self._drawn.append((question, (question.order.channel, wanted)))
        return True

    def _asked_after_others(self, question: Question) -> Question:
        """The order's question on what those before it leave.

        The wave counts off what they take, if they see no more of a place than the order: so much it is to see beyond.
        """
        order, policy, before = question.order, question.policy, [drawn for _, drawn in self._drawn]
        after = self._asking.question(order, policy, before=before)
        beyond: dict[Place, int] = {}
        for site_id, sku in {place for _, wanted in before for place in wanted}:
            left = after.available.get(sku, {}).get(site_id, 0)
            takers = [(_seen(other, (site_id, sku)), drawn[1].get((site_id, sku), 0)) for other, drawn in self._drawn]
            beyond[site_id, sku] = _counted_off(left, takers)
        return self._asking.question(order, policy, beyond, before=before)

    def _part_merged(self, seconds_left: SecondsLeft) -> None:
        """Orders that were to be shipped as one get plans of their own."""
        numbers = [at for at, one in enumerate(self.questions) if one.order.order_id in self._merged]
        for number in numbers:
            del self._plans[self.questions[number].order.order_id]
        self._decide(numbers, seconds_left)

    def _decide(self, numbers: Sequence[int], seconds_left: SecondsLeft) -> None:
        wave = self._wave()
        decide_one_by_one(wave, numbers, self._plans, limits_of(wave), seconds_left)

    def _wave(self) -> Wave:
        terms = replace(self._terms, orders=tuple(replace(one, merge_key="") for one in self._terms.orders))
        return Wave(orders=tuple(one.problem() for one in self.questions), terms=terms)


def _seen(question: Question, place: Place) -> int:
    return question.available.get(place[1], {}).get(place[0], 0)


def _counted_off(left: int, takers: Sequence[tuple[int, int]]) -> int:
    """What is taken by those that see no more than what is left and this; each sees and takes so many."""
    counted = sum(units for _, units in takers)
    while True:
        fewer = sum(units for seen, units in takers if seen <= left + counted)
        if fewer == counted:
            return counted
        counted = fewer
