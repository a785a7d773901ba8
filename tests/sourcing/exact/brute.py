"""The oracle: the best plan of a small case by trying every plan. Shares nothing with the engines but the case."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from solver.network.model import RateCard
from solver.sourcing.case import Case
from tests.sourcing.room import volumetric_grams

Units = tuple[int, ...]


class Package(NamedTuple):
    lane: int
    units: Units
    cost: Units  # at each level, without what the order or the source pays


def best_cost(case: Case) -> Units:
    """The least cost, level by level, over every way to fill, pack and ship."""
    costs = (cost_of(case, plan, unfilled) for plan, unfilled in every_plan(case))
    return min(cost for cost in costs if cost is not None)


def every_plan(case: Case) -> Iterator[tuple[tuple[Package, ...], Units]]:
    """Every way to fill and pack, allowed or not, with the units that each line leaves."""
    packages = list(_packages(case))
    for unfilled in product(*(range(int(quantity) + 1) for quantity in case.line_quantity)):
        if _may_leave(case, unfilled):
            for plan in _plans(case, packages, _shipped(case, unfilled), 0, ()):
                yield plan, unfilled


def package_of(case: Case, lane: int, units: Units) -> Package | None:
    """The package with its cost; None where it may not be."""
    grams = sum(int(case.unit_grams[d]) * n for d, n in enumerate(units))
    mm3 = sum(int(case.unit_mm3[d]) * n for d, n in enumerate(units))
    inside = [d for d, n in enumerate(units) if n]
    if not inside or any(not case.carries[lane, d] for d in inside):
        return None
    if grams > case.package_most_grams[lane] or mm3 > case.package_most_mm3[lane]:
        return None
    if sum(units) > case.package_most_units[lane]:
        return None
    if any(case.apart[d, e] for d in inside for e in inside if d != e):
        return None
    tariff = case.tariffs[case.lane_tariff[lane]]
    billable = max(grams, volumetric_grams(tariff, mm3), tariff.min_billable_grams)
    cost = []
    for level, card in enumerate(tariff.cards):
        price = _price(card, billable)
        if price is None:
            return None
        each = sum(int(case.unit_cost[level, lane, d]) * n for d, n in enumerate(units))
        kinds = int(case.kind_cost[level, lane]) * len(inside)
        cost.append(int(case.package_cost[level, lane]) + kinds + each + price)
    return Package(lane, units, tuple(cost))


def cost_of(case: Case, plan: Sequence[Package], unfilled: Sequence[int]) -> Units | None:
    """What a plan costs at each level; None where a rule forbids it."""
    taken: Counter[tuple[int, int]] = Counter()
    packages: Counter[int] = Counter()
    units: Counter[int] = Counter()
    services: Counter[int] = Counter()
    for package in plan:
        offer = int(case.lane_offer[package.lane])
        source = int(case.offer_source[offer])
        packages[source] += 1
        units[source] += sum(package.units)
        services[int(case.lane_service[package.lane])] += 1
        for d, n in enumerate(package.units):
            taken[offer, d] += n
    shipped = tuple(sum(package.units[d] for package in plan) for d in range(len(case.demand)))
    allowed = (
        shipped == _shipped(case, unfilled)
        and _may_leave(case, unfilled)
        and len(plan) <= case.most_packages
        and len(packages) <= case.most_sources
        and all(n <= case.stock[offer, d] for (offer, d), n in taken.items())
        and all(units[s] <= case.source_most_units[s] for s in units)
        and all(
            packages[s] * case.source_package_minutes[s] + units[s] * case.source_unit_minutes[s]
            <= case.source_most_minutes[s]
            for s in packages
        )
        and all(n <= case.service_most_packages[v] for v, n in services.items())
        and _stay_together(case, plan, unfilled)
    )
    if not allowed:
        return None
    return tuple(
        sum(package.cost[level] for package in plan)
        + sum(int(case.source_cost[level, s]) for s in packages)
        + sum(
            max(0, taken[offer, d] - after) * cost
            for offer, d, after, cost in zip(
                case.stair_offer.tolist(),
                case.stair_part.tolist(),
                case.stair_after_units.tolist(),
                case.stair_cost[level].tolist(),
                strict=True,
            )
        )
        + sum(int(case.unfilled_cost[level, k]) * n for k, n in enumerate(unfilled))
        + int(case.further_package_cost[level]) * max(0, len(plan) - 1)
        + int(case.further_source_cost[level]) * max(0, len(packages) - 1)
        for level in range(case.levels)
    )


def _price(card: RateCard | None, grams: int) -> int | None:
    if card is None:
        return 0
    for band in card.bands:
        if band.up_to_grams is None or grams <= band.up_to_grams:
            if getattr(band, "closed", False):
                return None
            price, above = band.base_minor, grams - band.from_grams
            while above > 0:
                price += band.step_minor
                above -= band.step_grams
            return price
    return None


def _shipped(case: Case, unfilled: Sequence[int]) -> Units:
    return tuple(
        sum(
            int(case.line_units[k, d]) * (int(case.line_quantity[k]) - unfilled[k])
            for k in range(len(case.line_quantity))
        )
        for d in range(len(case.demand))
    )


def _may_leave(case: Case, unfilled: Sequence[int]) -> bool:
    left = [(n, int(quantity)) for n, quantity in zip(unfilled, case.line_quantity, strict=True)]
    if case.complete and any(n for n, _ in left) and any(n < quantity for n, quantity in left):
        return False
    return all(n in (0, quantity) for (n, quantity), whole in zip(left, case.complete_lines, strict=True) if whole)


def _stay_together(case: Case, plan: Sequence[Package], unfilled: Sequence[int]) -> bool:
    """True when the lines that stay together can each be given one source that ships enough for all of them."""
    lines = [k for k in range(len(unfilled)) if case.together[k] and unfilled[k] < case.line_quantity[k]]
    sources = sorted({int(case.offer_source[case.lane_offer[package.lane]]) for package in plan})
    from_source = {
        (s, d): sum(package.units[d] for package in plan if case.offer_source[case.lane_offer[package.lane]] == s)
        for s in sources
        for d in range(len(case.demand))
    }
    for given in product(sources, repeat=len(lines)):
        needs: Counter[tuple[int, int]] = Counter()
        for k, s in zip(lines, given, strict=True):
            for d in range(len(case.demand)):
                needs[s, d] += int(case.line_units[k, d]) * (int(case.line_quantity[k]) - unfilled[k])
        if all(need <= from_source[key] for key, need in needs.items()):
            return True
    return False


def _packages(case: Case) -> Iterator[Package]:
    for lane in range(len(case.lane_offer)):
        stock = case.stock[case.lane_offer[lane]]
        for units in product(*(range(int(n) + 1) for n in stock)):
            package = package_of(case, lane, units)
            if package is not None:
                yield package


def _plans(
    case: Case, packages: list[Package], rest: Units, first: int, plan: tuple[Package, ...]
) -> Iterator[tuple[Package, ...]]:
    """Every multiset of packages, from the first on, whose contents add up to the rest."""
    if not any(rest):
        yield plan
        return
    if len(plan) == case.most_packages:
        return
    for i in range(first, len(packages)):
        after = tuple(n - m for n, m in zip(rest, packages[i].units, strict=True))
        if min(after) >= 0:
            yield from _plans(case, packages, after, i, (*plan, packages[i]))
