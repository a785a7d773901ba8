"""Every term and every rule there is: whatever stands in a file of `terms` or `rules`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from solver.sourcing import rules as rules_room
from solver.sourcing import terms as terms_room
from solver.sourcing.rule import Rule
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Term


@cache
def all_terms() -> tuple[Term, ...]:
    """The cost terms, by name."""
    modules = [import_module(f"{terms_room.__name__}.{found.name}") for found in iter_modules(terms_room.__path__)]
    return tuple(sorted((module.TERM for module in modules if hasattr(module, "TERM")), key=lambda term: term.name))


@cache
def all_rules() -> tuple[Rule, ...]:
    """The rules, by name."""
    modules = [import_module(f"{rules_room.__name__}.{found.name}") for found in iter_modules(rules_room.__path__)]
    return tuple(sorted((module.RULE for module in modules if hasattr(module, "RULE")), key=lambda rule: rule.name))


@cache
def term_of_measure() -> Mapping[str, Term]:
    """The term that each measure belongs to."""
    return {term.measure: term for term in all_terms()}


@cache
def settings() -> Mapping[str, Setting]:
    """Every number that a policy may set, by name."""
    of_terms = [setting for term in all_terms() for setting in term.settings]
    of_rules = [setting for rule in all_rules() for setting in rule.settings]
    return {setting.name: setting for setting in (*of_terms, *of_rules)}


@cache
def words() -> Mapping[str, WordsSetting]:
    """Every list of words that a policy may set, by name."""
    of_terms = [setting for term in all_terms() for setting in term.words]
    of_rules = [setting for rule in all_rules() for setting in rule.words]
    return {setting.name: setting for setting in (*of_terms, *of_rules)}
