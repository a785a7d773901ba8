"""Which rules a person may override: those of preference, not those of what is physically possible."""

from collections.abc import Mapping

from solver.errors import StateConflict, Violations
from solver.fulfilment.overriding.model import OverrideCommand
from solver.sourcing.dimensions import all_rules
from solver.sourcing.finished import Finished
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from solver.validation import check_unique, unknown

PHYSICAL = frozenset(
    {
        "carriers_accept_the_materials",
        "inactive_sources_give_nothing",
        "incompatible_materials_travel_apart",
        "items_are_short_enough",
        "packages_stay_within_the_limit",
        "sources_are_equipped_for_the_materials",
    }
)
"""What no person can decide otherwise; nor that stock is there, that a lane leads there, and that it carries."""


def check_rules(command: OverrideCommand, violations: Violations) -> None:
    """Rules that are named must exist, and be of a kind that may be overridden."""
    names = {rule.name for rule in all_rules()}
    check_unique(command.override_rules, "override_rules", violations)
    for position, name in enumerate(command.override_rules):
        path = f"override_rules[{position}]"
        if violations.require(name in names, path, name, unknown(name, names, "rule")):
            violations.require(name not in PHYSICAL, path, name, "it says what is possible, which nobody can override")


def broken(problem: Problem, plan: Plan) -> dict[str, str]:
    """What a plan breaks of the rules that its problem's policy holds to, in words by the rule's name."""
    excused = {*problem.policy.off, *problem.policy.soft}
    finished = Finished.of(problem, plan)
    texts = {rule.name: "; ".join(rule.broken(finished)) for rule in all_rules() if rule.name not in excused}
    return {name: text for name, text in texts.items() if text}


def refuse_broken(order_id: str, found: Mapping[str, str], overridden: tuple[str, ...]) -> None:
    """Raise StateConflict (RULES_BROKEN) for rules that are broken and not overridden, with what each says."""
    left = {name: text for name, text in found.items() if name not in overridden}
    if not left:
        return
    may = sorted(left.keys() - PHYSICAL)
    never = sorted(left.keys() & PHYSICAL)
    parts = [f"name {', '.join(may)} in override_rules if that is meant"] if may else []
    parts += [f"{', '.join(never)} cannot be overridden"] if never else []
    listed = "; ".join(f"{name}: {text}" for name, text in sorted(left.items()))
    raise StateConflict(
        f"what is to ship for order {order_id} breaks rules of its policy ({listed}); {'; '.join(parts)}",
        reason="RULES_BROKEN",
        metadata=left,
    )
