"""Why this plan: the runner-up, the reasons for what stays unfilled, one readable sentence."""

from collections.abc import Callable
from dataclasses import replace

from solver.sourcing.plan import LineAnswer, Plan, RunnerUp, Term
from solver.sourcing.problem import Problem
from solver.sourcing.reasons import unfilled_reasons

Decide = Callable[[Problem], Plan]


def explained(problem: Problem, plan: Plan, *, decide: Decide) -> Plan:
    """The plan with its runner-up, reasons and sentence; `decide` answers the same problem with something changed."""
    runner_up = _runner_up(problem, plan, decide)
    lines = tuple(_with_reasons(problem, plan, line, decide) for line in plan.lines)
    explained_plan = replace(plan, runner_up=runner_up, lines=lines)
    return replace(explained_plan, why=_sentence(explained_plan))


def main_source_id(plan: Plan) -> str | None:
    """The source that ships the most units; the first by id of several; None where nothing is shipped."""
    units: dict[str, int] = {}
    for package in plan.packages:
        packed = sum(content.units for content in package.contents)
        units[package.source_id] = units.get(package.source_id, 0) + packed
    return min(units, key=lambda source_id: (-units[source_id], source_id), default=None)


def without_source(problem: Problem, source_id: str) -> Problem:
    """The same problem as if the source did not exist."""
    return replace(
        problem,
        offers=tuple(offer for offer in problem.offers if offer.source_id != source_id),
        lanes=tuple(lane for lane in problem.lanes if lane.source_id != source_id),
    )


def _runner_up(problem: Problem, plan: Plan, decide: Decide) -> RunnerUp | None:
    source_id = main_source_id(plan)
    if source_id is None:
        return None
    other = decide(without_source(problem, source_id))
    return RunnerUp(
        without_source_id=source_id,
        source_ids=other.source_ids,
        total_minor=other.total_minor,
        extra_minor=other.total_minor - plan.total_minor,
        unfilled_units=other.unfilled_units,
        proven=other.is_proven,
    )


def _with_reasons(problem: Problem, plan: Plan, line: LineAnswer, decide: Decide) -> LineAnswer:
    if not line.unfilled_units:
        return line
    return replace(line, reasons=unfilled_reasons(problem, plan, line, decide))


def _sentence(plan: Plan) -> str:
    if not plan.packages:
        return "Nothing can be shipped: see the reasons of each line."
    shipping_minor = plan.total_minor - plan.cost_minor[Term.UNFILLED]
    money = f"{plan.money(shipping_minor)} {plan.currency}"
    shipping = " and ".join(plan.source_ids)
    what = "all" if not plan.unfilled_units else f"all but {_counted(plan.unfilled_units, 'unit')}"
    packages = _counted(len(plan.packages), "package")
    proof = "no plan is cheaper" if plan.is_proven else f"at most {plan.money(plan.gap_minor)} too dear"
    ship = "ships" if len(plan.source_ids) == 1 else "ship"
    sentence = f"{shipping} {ship} {what} in {packages} for {money}; {proof}."
    return sentence if plan.runner_up is None else f"{sentence} {runner_up_words(plan.runner_up, plan.money)}"


def runner_up_words(runner_up: RunnerUp, money: Callable[[int], str]) -> str:
    """What the best plan without the main source would be, in one sentence; `money` writes an amount."""
    without = f"Without {runner_up.without_source_id}"
    if not runner_up.source_ids:
        return f"{without} nothing could be shipped."
    best = "the best is" if runner_up.proven else "the best found is"
    sources, unfilled = " and ".join(runner_up.source_ids), runner_up.unfilled_units
    lacking = f" with {_counted(unfilled, 'unit')} unfilled" if unfilled else ""
    return f"{without} {best} {sources}{lacking}, {_dearer_words(runner_up.extra_minor, money)}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _dearer_words(extra_minor: int, money: Callable[[int], str]) -> str:
    """A plan without a proof may have a runner-up that costs less."""
    if not extra_minor:
        return "at the same cost"
    return f"{money(abs(extra_minor))} {'dearer' if extra_minor > 0 else 'cheaper'}"
