"""An explanation's sentences in English; `chinese` has the same functions."""

from collections.abc import Callable, Sequence

from solver.network.lanes import Closure
from solver.sourcing.explanation.model import Blame, Candidate, Change, ChangeKind, Limit, LimitKind, Verdict
from solver.sourcing.plan import Engine, Plan, RunnerUp, Term

NOT_FOR_EVERY_ORDER = str(Closure.NOT_FOR_EVERY_ORDER)
Money = Callable[[int], str]  # an amount in minor units as people write it
NOT_REPRODUCED = (
    "Decided again today, the plan would be another: the service has changed since, or the search was cut short."
)


def why(plan: Plan) -> str:
    """The plan in one sentence, its runner-up and the rules that bind in one more each."""
    if not plan.packages:
        return "Nothing can be shipped: see the reasons of each line."
    shipping_minor = plan.total_minor - plan.cost_minor[Term.UNFILLED]
    price = f"{plan.money(shipping_minor)} {plan.currency}"
    unfilled_units, source_ids = plan.unfilled_units, plan.source_ids
    what = "all" if not unfilled_units else f"all but {_counted(unfilled_units, 'unit')}"
    packages = _counted(len(plan.packages), "package")
    ship = "ships" if len(source_ids) == 1 else "ship"
    parts = [f"{_listed(source_ids)} {ship} {what} in {packages} for {price}; {_how_good(plan)}."]
    if plan.runner_up is not None:
        parts.append(runner_up(plan.runner_up, plan.money))
    if plan.binding_rules:
        parts.append(f"Without {rules(plan.binding_rules, 'or')} the plan would be better.")
    return " ".join(parts)


def _how_good(plan: Plan) -> str:
    if plan.is_proven:
        return "no plan is better by the policy's priorities" if plan.levels else "no plan is cheaper"
    if plan.engine is Engine.MANUAL:
        return "a person decided"
    gap = plan.money(plan.gap_minor)
    if plan.engine is Engine.BATCH:
        return f"decided with other orders, by itself it would be {gap} cheaper at most"
    return f"at most {gap} too dear"


def runner_up(other: RunnerUp, money: Money) -> str:
    """What the best plan without the main source would be."""
    without = f"Without {other.without_source_id}"
    if not other.source_ids:
        return f"{without} nothing could be shipped."
    best = "the best is" if other.proven else "the best found is"
    lacking = f" with {_counted(other.unfilled_units, 'unit')} unfilled" if other.unfilled_units else ""
    return f"{without} {best} {_listed(other.source_ids)}{lacking}, {_dearer(other.extra_minor, money)}."


def candidate(one: Candidate, money: Money) -> str:
    """What became of a source."""
    match one.verdict:
        case Verdict.CHOSEN:
            return f"{one.source_id} ships {_counted(one.units, 'unit')}."
        case Verdict.DOMINATED if one.extra_minor is None:
            return f"{one.source_id} could ship, but the plan is at least as good without it."
        case Verdict.DOMINATED:
            best = "The best plan" if one.proven else "The best plan found"
            but = ", but worse by an earlier priority" if (one.extra_minor or 0) < 0 else ""
            return f"{best} with {one.source_id} is {_dearer(one.extra_minor or 0, money)}{but}."
        case Verdict.EXCLUDED:
            return f"{one.source_id} is excluded by {rules(one.rules, 'and')}."
        case Verdict.NO_STOCK:
            return f"{one.source_id} has nothing available of what is ordered."
        case Verdict.NO_LANE if NOT_FOR_EVERY_ORDER in one.closures:
            return f"{one.source_id} stocks nothing of some of the orders that would be shipped as one."
        case Verdict.NO_LANE:
            causes = f" ({', '.join(closure.replace('_', ' ') for closure in one.closures)})" if one.closures else ""
            return f"No service leads from {one.source_id} to this address{causes}."
        case Verdict.NOT_CARRIED:
            return f"No service from {one.source_id} has a price for such a package."


def change(one: Change) -> str:
    """What would make a source ship."""
    would = f"{one.source_id} would ship"
    match one.kind:
        case ChangeKind.CHEAPER_FREIGHT:
            return f"{would} with its freight {one.percent} % lower."
        case ChangeKind.MORE_STOCK if one.sku:
            return f"{would} with {_counted(one.units, 'more unit')} of {one.sku}."
        case ChangeKind.MORE_STOCK:
            return f"{would} if it had all that is ordered: {_counted(one.units, 'more unit')}."
        case ChangeKind.WITHOUT_RULE:
            return f"{would} without {rules([one.rule], 'and')}."


def limit(one: Limit, money: Money) -> str:
    """What one more unit of what a constraint limits would bring."""
    gain = f"save {money(one.saved_minor)}" if one.saved_minor > 0 else "serve an earlier priority"
    if one.filled_units > 0:
        gain = f"fill {_counted(one.filled_units, 'more unit')}"
    match one.kind:
        case LimitKind.PACKAGES:
            return f"One more package would {gain}."
        case LimitKind.SOURCES:
            return f"One more source would {gain}."
        case LimitKind.STOCK:
            return f"One more {one.sku} at {one.source_id} would {gain}."
        case LimitKind.RULE:
            return f"Doing without {rules([one.rule], 'and')} would {gain}."


def blame(one: Blame) -> str:
    """Which rules keep units from being shipped."""
    named, together = _capital(rules(one.rules, "and")), len(one.rules) > 1
    keep = f"{named} together keep units" if together else f"{named} keeps units"
    if one.freeing_rules:
        return (
            f"{keep} from being shipped, but not alone: as many as can be would ship only without "
            f"{rules(one.freeing_rules, 'and')}."
        )
    return f"{keep} from being shipped{'; without any one of them more would ship' if together else ''}."


def rules(names: Sequence[str], word: str) -> str:
    """Rules by name, such as the rules 'a' and 'b', or the rule 'a' or 'b'."""
    quoted = _listed([f"'{name.replace('_', ' ')}'" for name in names], word)
    return f"the rule {quoted}" if len(names) == 1 or word == "or" else f"the rules {quoted}"


def measures(names: Sequence[str]) -> str:
    """What priorities minimise."""
    return ", ".join(name.replace("_", " ") for name in names)


def _listed(names: Sequence[str], word: str = "and") -> str:
    """Such as a, b and c."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _dearer(extra_minor: int, money: Money) -> str:
    """A plan without a proof, or one with priorities before money, may have another that costs less."""
    if not extra_minor:
        return "at the same cost"
    return f"{money(abs(extra_minor))} {'dearer' if extra_minor > 0 else 'cheaper'}"
