"""What a sound policy is: every name known, every number sensible, nothing said twice."""

from collections.abc import Collection, Iterable

from solver.errors import Violations
from solver.sourcing.dimensions import all_rules, all_terms, settings, term_of_measure, words
from solver.sourcing.policy import COST, LATEST_ARRIVAL, Policy
from solver.sourcing.setting import MOST_SETTING
from solver.validation import check_between, check_id, check_unique, unknown

MOST_PRICE_MINOR = MOST_SETTING
MOST_TIME_MS = 60_000
MOST_TOLERANCE = 1_000_000_000_000
MOST_LEVELS = 10
MOST_STAGES = 20
MOST_WORDS = 1_000
MOST_VERSION = 1_000_000_000


def check_policy(policy: Policy, path: str, violations: Violations) -> None:
    """Record everything that is wrong with a policy: the field, what stood there, and what to do about it."""
    check_between(policy.time_limit_ms, 1, MOST_TIME_MS, f"{path}.time_limit_ms", violations)
    for setting in settings().values():
        if setting.is_core:
            value = setting.of(policy)
            check_between(value, setting.least, setting.most, f"{path}.{setting.name}", violations)
    _check_settings(policy, f"{path}.settings", violations)
    _check_words(policy, f"{path}.words", violations)
    _check_off(policy, f"{path}.off", violations)
    _check_soft(policy, f"{path}.soft", violations)
    _check_relax(policy, f"{path}.relax", violations)
    _check_levels(policy, f"{path}.levels", violations)
    _check_name(policy, path, violations)


def rule_names() -> tuple[str, ...]:
    """The rules, by name."""
    return tuple(rule.name for rule in all_rules())


def measures() -> tuple[str, ...]:
    """Everything that a strict priority may minimise; money last."""
    return (*term_of_measure(), LATEST_ARRIVAL, COST)


def _known(name: str, known: Collection[str], noun: str, path: str, violations: Violations) -> bool:
    return violations.require(name in known, path, name, unknown(name, known, noun))


def _check_settings(policy: Policy, path: str, violations: Violations) -> None:
    known = settings()
    for name, value in policy.settings.items():
        at = f"{path}[{name}]"
        if not _known(name, known, "setting", at, violations):
            continue
        if known[name].is_core:
            violations.add(at, value, f"is a field of the policy itself; give it as `{name}`")
        else:
            check_between(value, known[name].least, known[name].most, at, violations)


def _check_words(policy: Policy, path: str, violations: Violations) -> None:
    known = words()
    for name, listed in policy.words.items():
        at = f"{path}[{name}]"
        choices = known[name].choices if _known(name, known, "list of words", at, violations) else ()
        violations.require(len(listed) <= MOST_WORDS, at, f"{len(listed)} words", f"give at most {MOST_WORDS:,}")
        for position, word in enumerate(listed):
            _check_word(word, choices, f"{at}[{position}]", violations)
        check_unique(listed, at, violations)


def _check_word(word: str, choices: tuple[str, ...], path: str, violations: Violations) -> None:
    check_id(word, path, violations)
    if choices:
        remedy = unknown(word, choices, "word", f"choose among {', '.join(choices)}")
        violations.require(word in choices, path, word, remedy)


def _check_off(policy: Policy, path: str, violations: Violations) -> None:
    known = {*(term.name for term in all_terms()), *rule_names()}
    for position, name in enumerate(policy.off):
        _known(name, known, "term or rule", f"{path}[{position}]", violations)
    check_unique(policy.off, path, violations)


def _check_soft(policy: Policy, path: str, violations: Violations) -> None:
    may_be_soft = {rule.name: rule.may_be_soft for rule in all_rules()}
    for name, price in policy.soft.items():
        at = f"{path}[{name}]"
        if not _known(name, may_be_soft, "rule", at, violations):
            continue
        lenient = ", ".join(rule for rule, soft in may_be_soft.items() if soft)
        violations.require(may_be_soft[name], at, name, f"this rule is always strict; these may be soft: {lenient}")
        check_between(price, 0, MOST_PRICE_MINOR, at, violations)
    _refuse_off(policy.soft, policy, path, violations)


def _check_relax(policy: Policy, path: str, violations: Violations) -> None:
    for name, stage in policy.relax.items():
        at = f"{path}[{name}]"
        if _known(name, rule_names(), "rule", at, violations):
            check_between(stage, 1, MOST_STAGES, at, violations)
    _refuse_off(policy.relax, policy, path, violations)


def _refuse_off(named: Iterable[str], policy: Policy, path: str, violations: Violations) -> None:
    for name in named:
        violations.require(name not in policy.off, f"{path}[{name}]", name, "is switched off; say one or the other")


def _check_levels(policy: Policy, path: str, violations: Violations) -> None:
    named = [level.measure for level in policy.levels]
    violations.require(len(named) <= MOST_LEVELS, path, f"{len(named)} levels", f"give at most {MOST_LEVELS}")
    for position, level in enumerate(policy.levels):
        at = f"{path}[{position}]"
        _known(level.measure, measures(), "measure", f"{at}.measure", violations)
        check_between(level.tolerance, 0, MOST_TOLERANCE, f"{at}.tolerance", violations)
        if level.measure == COST:
            last = position == len(named) - 1
            violations.require(last, f"{at}.measure", COST, "money decides last; put it at the end or leave it out")
            nothing = "nothing comes after money that could use a tolerance; leave it out"
            violations.require(level.tolerance == 0, f"{at}.tolerance", level.tolerance, nothing)
    check_unique(named, path, violations)


def _check_name(policy: Policy, path: str, violations: Violations) -> None:
    if policy.policy_id:
        check_id(policy.policy_id, f"{path}.policy_id", violations)
    check_between(policy.version, 0, MOST_VERSION, f"{path}.version", violations)
