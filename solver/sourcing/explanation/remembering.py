"""Questions that an earlier answer answers too: the best plan without several rules, where it breaks none of some."""

from dataclasses import replace

from solver.sourcing.dimensions import all_rules
from solver.sourcing.explanation.asking import Decide
from solver.sourcing.finished import Finished
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem


class Remembering:
    """A Decide that asks another one, and not again where an earlier plan does.

    That plan was found with all that is allowed now and more, and keeps to what is allowed now. It is as good and as
    proven as an answer to the question itself would be; of plans that cost the same, it may be another.
    """

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._answers: list[tuple[Problem, Plan]] = []

    def __call__(self, problem: Problem) -> Plan:
        """The best plan of a problem."""
        for earlier, plan in self._answers:
            if _answers(earlier, plan, problem):
                return plan
        plan = self._decide(problem)
        self._answers.append((problem, plan))
        return plan


def _answers(earlier: Problem, plan: Plan, problem: Problem) -> bool:
    kept = _kept_again(earlier, problem)
    if kept is None:
        return False
    finished = Finished.of(problem, plan)
    return not any(any(rule.broken(finished)) for rule in all_rules() if rule.name in kept)


def _kept_again(earlier: Problem, problem: Problem) -> set[str] | None:
    """The rules that hold for `problem` and did not for the earlier one; None where more than that differs."""
    if earlier.offers is not problem.offers or earlier.lanes is not problem.lanes:
        return None
    then, now = earlier.policy, problem.policy
    kept = {*then.off} - {*now.off}
    same = {*now.off} <= {*then.off} and _without_off(then) == _without_off(now)
    # A rule that is soft costs; tolerances and stages make answers depend on more than what is allowed.
    plain = not (now.relax or kept & {*now.soft} or any(level.tolerance for level in now.levels))
    return kept if same and plain and kept <= {rule.name for rule in all_rules()} else None


def _without_off(policy: Policy) -> Policy:
    return replace(policy, off=())
