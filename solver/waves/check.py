"""The independent judge of a wave: recounts what its plans take together, and every cent, from the wave's data alone.

Whether each plan is sound for its order alone `sourcing.check` tells; here is what no single order can tell. Nothing is
imported that lays a wave out, decides it or adds up its answer. A violation means a bug of ours.
"""

from collections.abc import Iterator

from solver.errors import BrokenInvariant
from solver.sourcing.check import violations_of as violations_of_plan
from solver.sourcing.policy import COST
from solver.waves.plan import ResourceKind, WavePlan, WaveTerm
from solver.waves.recount import Recount
from solver.waves.wave import Wave


def check_wave(wave: Wave, plan: WavePlan) -> None:
    """Raise BrokenInvariant with every violation, of single plans as well, if there is any."""
    violations = violations_of_wave(wave, plan)
    if violations:
        raise BrokenInvariant("the plans of the wave break rules: " + "; ".join(violations))


def violations_of_wave(wave: Wave, plan: WavePlan) -> list[str]:
    """Everything that the plans break, each alone and all together, in words; empty for a sound answer."""
    if [one.order_id for one in plan.plans] != [problem.order_id for problem in wave.orders]:
        return ["the answer does not have each order once, in the wave's own sequence"]
    alone = [
        f"order {problem.order_id}: {violation}"
        for problem, one in zip(wave.orders, plan.plans, strict=True)
        for violation in violations_of_plan(problem, one)
    ]
    if alone:
        return alone
    recount = Recount(wave, plan.plans)
    return [*recount.of_stock(), *recount.of_limits(), *_of_costs(plan, recount), *_of_answer(plan, recount)]


def _of_costs(plan: WavePlan, recount: Recount) -> Iterator[str]:
    expected = recount.costs()
    if dict(plan.cost_minor) != expected:
        yield f"the terms are {expected}, not {dict(plan.cost_minor)}"
    if plan.total_minor != sum(expected.values()):
        yield f"the terms sum to {sum(expected.values())}, not to {plan.total_minor}"
    if not 0 <= plan.bound_minor <= plan.total_minor:
        yield f"the bound {plan.bound_minor} does not lie between 0 and the total {plan.total_minor}"
    for level in plan.levels:
        value = plan.total_minor if level.measure == COST else _level_value(plan, level.measure)
        if level.value != value:
            yield f"{level.measure} comes to {value}, not to {level.value}"


def _level_value(plan: WavePlan, measure: str) -> int:
    """Orders with priorities of their own do not count."""
    common = [level.measure for level in plan.levels]
    return sum(
        level.value
        for one in plan.plans
        if [level.measure for level in one.levels] == common
        for level in one.levels
        if level.measure == measure
    )


def _of_answer(plan: WavePlan, recount: Recount) -> Iterator[str]:
    if plan.opened != recount.opened():
        yield f"{', '.join(recount.opened())} are opened, not {', '.join(plan.opened)}"
    quotas = [(one.source_id, one.basis, one.given, one.least, one.most, one.cost_minor) for one in plan.quotas]
    if quotas != recount.quotas():
        yield f"the quotas come to {recount.quotas()}, not to {quotas}"
    for price in plan.prices:
        resource = price.resource
        if resource.kind is ResourceKind.STOCK:
            used = recount.taken[resource.source_id, resource.offer_id, resource.sku]
        else:
            used = recount.used_of(resource)
        if used != price.used:
            yield f"{used} of {resource} are used, not {price.used}"
    assert set(WaveTerm) == set(recount.costs()), "every term is recounted"
