"""The plan of several orders as one, shared out: each order has its part of every package and of every cost."""

from collections.abc import Sequence
from dataclasses import replace

from solver.sourcing.plan import LineAnswer, Package, PackedUnits, Plan, Term
from solver.sourcing.problem import Problem
from solver.waves.merging.groups import SEPARATOR


def shared_out(plan: Plan, problems: Sequence[Problem]) -> tuple[Plan, ...]:
    """A plan for each of the orders. Costs are shared by weight, those of unfilled units by how many each has left.

    They sum to the plan's own to the unit: the largest remainders are rounded up.
    """
    packages: list[list[Package]] = [[] for _ in problems]
    for package in plan.packages:
        for mine, part in zip(packages, _parts(package, problems), strict=True):
            if part is not None:
                mine.append(part)
    answers = [_answers(plan, problem) for problem in problems]
    beside = _beside(plan, packages, answers)
    return tuple(
        _plan(plan, problem, tuple(mine), lines, rest, problems)
        for problem, mine, lines, rest in zip(problems, packages, answers, beside, strict=True)
    )


def _plan(
    whole: Plan,
    problem: Problem,
    packages: tuple[Package, ...],
    lines: tuple[LineAnswer, ...],
    beside: dict[str, int],
    problems: Sequence[Problem],
) -> Plan:
    cost = {
        term: beside.get(term, 0) + sum(package.cost_minor.get(term, 0) for package in packages)
        for term in whole.cost_minor
    }
    others = ", ".join(one.order_id for one in problems if one is not problem)
    ways = dict.fromkeys((package.source_id, package.service_id) for package in packages)
    total = sum(cost.values())
    mine, all_of_it = whole.money(total), f"{whole.money(whole.total_minor)} {whole.currency}"
    return replace(
        whole,
        order_id=problem.order_id,
        packages=packages,
        lines=lines,
        cost_minor=cost,
        total_minor=total,
        bound_minor=0,
        levels=(),
        why=f"Shipped as one with {others}: {mine} of {all_of_it}.",
        why_zh=f"与 {others} 合单：费用 {all_of_it}，其中本单 {mine}。",
        notes=(*whole.notes, *(f"the package from {one} by {way} is shared with {others}" for one, way in ways)),
        notes_zh=(*whole.notes_zh, *(f"由 {one} 经 {way} 发出的包裹与 {others} 共用" for one, way in ways)),
    )


def _parts(package: Package, problems: Sequence[Problem]) -> list[Package | None]:
    """Each order's part of a package; None where it has nothing in it."""
    contents = [_contents(package, problem) for problem in problems]
    grams = [_sum(problem, mine, "weight_grams") for problem, mine in zip(problems, contents, strict=True)]
    billable = apportioned(package.billable_grams, grams)
    cost = {term: apportioned(minor, grams) for term, minor in package.cost_minor.items()}
    return [
        replace(
            package,
            contents=mine,
            weight_grams=grams[number],
            volume_mm3=_sum(problem, mine, "volume_mm3"),
            billable_grams=billable[number],
            cost_minor={term: parts[number] for term, parts in cost.items()},
        )
        if mine
        else None
        for number, (problem, mine) in enumerate(zip(problems, contents, strict=True))
    ]


def _contents(package: Package, problem: Problem) -> tuple[PackedUnits, ...]:
    mine = {f"{problem.order_id}{SEPARATOR}{line.line_id}": line.line_id for line in problem.lines}
    return tuple(replace(one, line_id=mine[one.line_id]) for one in package.contents if one.line_id in mine)


def _sum(problem: Problem, contents: Sequence[PackedUnits], name: str) -> int:
    return sum(one.units * int(getattr(problem.items[one.sku], name)) for one in contents)


def _answers(plan: Plan, problem: Problem) -> tuple[LineAnswer, ...]:
    of_line = {answer.line_id: answer for answer in plan.lines}
    return tuple(
        replace(of_line[f"{problem.order_id}{SEPARATOR}{line.line_id}"], line_id=line.line_id) for line in problem.lines
    )


def _beside(
    plan: Plan, packages: Sequence[Sequence[Package]], answers: Sequence[Sequence[LineAnswer]]
) -> list[dict[str, int]]:
    """Each order's part of what the plan costs beside its packages."""
    grams = [sum(package.weight_grams for package in mine) for mine in packages]
    unfilled = [sum(answer.unfilled_units for answer in mine) for mine in answers]
    parts: list[dict[str, int]] = [{} for _ in packages]
    for term, minor in plan.cost_minor.items():
        rest = minor - sum(package.cost_minor.get(term, 0) for package in plan.packages)
        shares = apportioned(rest, unfilled if term == Term.UNFILLED or not any(grams) else grams)
        for part, share in zip(parts, shares, strict=True):
            part[term] = share
    return parts


def apportioned(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in proportion to the weights, by largest remainder, the first first; all to the first without any."""
    whole = sum(weights)
    if not whole:
        return [amount, *(0 for _ in weights[1:])]
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda number: (-(amount * weights[number] % whole), number))
    for number in by_remainder[: amount - sum(parts)]:
        parts[number] += 1
    return parts
