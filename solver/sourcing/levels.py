"""A case with some of its levels, in another sequence."""

from collections.abc import Sequence
from dataclasses import replace

from solver.network.model import RateCard
from solver.sourcing.cards import carried_by_all
from solver.sourcing.case import Case, Ints


def in_order(case: Case, order: Sequence[int]) -> Case:
    """The same case with these levels, in this sequence."""
    rows = list(order)
    return replace(
        case,
        tariffs=tuple(replace(tariff, cards=tuple(tariff.cards[level] for level in order)) for tariff in case.tariffs),
        package_cost=case.package_cost[rows],
        kind_cost=case.kind_cost[rows],
        unit_cost=case.unit_cost[rows],
        source_cost=case.source_cost[rows],
        stair_cost=case.stair_cost[rows],
        unfilled_cost=case.unfilled_cost[rows],
        further_package_cost=case.further_package_cost[rows],
        further_source_cost=case.further_source_cost[rows],
    )


def without_others(case: Case, order: Sequence[int]) -> Case:
    """These levels, in this sequence, and a last one at which nothing costs: what no other level carries is not."""
    others = [level for level in range(case.levels) if level not in order]
    made = in_order(case, (*order, others[-1]))
    return replace(
        made,
        tariffs=tuple(
            replace(tariff, cards=(*tariff.cards[:-1], _carried([before.cards[level] for level in others])))
            for before, tariff in zip(case.tariffs, made.tariffs, strict=True)
        ),
        package_cost=_last_free(made.package_cost),
        kind_cost=_last_free(made.kind_cost),
        unit_cost=_last_free(made.unit_cost),
        source_cost=_last_free(made.source_cost),
        stair_cost=_last_free(made.stair_cost),
        unfilled_cost=_last_free(made.unfilled_cost),
        further_package_cost=_last_free(made.further_package_cost),
        further_source_cost=_last_free(made.further_source_cost),
    )


def _carried(cards: Sequence[RateCard | None]) -> RateCard | None:
    present = [card for card in cards if card is not None]
    return carried_by_all(present) if present else None


def _last_free(cost: Ints) -> Ints:
    free = cost.copy()
    free[-1] = 0
    return free
