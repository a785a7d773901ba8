"""Which orders may share packages, and the one order that they would make together.

Orders of one merge key may, where what an order's problem tells agrees: currency, policy, channel and tier, and every
lane that leads to both at the same price over the same way, so that they go to one address. Such lanes arrive when the
later order's would. The earlier promise holds for all. Orders that ship complete do so still, each by itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import prod

from solver.network.lanes import ClosedLane, Closure, Lane
from solver.sourcing.problem import Item, Line, Offer, Problem
from solver.waves.slow_contents import MOST_STATES
from solver.waves.wave import OrderTerms, Wave, WorkMinutes

_NO_TIME = datetime.min.replace(tzinfo=UTC)
SEPARATOR = "/"  # between an order's id and its line's in the order that several make


def groups_of(wave: Wave) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    """Merge keys and their orders, two or more, that may be shipped as one."""
    key_of = {one.order_id: one.merge_key for one in wave.terms.orders if one.merge_key}
    by_key: dict[str, list[Problem]] = {}
    for problem in wave.orders:
        if problem.order_id in key_of:
            by_key.setdefault(key_of[problem.order_id], []).append(problem)
    for key, problems in by_key.items():
        if len(problems) > 1 and may_be_one(problems):
            yield key, tuple(problems)


def priced_groups(wave: Wave, barred: Collection[str]) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    """The groups of which the order as one can be priced, and has an id that no order has."""
    ids = {problem.order_id for problem in wave.orders}
    for key, problems in groups_of(wave):
        whole = merged_problem(key, problems)
        states = prod(units + 1 for units in whole.demand_units.values())
        if key not in ids and states <= MOST_STATES and not any(one.order_id in barred for one in problems):
            yield key, problems


def may_be_one(problems: Sequence[Problem]) -> bool:
    """True where the orders agree in all that makes them one delivery."""
    first = problems[0]
    agree = all(
        (one.currency, one.policy, one.channel, one.customer_tier, one.money_decimals)
        == (first.currency, first.policy, first.channel, first.customer_tier, first.money_decimals)
        for one in problems
    )
    return agree and not first.policy.relax and bool(_common_lanes(problems)) and _items(problems) is not None


def merged_problem(key: str, problems: Sequence[Problem]) -> Problem:
    """The orders as one, under the merge key as its id; its lines are named `order_id/line_id`."""
    promised = [one.promised_at for one in problems if one.promised_at is not None]
    placed = [one.placed_at for one in problems if one.placed_at is not None]
    items = _items(problems)
    assert items is not None, "asked by may_be_one"
    return replace(
        problems[0],
        order_id=key,
        lines=tuple(line for problem in problems for line in _lines(problem)),
        items=items,
        offers=_offers(problems),
        lanes=_common_lanes(problems),
        promised_at=min(promised, default=None),
        placed_at=max(placed, default=None),
        ships_complete=False,
        closed_lanes=_closed_lanes(problems),
        notes=tuple(dict.fromkeys(note for problem in problems for note in problem.notes)),
    )


def merged_wave(wave: Wave, chosen: Mapping[str, Sequence[Problem]]) -> Wave:
    """The wave when these groups, by merge key, are one order each, in the place of their first.

    One order has the least of their priorities, and needs of a source's minutes what all of them need.
    """
    key_of = {problem.order_id: key for key, problems in chosen.items() for problem in problems}
    orders = {
        key_of.get(problem.order_id, problem.order_id): merged_problem(
            key_of[problem.order_id], chosen[key_of[problem.order_id]]
        )
        if problem.order_id in key_of
        else problem
        for problem in wave.orders
    }
    minutes: dict[tuple[str, str], int] = {}
    for one in wave.terms.work:
        at = (key_of.get(one.order_id, one.order_id), one.source_id)
        minutes[at] = minutes.get(at, 0) + one.minutes
    priority = {one.order_id: one.priority_minor for one in wave.terms.orders}
    terms = replace(
        wave.terms,
        orders=tuple(
            OrderTerms(
                order_id=order_id,
                priority_minor=min(priority.get(one.order_id, 0) for one in chosen.get(order_id, (problem,))),
            )
            for order_id, problem in orders.items()
        ),
        work=tuple(WorkMinutes(order_id=at[0], source_id=at[1], minutes=sum_) for at, sum_ in minutes.items()),
    )
    return Wave(orders=tuple(orders.values()), terms=terms)


def _lines(problem: Problem) -> Iterator[Line]:
    for line in problem.lines:
        yield replace(
            line,
            line_id=f"{problem.order_id}{SEPARATOR}{line.line_id}",
            ships_complete=line.ships_complete or problem.ships_complete,
        )


def _items(problems: Sequence[Problem]) -> dict[str, Item] | None:
    """What all of them know of every SKU; None where two know different things."""
    items: dict[str, Item] = {}
    for problem in problems:
        for sku, item in problem.items.items():
            if items.setdefault(sku, item) != item:
                return None
    return items


def _offers(problems: Sequence[Problem]) -> tuple[Offer, ...]:
    """Every offer that one of them sees, of each SKU the least that one sees, with the tightest limits."""
    found: dict[tuple[str, str], Offer] = {}
    for problem in problems:
        for offer in problem.offers:
            known = found.get(offer.key)
            found[offer.key] = offer if known is None else _both(known, offer)
    return tuple(found.values())


def _both(one: Offer, other: Offer) -> Offer:
    return replace(
        one,
        available=_least(one.available, other.available),
        on_hand=_least(one.on_hand, other.on_hand),
        safety={**other.safety, **one.safety},
        reserve={**other.reserve, **one.reserve},
        unit_cost_minor={**other.unit_cost_minor, **one.unit_cost_minor},
        lots={**other.lots, **one.lots},
        stock_out_minor={**other.stock_out_minor, **one.stock_out_minor},
        stock_value_minor={**other.stock_value_minor, **one.stock_value_minor},
        landed_cost_minor={**other.landed_cost_minor, **one.landed_cost_minor},
        orders_left=_lesser(one.orders_left, other.orders_left),
        units_left=_lesser(one.units_left, other.units_left),
        minutes_left=_lesser(one.minutes_left, other.minutes_left),
        quota_orders_left=_lesser(one.quota_orders_left, other.quota_orders_left),
    )


def _least(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {sku: min(units.get(sku, 2**62) for units in (one, other)) for sku in {**one, **other}}


def _lesser(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _common_lanes(problems: Sequence[Problem]) -> tuple[Lane, ...]:
    """The lanes that lead to all of them; nothing where one leads to two addresses."""
    tables = [{lane.lane_id: lane for lane in problem.lanes} for problem in problems]
    common = []
    for lane_id, first in tables[0].items():
        same = [table[lane_id] for table in tables if lane_id in table]
        if any(_way(one) != _way(first) or _disagree(one.unit_minor, first.unit_minor) for one in same):
            return ()
        if len(same) == len(tables):
            common.append(_later(same))
    return tuple(common)


def _closed_lanes(problems: Sequence[Problem]) -> tuple[ClosedLane, ...]:
    """What is closed to one of them; and what leads to some only, as the source stocks nothing of the others."""
    closed = {
        (one.source_id, one.service_id, one.via_source_id, one.offer_id): one
        for problem in problems
        for one in problem.closed_lanes
    }
    tables = [{lane.lane_id for lane in problem.lanes} for problem in problems]
    for problem in problems:
        for lane in problem.lanes:
            if lane.lane_id not in closed and not all(lane.lane_id in table for table in tables):
                closed[lane.lane_id] = ClosedLane(
                    source_id=lane.source_id,
                    service_id=lane.service_id,
                    closure=Closure.NOT_FOR_EVERY_ORDER,
                    via_source_id=lane.via_source_id,
                    offer_id=lane.offer_id,
                )
    return tuple(closed[key] for key in sorted(closed))


def _disagree(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return any(other.get(sku, minor) != minor for sku, minor in one.items())


def _way(lane: Lane) -> Lane:
    """All of a lane but its times and what is left of its service."""
    return replace(lane, arrives_at=_NO_TIME, hand_over_at=None, packages_left=None, grams_left=None, unit_minor={})


def _later(lanes: Sequence[Lane]) -> Lane:
    hand_over = [lane.hand_over_at for lane in lanes if lane.hand_over_at is not None]
    packages, grams = (
        [left for lane in lanes if (left := getattr(lane, name)) is not None]
        for name in ("packages_left", "grams_left")
    )
    return replace(
        lanes[0],
        arrives_at=max(lane.arrives_at for lane in lanes),
        hand_over_at=max(hand_over, default=None),
        packages_left=min(packages, default=None),
        grams_left=min(grams, default=None),
        unit_minor={sku: minor for lane in reversed(lanes) for sku, minor in lane.unit_minor.items()},
    )
