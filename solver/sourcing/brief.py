"""From a Problem to the Case that engines answer: every term charges, every rule restricts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.cards import added, without_prices
from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints, Tariff
from solver.sourcing.charge import Charge, Stair
from solver.sourcing.dimensions import all_rules, all_terms, term_of_measure
from solver.sourcing.facts import Cards, Facts
from solver.sourcing.policy import COST, MOST_PACKAGES
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brief:
    """The case, and what its numbers stand for.

    `charges` has how each term that costs something falls, in money; `restrictions` what each rule forbids; `excluded`
    how many lanes each rule closed.
    """

    problem: Problem
    facts: Facts
    case: Case
    charges: Mapping[str, Charge]
    measured: tuple[Charge, ...]
    restrictions: Mapping[str, Restriction]
    excluded: Mapping[str, int]

    def offered(self) -> Ints:
        """What the rules leave of each offer's units, however many of them the order asks for, [N, D]."""
        available = self.facts.of_stock("available")
        left = _least([available, *(one.stock for one in self.restrictions.values())], available.shape)
        return np.maximum(0, left)


def brief(problem: Problem) -> Brief:
    """Let every term and every rule of the problem's policy have its say."""
    facts = Facts.of(problem)
    policy = problem.policy
    priced = {term.name: term.priced(facts, policy) for term in all_terms() if term.name not in policy.off}
    charges = {name: charge for name, charge in priced.items() if charge is not None}
    restrictions = {
        rule.name: restriction
        for rule in all_rules()
        if rule.name not in policy.off and rule.name not in policy.soft
        if (restriction := rule.restrict(facts, policy)) is not None
    }
    measured = tuple(
        term_of_measure()[measure].measured(facts) if measure != COST else _sum_of_charges(facts, charges.values())
        for measure in policy.measures
    )
    return Brief(
        problem=problem,
        facts=facts,
        case=_case(facts, measured, list(restrictions.values())),
        charges=charges,
        measured=measured,
        restrictions=restrictions,
        excluded={
            name: int(np.count_nonzero(restriction.closed_lanes))
            for name, restriction in restrictions.items()
            if restriction.closed_lanes is not None and restriction.closed_lanes.any()
        },
    )


def _sum_of_charges(facts: Facts, charges: Iterable[Charge]) -> Charge:
    """All priced terms as one charge; cards stay apart until tariffs are made."""
    parts = tuple(charges)
    lanes, skus = len(facts.lanes), len(facts.skus)
    return Charge(
        package=_total([part.package for part in parts], (lanes,)),
        kind=_total([part.kind for part in parts], (lanes,)),
        unit=_total([part.unit for part in parts], (lanes, skus)),
        source=_total([part.source for part in parts], (len(facts.source_ids),)),
        stairs=tuple(stair for part in parts for stair in part.stairs),
        unfilled=_total([part.unfilled for part in parts], (len(facts.lines),)),
        cards=_added_cards(facts, [part.cards for part in parts if part.cards]),
        further_package=sum(part.further_package for part in parts),
        further_source=sum(part.further_source for part in parts),
    )


def _total(amounts: Iterable[Ints | None], shape: tuple[int, ...]) -> Ints:
    total = np.zeros(shape, dtype=np.int64)
    for amount in amounts:
        if amount is not None:
            total += amount
    return total


def _added_cards(facts: Facts, columns: list[tuple[RateCard | None, ...]]) -> tuple[RateCard | None, ...]:
    if len(columns) == 1:
        return columns[0]
    known: dict[tuple[RateCard | None, ...], RateCard | None] = {}
    for cards in zip(*columns, strict=True):
        if cards not in known:
            present = [card for card in cards if card is not None]
            known[cards] = added(present, facts.most_grams) if present else None
    return tuple(known[cards] for cards in zip(*columns, strict=True))


