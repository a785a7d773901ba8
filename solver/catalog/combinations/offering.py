"""Offers on an order's lines: how often each is given, and what it takes off which line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from solver.catalog.combinations.model import Combination, Measure, Offer, Step
from solver.catalog.combinations.outcome import Reduction
from solver.catalog.combinations.pricing import PERMILLE
from solver.catalog.sharing.shares import shared_out
from solver.units import round_half_up_div


@dataclass(slots=True)
class Amount:
    """A line's price as offers reduce it, in minor units."""

    line_id: str
    item_id: str
    quantity: int
    price_minor: int
    reductions: list[Reduction] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """An offer that an order reached: which step, how often, and what it takes off each of its lines."""

    combination: Combination
    step: int
    times: int
    lines: tuple[Amount, ...]
    off_minor: tuple[int, ...]

    @property
    def total_minor(self) -> int:
        """All that it takes off."""
        return sum(self.off_minor)


def apply_offers(offers: Iterable[Combination], amounts: Sequence[Amount], customer_tier: str) -> Iterator[Applied]:
    """Take off what each offer reached takes off, one after the other in the given sequence.

    Where the first of a group stands, the best of the group applies, and no other of it; among equals the earliest.
    """
    for candidates in _alternatives(offers):
        reached = [one for offer in candidates if (one := _reached(offer, amounts, customer_tier)) is not None]
        best = max(reached, key=lambda one: one.total_minor, default=None)
        if best is None:
            continue
        for line, off_minor in zip(best.lines, best.off_minor, strict=True):
            if off_minor:
                line.price_minor -= off_minor
                line.reductions.append(Reduction(combination_id=best.combination.combination_id, off_minor=off_minor))
        yield best


def _alternatives(offers: Iterable[Combination]) -> Iterator[list[Combination]]:
    """Offers one by one; those of a group together, where its first stands."""
    groups: dict[str, list[Combination]] = {}
    for at, combination in enumerate(offers):
        group = combination.offer.group if combination.offer else ""
        groups.setdefault(f"group {group}" if group else f"{at}", []).append(combination)
    yield from groups.values()


def _reached(combination: Combination, amounts: Sequence[Amount], customer_tier: str) -> Applied | None:
    offer = combination.offer
    assert offer is not None, "only offers apply"
    if offer.customer_tiers and customer_tier not in offer.customer_tiers:
        return None
    lines = tuple(one for one in amounts if not offer.item_ids or one.item_id in offer.item_ids)
    measured = _measured(offer, lines)
    steps = [at for at, step in enumerate(offer.steps) if step.least <= measured]
    if not steps:
        return None
    at = max(steps, key=lambda position: offer.steps[position].least)
    step = offer.steps[at]
    times = measured // step.least if offer.repeats else 1
    if offer.most_times:
        times = min(times, offer.most_times)
    return Applied(
        combination=combination, step=at, times=times, lines=lines, off_minor=_reductions(step, times, lines)
    )


def _measured(offer: Offer, lines: Sequence[Amount]) -> int:
    match offer.measure:
        case Measure.UNITS:
            return sum(line.quantity for line in lines)
        case Measure.AMOUNT:
            return sum(line.price_minor for line in lines)
        case Measure.SETS:
            units = dict.fromkeys(offer.item_ids, 0)
            for line in lines:
                units[line.item_id] += line.quantity
            return min(units.values())
        case Measure.ORDERS:
            return int(bool(lines))


def _reductions(step: Step, times: int, lines: Sequence[Amount]) -> tuple[int, ...]:
    """What the step takes off each line: each of its reductions from what the one before left."""
    left = [line.price_minor for line in lines]
    for reduction in _reductions_of(step):
        off = reduction(step, times, [line.quantity for line in lines], left)
        left = [before - part for before, part in zip(left, off, strict=True)]
    return tuple(line.price_minor - rest for line, rest in zip(lines, left, strict=True))


_Reduce = Callable[[Step, int, Sequence[int], Sequence[int]], Sequence[int]]


def _reductions_of(step: Step) -> Iterator[_Reduce]:
    if step.free_units:
        yield _free_units
    if step.price_minor is not None:
        yield _units_for_a_price
    if step.keep_permille != PERMILLE:
        yield _permille
    if step.off_minor:
        yield _off


def _free_units(step: Step, times: int, quantities: Sequence[int], left: Sequence[int]) -> Sequence[int]:
    """The cheapest units are free."""
    return _worth_of(times * step.free_units, _runs(quantities, left), len(left))


def _units_for_a_price(step: Step, times: int, quantities: Sequence[int], left: Sequence[int]) -> Sequence[int]:
    """The dearest units cost the price; no more than they did."""
    assert step.price_minor is not None, "asked only where there is a price"
    dearest_first = sorted(_runs(quantities, left), key=lambda run: (-run[0], run[1]))
    worth = _worth_of(times * step.least, dearest_first, len(left))
    return shared_out(max(0, sum(worth) - times * step.price_minor), worth)


def _permille(step: Step, times: int, quantities: Sequence[int], left: Sequence[int]) -> Sequence[int]:  # noqa: ARG001
    """So many thousandths of the whole amount are left."""
    return shared_out(sum(left) - round_half_up_div(sum(left) * step.keep_permille, PERMILLE), left)


def _off(step: Step, times: int, quantities: Sequence[int], left: Sequence[int]) -> Sequence[int]:  # noqa: ARG001
    return shared_out(min(sum(left), times * step.off_minor), left)


_Run = tuple[int, int, int]  # price of a unit, position of the line, units


def _runs(quantities: Sequence[int], left: Sequence[int]) -> list[_Run]:
    """Units of all lines by their price, the cheapest first. A line's odd minor units lie on its first units."""
    runs: list[_Run] = []
    for at, (quantity, amount) in enumerate(zip(quantities, left, strict=True)):
        unit_minor, odd = divmod(amount, quantity)
        runs += [(unit_minor, at, quantity - odd), (unit_minor + 1, at, odd)]
    return sorted(run for run in runs if run[2])


def _worth_of(units: int, runs: Sequence[_Run], lines: int) -> list[int]:
    """What the first so many units come to, by line."""
    worth = [0] * lines
    for unit_minor, at, count in runs:
        taken = min(units, count)
        worth[at] += taken * unit_minor
        units -= taken
    return worth
