"""Why this plan, in brief and cheaply: runner-up, rules that bind, reasons for what stays unfilled, one sentence.

The whole explanation is `explanation.fully`.
"""

from collections.abc import Callable
from dataclasses import replace

from solver.sourcing.explanation import chinese, english
from solver.sourcing.explanation.alternatives import runner_up_of
from solver.sourcing.explanation.asking import Decide, in_time
from solver.sourcing.explanation.binding import binding_rules
from solver.sourcing.explanation.reasons import unfilled_reasons
from solver.sourcing.explanation.remembering import Remembering
from solver.sourcing.plan import LineAnswer, Plan
from solver.sourcing.problem import Problem


def explained(problem: Problem, plan: Plan, *, decide: Decide, seconds_left: Callable[[], float]) -> Plan:
    """The plan with its explanation in brief; `decide` answers the same problem with something changed.

    The runner-up is always asked for; after that nothing more once `seconds_left()` is used up, and what is not known
    by then is said to be so.
    """
    runner_up = runner_up_of(problem, plan, decide)
    decide = Remembering(in_time(decide, seconds_left))
    rules = binding_rules(problem, plan, decide)
    plan = replace(
        plan,
        runner_up=runner_up,
        lines=tuple(_with_reasons(problem, plan, line, decide) for line in plan.lines),
        binding_rules=rules.binding,
        may_bind_rules=rules.may_bind,
    )
    return replace(plan, why=english.why(plan), why_zh=chinese.why(plan))


def _with_reasons(problem: Problem, plan: Plan, line: LineAnswer, decide: Decide) -> LineAnswer:
    if not line.unfilled_units:
        return line
    return replace(line, reasons=unfilled_reasons(problem, plan, line, decide))
