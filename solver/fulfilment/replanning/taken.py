"""What plans that are decided one after the other take of what others may still have, and give back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from solver.fulfilment.command import StockAmount
from solver.fulfilment.questions import Question
from solver.fulfilment.replanning.standing import Standing
from solver.fulfilment.shelf import offer_id_of
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Stage
from solver.stock.rows import Place

_Later = tuple[str, str, str]  # source, SKU, and under what offer it is not there yet


class Taken:
    """Units beyond those that each plan had itself, and (with `gives_back`) less those that it has no more."""

    def __init__(self, *, gives_back: bool = True) -> None:
        self._gives_back = gives_back
        self._units: Counter[Place] = Counter()
        self._later: Counter[_Later] = Counter()

    def add(self, one: Standing, plan: Plan) -> None:
        """The plan takes the place of the one that stands."""
        now, before = taken_there(plan), one.owned.there
        for place in {*now, *before}:
            more = now[place] - before.get(place, 0)
            self._units[place] += more if self._gives_back else max(0, more)
        for package in plan.packages if any(package.offer_id for package in plan.packages) else ():
            for packed in package.contents if package.offer_id else ():
                self._later[package.source_id, packed.sku, _pile(package.offer_id)] += packed.units

    def view_of(self, one: Standing) -> dict[Place, int]:
        """What the plan has beyond what was free when the first was decided; below 0: that is taken."""
        view = Counter(one.owned.there)
        view.subtract(self._units)
        return dict(view)

    def without_later(self, question: Question) -> Question:
        """The question without what was taken of stock that is not there yet; what the plan awaits itself stays."""
        left, amounts = Counter(self._later), []
        for amount in question.amounts:
            key = (amount.source_id, amount.sku, _pile(offer_id_of(amount.stage, amount.available_at) or amount.stage))
            gone = min(left[key], amount.available_units) if amount.stage is not Stage.ON_HAND else 0
            left[key] -= gone
            amounts.append(_less(amount, gone) if gone else amount)
        return replace(question, amounts=tuple(amounts)) if +self._later else question


def taken_there(plan: Plan) -> Counter[Place]:
    """Units that the plan takes of what lies at its sources."""
    units: Counter[Place] = Counter()
    for package in plan.packages:
        for packed in package.contents if not package.offer_id else ():
            units[package.source_id, packed.sku] += packed.units
    return units


def own_of(standing: Iterable[Standing]) -> Counter[Place]:
    """Units that lie there for any of these plans."""
    units: Counter[Place] = Counter()
    for one in standing:
        units.update(one.owned.there)
    return units


def _pile(offer_id: str) -> str:
    """Backorders of all days are of one pile."""
    return str(Stage.BACKORDER) if offer_id.startswith(Stage.BACKORDER) else offer_id


def _less(amount: StockAmount, units: int) -> StockAmount:
    on_hand = amount.on_hand_units
    return replace(
        amount,
        available_units=amount.available_units - units,
        on_hand_units=None if on_hand is None else max(0, on_hand - units),
    )
