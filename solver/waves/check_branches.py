"""The bound that branches prove, for the judge: every plan of the wave is in one of them, and each has its own prices.

A branch has some of the plans: those that open some sources and ship nothing from others, and serve some orders from a
source, or not. Within it the formula of the whole wave holds at the branch's prices with these changes: what is opened
costs its opening whatever it supplies; what is closed supplies nothing; and a penalty, more than the plan that is
judged costs, is laid on what the branch excludes and given for what it demands, which then costs the penalty once.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from solver.sourcing.brief import Brief
from solver.waves.at_prices import AtPrices
from solver.waves.plan import Branch, Resource, WavePlan
from solver.waves.slow_tariffs import FAR
from solver.waves.wave import Wave

_PER_MINOR = 1000

OfResources = Callable[[Mapping[Resource, int], Collection[str], Collection[str]], int]
_Choices = frozenset[tuple[str, str, bool]]  # an order ("": the source opens), a source, whether it is so


def least_of_branches(wave: Wave, plan: WavePlan, briefs: Sequence[Brief], of_resources: OfResources) -> int | None:
    """The least that any branch proves of these orders, in thousandths; None where the branches prove nothing.

    `of_resources`: what the formula has beside the orders, at prices, with sources that are opened and closed.
    """
    penalty = 2 * _PER_MINOR * (abs(plan.total_minor) + 1)
    if not plan.branches or penalty > FAR // 64 or not have_every_plan([_choices(one) for one in plan.branches]):
        return None
    least = []
    for branch in plan.branches:
        prices = {one.resource: one.price_thousandths for one in branch.prices}
        at_prices = AtPrices(wave, prices, beside=_penalties(branch, briefs, penalty))
        total = of_resources(prices, branch.opened, branch.closed) + penalty * len(set(branch.served))
        for made in briefs:
            of_order = at_prices.least(made)
            if of_order is None:
                return None
            total += of_order
        least.append(total)
    return min(least)


def have_every_plan(branches: Sequence[_Choices]) -> bool:
    """Whether any plan, whatever is so in it, is in one of these."""
    if not all(branches):
        return True
    asked = Counter(one[:2] for branch in branches for one in branch)
    if not asked:
        return False  # there is no branch at all
    most = max(asked, key=lambda one: (asked[one], one))
    return all(
        have_every_plan([branch - {(*most, is_so)} for branch in branches if (*most, not is_so) not in branch])
        for is_so in (True, False)
    )


def _choices(branch: Branch) -> _Choices:
    sources = [("", one, is_so) for is_so, those in ((True, branch.opened), (False, branch.closed)) for one in those]
    pairs = [(True, branch.served), (False, branch.unserved)]
    return frozenset([*sources, *((one.order_id, one.source_id, is_so) for is_so, those in pairs for one in those)])


def _penalties(branch: Branch, briefs: Sequence[Brief], penalty: int) -> dict[tuple[str, str], int]:
    """By order and source, what it costs more that the source ships anything in the order."""
    closed = {(made.problem.order_id, source_id): penalty for made in briefs for source_id in branch.closed}
    unserved = {(one.order_id, one.source_id): penalty for one in branch.unserved}
    served = {(one.order_id, one.source_id): -penalty for one in branch.served}
    return {**closed, **unserved, **served}
