"""The independent judge of a wave: recounts what its plans take together, and every cent, from the wave's data alone.

Whether each plan is sound for its order alone `sourcing.check` tells; here is what no single order can tell. Nothing is
imported that lays a wave out, decides it or adds up its answer. A violation means a bug of ours.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from solver.errors import BrokenInvariant
from solver.sourcing.check import violations_of as violations_of_plan
from solver.sourcing.plan import Plan
from solver.sourcing.policy import COST
from solver.waves.merging.groups import SEPARATOR, merged_wave
from solver.waves.plan import Merge, ResourceKind, WavePlan, WaveTerm
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
    of_order = {problem.order_id: problem for problem in wave.orders}
    plans = {one.order_id: one for one in plan.plans}
    chosen = {merge.merge_key: tuple(of_order[one] for one in merge.order_ids) for merge in plan.merges}
    shared = [violation for merge in plan.merges for violation in _of_merge(merge, plans)]
    whole = merged_wave(wave, chosen)
    plans |= {merge.merge_key: merge.plan for merge in plan.merges}
    alone = [
        f"order {problem.order_id}: {violation}"
        for problem in whole.orders
        for violation in violations_of_plan(problem, plans[problem.order_id])
    ]
    if alone or shared:
        return [*alone, *shared]
    recount = Recount(whole, [plans[problem.order_id] for problem in whole.orders])
    return [*recount.of_stock(), *recount.of_limits(), *_of_costs(plan, recount), *_of_answer(plan, recount)]


def _of_merge(merge: Merge, plans: Mapping[str, Plan]) -> Iterator[str]:
    """What the orders' own plans do not share out of the plan of all of them."""
    parts = [plans[order_id] for order_id in merge.order_ids]
    contents = Counter(
        (package.lane_id, f"{part.order_id}{SEPARATOR}{packed.line_id}", packed.sku, packed.units)
        for part in parts
        for package in part.packages
        for packed in package.contents
    )
    whole = Counter(
        (package.lane_id, packed.line_id, packed.sku, packed.units)
        for package in merge.plan.packages
        for packed in package.contents
    )
    if contents != whole:
        yield f"the plans of {', '.join(merge.order_ids)} do not hold what their common packages hold"
    for term, amount in merge.plan.cost_minor.items():
        shares = sum(part.cost_minor.get(term, 0) for part in parts)
        if shares != amount:
            yield f"the plans of {', '.join(merge.order_ids)} share {shares} of {term}, not {amount}"
    for part in parts:
        if part.total_minor != sum(part.cost_minor.values()):
            yield f"order {part.order_id}: the terms sum to {sum(part.cost_minor.values())}, not to {part.total_minor}"
    if merge.saving_minor != merge.alone_minor - merge.plan.total_minor:
        yield f"merging {merge.merge_key} saves {merge.alone_minor - merge.plan.total_minor}, not {merge.saving_minor}"


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
