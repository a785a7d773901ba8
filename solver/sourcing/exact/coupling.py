"""The rules that only the sum of the packages can break."""

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.packages import stairs
from solver.sourcing.exact.states import States


@compiled
def holds_together(c: Arrays, st: States, lanes: Ints, contents: Ints) -> bool:
    """True when packages that are each allowed are allowed together, at the sum of their costs."""
    return (
        len(lanes) <= c.most_packages
        and _offers_suffice(c, lanes, contents)
        and _sources_are_able(c, st, lanes, contents)
        and _services_are_able(c, lanes)
        and _lines_stay_together(c, lanes, contents)
    )


@inner
def _digit(c: Arrays, state: int, part: int) -> int:
    blocks: int = state // c.stride[part] % c.radix[part]
    return blocks


@inner
def _offers_suffice(c: Arrays, lanes: Ints, contents: Ints) -> bool:
    """No offer gives more than it has, and stairs cost for all of its packages what they cost for each."""
    for i in range(len(lanes)):
        offer = c.lane_offer[lanes[i]]
        for d in range(len(c.radix)):
            given, separately = 0, 0
            for j in range(len(lanes)):
                if c.lane_offer[lanes[j]] == offer:
                    blocks = _digit(c, contents[j], d)
                    given += blocks
                    separately += stairs(c, offer, d, blocks * c.block_units[d])
            if given > c.blocks[offer, d] or stairs(c, offer, d, given * c.block_units[d]) != separately:
                return False
    return True


@inner
def _sources_are_able(c: Arrays, st: States, lanes: Ints, contents: Ints) -> bool:
    """Limits on a source's units and minutes and on the number of sources hold."""
    sources = 0
    for i in range(len(lanes)):
        source = c.offer_source[c.lane_offer[lanes[i]]]
        units, packages, is_first = 0, 0, True
        for j in range(len(lanes)):
            if c.offer_source[c.lane_offer[lanes[j]]] == source:
                units += st.units[contents[j]]
                packages += 1
                is_first = is_first and j >= i
        sources += is_first
        minutes = packages * c.source_package_minutes[source] + units * c.source_unit_minutes[source]
        if units > c.source_most_units[source] or minutes > c.source_most_minutes[source]:
            return False
    return sources <= c.most_sources


@inner
def _services_are_able(c: Arrays, lanes: Ints) -> bool:
    for i in range(len(lanes)):
        service = c.lane_service[lanes[i]]
        packages = 0
        for j in range(len(lanes)):
            packages += c.lane_service[lanes[j]] == service
        if packages > c.service_most_packages[service]:
            return False
    return True


@inner
def _lines_stay_together(c: Arrays, lanes: Ints, contents: Ints) -> bool:
    """All that ships of the parts of a line that stays together leaves from one source."""
    for k in range(len(c.together)):
        only = -1
        for i in range(len(lanes)):
            source = c.offer_source[c.lane_offer[lanes[i]]]
            for d in range(len(c.radix)):
                if c.together[k, d] and _digit(c, contents[i], d) > 0:
                    if only >= 0 and only != source:
                        return False
                    only = source
    return True