def _case(facts: Facts, levels: tuple[Charge, ...], restrictions: list[Restriction]) -> Case:
    items = facts.problem.items
    lanes, parts, lines = len(facts.lanes), len(facts.skus), len(facts.lines)
    tariffs, lane_tariff = _tariffs(facts, levels)
    closed_lanes = _any([one.closed_lanes for one in restrictions], (lanes,))
    closed_parts = _any([one.closed_parts for one in restrictions], (lanes, parts))
    stairs = [(level, stair) for level, charge in enumerate(levels) for stair in charge.stairs]

    def least(pick: Callable[[Restriction], Ints | None], size: int) -> Ints:
        return _least([pick(one) for one in restrictions], (size,))

    stock = _least([facts.stock, *(one.stock for one in restrictions)], (len(facts.offers), parts))
    return Case(
        demand=facts.demand,
        unit_grams=np.array([items[sku].weight_grams for sku in facts.skus], dtype=np.int64),
        unit_mm3=np.array([items[sku].volume_mm3 for sku in facts.skus], dtype=np.int64),
        line_quantity=facts.line_quantity,
        line_units=facts.line_units,
        stock=np.maximum(stock, 0),
        offer_source=facts.offer_source,
        lane_offer=facts.lane_offer,
        lane_service=facts.lane_service,
        lane_tariff=lane_tariff,
        carries=~(closed_lanes[:, None] | closed_parts),
        package_most_grams=least(lambda one: one.package_most_grams, lanes),
        package_most_mm3=least(lambda one: one.package_most_mm3, lanes),
        package_most_units=least(lambda one: one.package_most_units, lanes),
        tariffs=tariffs,
        package_cost=np.array([_total([charge.package], (lanes,)) for charge in levels]),
        kind_cost=np.array([_total([charge.kind], (lanes,)) for charge in levels]),
        unit_cost=np.array([_total([charge.unit], (lanes, parts)) for charge in levels]),
        source_cost=np.array([_total([charge.source], (len(facts.source_ids),)) for charge in levels]),
        stair_offer=np.array([stair.offer for _, stair in stairs], dtype=np.int64),
        stair_part=np.array([stair.part for _, stair in stairs], dtype=np.int64),
        stair_after_units=np.array([stair.after_units for _, stair in stairs], dtype=np.int64),
        stair_cost=_stair_cost(len(levels), stairs),
        unfilled_cost=np.array([_total([charge.unfilled], (lines,)) for charge in levels]),
        further_package_cost=np.array([charge.further_package for charge in levels], dtype=np.int64),
        further_source_cost=np.array([charge.further_source for charge in levels], dtype=np.int64),
        most_packages=min((one.most_packages for one in restrictions if one.most_packages), default=MOST_PACKAGES),
        most_sources=min((one.most_sources for one in restrictions if one.most_sources), default=MOST_PACKAGES),
        complete=any(one.complete for one in restrictions),
        complete_lines=_any([one.complete_lines for one in restrictions], (lines,)),
        together=_any([one.together for one in restrictions], (lines,)),
        apart=_any([one.apart for one in restrictions], (parts, parts)),
        source_most_units=least(lambda one: one.source_most_units, len(facts.source_ids)),
        source_most_minutes=least(lambda one: one.source_most_minutes, len(facts.source_ids)),
        source_package_minutes=_by_source(facts, "minutes_per_package"),
        source_unit_minutes=_by_source(facts, "minutes_per_unit"),
        service_most_packages=least(lambda one: one.service_most_packages, len(facts.service_ids)),
    )


def _any(flags: Iterable[Flags | None], shape: tuple[int, ...]) -> Flags:
    found = np.zeros(shape, dtype=bool)
    for flag in flags:
        if flag is not None:
            found |= flag
    return found


def _least(limits: Iterable[Ints | None], shape: tuple[int, ...]) -> Ints:
    start = np.full(shape, NO_LIMIT, dtype=np.int64)
    return reduce(np.minimum, (limit for limit in limits if limit is not None), start)


def _by_source(facts: Facts, name: str) -> Ints:
    column = np.zeros(len(facts.source_ids), dtype=np.int64)
    column[facts.offer_source] = facts.of_offers(name)
    return column


def _stair_cost(levels: int, stairs: list[tuple[int, Stair]]) -> Ints:
    cost = np.zeros((levels, len(stairs)), dtype=np.int64)
    for position, (level, stair) in enumerate(stairs):
        cost[level, position] = stair.amount
    return cost


def _tariffs(facts: Facts, levels: tuple[Charge, ...]) -> tuple[tuple[Tariff, ...], Ints]:
    """The tariffs that lanes share, and which is each lane's. What no level prices is carried for nothing.

    Cards are told apart as objects, which lanes of one service and zone share: comparing all their bands for each lane
    would take longer than the search.
    """
    columns = tuple(charge.cards or (None,) * len(facts.lanes) for charge in levels)
    key = tuple(map(id, columns))
    if key not in facts.tariffs:
        facts.tariffs[key] = (columns, *_told_apart(facts, columns))
    _, tariffs, of_lanes = facts.tariffs[key]
    return tariffs, of_lanes


def _told_apart(facts: Facts, columns: Cards) -> tuple[tuple[Tariff, ...], Ints]:
    number: dict[tuple[int, ...], int] = {}
    tariffs: list[Tariff] = []
    of_lane: list[int] = []
    free: dict[int, RateCard] = {}
    for lane, priced in zip(facts.lanes, zip(*columns, strict=True), strict=True):
        last = priced[-1] or free.setdefault(id(lane.card), without_prices(lane.card))
        cards = (*priced[:-1], last)
        divisors = lane.volumetric_divisor_cm3_per_kg, lane.volumetric_divisor_in3_per_lb
        key = (*map(id, cards), *divisors, lane.min_billable_grams)
        if key not in number:
            number[key] = len(tariffs)
            tariffs.append(_tariff(key, cards))
        of_lane.append(number[key])
    return tuple(tariffs), np.array(of_lane, dtype=np.int64)


_MOST_KEPT = 4096
_kept: dict[tuple[int, ...], Tariff] = {}  # the same object for the same cards, so that tables made of it are kept


def _tariff(key: tuple[int, ...], cards: tuple[RateCard | None, ...]) -> Tariff:
    """The tariff of these very cards; a kept one holds on to its cards, so their identities stay taken."""
    tariff = _kept.get(key)
    if tariff is None:
        tariff = Tariff(
            cards=cards,
            volumetric_divisor_cm3_per_kg=key[-3],
            volumetric_divisor_in3_per_lb=key[-2],
            min_billable_grams=key[-1],
        )
        if len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = tariff
    return tariff
