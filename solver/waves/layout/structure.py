"""Which orders a WaveCase can hold, and why another cannot: it is then decided by itself on what the others leave."""

from enum import StrEnum

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Flags

MOST_STATES = 1 << 12
MOST_SPLITS = 1 << 17  # ways to part some of the order in two


class Why(StrEnum):
    """Why an order is decided by itself."""

    TOO_MANY_STATES = "too_many_states"
    TOO_MANY_PRICES = "too_many_prices"
    LEVELS = "levels"  # its priorities are not those of the wave, have tolerances, or do not make one cost with them
    LINES_SHIP_TOGETHER = "lines_ship_together"
    SEVERAL_OFFERS = "several_offers"  # of a source, where what the source ships in all counts
    PACKAGES_STAY_WITHIN_THE_LIMIT = "packages_stay_within_the_limit"
    SERVICES_STAY_WITHIN_THEIR_CAPACITY = (
        "services_stay_within_their_capacity"  # weight, or beside the wave's own terms
    )
    MINUTES_BY_PACKAGE = "minutes_by_package"


def has_too_many_states(case: Case) -> bool:
    """True when the contents of the order are too many to be numbered, or to be parted."""
    asked = case.demand.astype(float)
    with np.errstate(over="ignore"):
        states, splits = np.prod(asked + 1), np.prod((asked + 1) * (asked + 2) / 2)
    return bool(states > MOST_STATES or splits > MOST_SPLITS)


def lines_of_one_source(case: Case) -> Flags | None:
    """Lines of which a source ships all or nothing, [K], so that each leaves from one source; None: no such lines do.

    A line of one unit, or that ships complete, and shares no SKU with another is as good as that.
    """
    asked = case.together & (case.line_quantity > 0)
    several = asked & ~(case.complete_lines | case.complete | (case.line_quantity == 1))
    uses = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
    shared = asked & (uses & (uses.sum(axis=0) > 1)).any(axis=1)
    wanted = int(np.count_nonzero(case.line_quantity))
    if wanted <= 1 and not shared.any():
        whole: Flags = asked & ~several  # else one source ships at all, see `is_one_line_together`
        return whole
    return None if (several | shared).any() else asked


def is_one_line_together(case: Case) -> bool:
    """True when the order is one line that leaves from one source, in part if need be."""
    wanted = case.line_quantity > 0
    return bool(np.count_nonzero(wanted) == 1 and case.together[wanted].all())


def sources_of_several_offers(case: Case) -> Flags:
    """Sources of which two offers or more could ship something, [S]."""
    able = np.bincount(case.lane_offer, minlength=len(case.stock)) > 0
    able &= (case.stock > 0).any(axis=1)
    several: Flags = np.bincount(case.offer_source[able], minlength=case.source_cost.shape[1]) > 1
    return several


def limits_what_sources_ship(case: Case, sources: Flags) -> bool:
    """True when what one of these sources ships in all its offers costs or is limited in this order alone."""
    return bool(
        case.further_source_cost.any()
        or case.most_sources < int(case.source_cost.shape[1])
        or case.source_cost[:, sources].any()
        or (case.source_most_units[sources] < NO_LIMIT).any()
        or (case.source_most_minutes[sources] < NO_LIMIT).any()
        or (case.together & (case.line_quantity > 0)).any()
    )
