"""What it would take to ship from a source that the plan leaves out: the best plan in which it ships something."""

from solver.sourcing.arrival import is_asked
from solver.sourcing.assemble import assemble
from solver.sourcing.brief import Brief, brief
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem


def forced(problem: Problem, source_id: str, *, time_limit_seconds: float) -> Plan | None:
    """The best plan in which the source ships at least one unit, by the mixed-integer program.

    Its `is_proven` tells whether it is known to be the best. None where none was found in time or there is none, and
    where the policy counts the last arrival among its priorities, which the program cannot say.
    """
    if is_asked(problem.policy.levels):
        return None
    made = brief(problem)
    source = made.facts.source_ids.index(source_id)
    finding, stop = solve_by_mip(
        made.case, tolerances=_tolerances(made), time_limit_seconds=time_limit_seconds, must_ship=source
    )
    if not finding.shipments:
        return None
    try:
        return assemble(made, finding, engine=Engine.MIP, stop=stop)
    except ValueError:  # lines that ship together cannot be told apart in these packages
        return None


def _tolerances(made: Brief) -> tuple[int, ...]:
    given = {level.measure: level.tolerance for level in made.problem.policy.levels}
    return tuple(given.get(measure, 0) for measure in made.problem.policy.measures)
