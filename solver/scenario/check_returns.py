"""What is sound in a scenario's returns: each rule by itself, its names, and all rules of a material together."""

from collections.abc import Collection

from solver.errors import Violations
from solver.network.network import Network
from solver.scenario.model import Scenario
from solver.scenario.names import Names
from solver.scenario.returns_model import GradeWeights, ReturnRule
from solver.scenario.shape import meant, shape_of
from solver.stock.layers.channel_model import channel_of
from solver.validation import MOST_MINOR, check_between, check_reference

MOST_DAYS = 365
MOST_WEIGHT = 1_000_000_000
_WHOLE = 1_000


def check_returns(scenario: Scenario, known: Names, violations: Violations) -> None:
    """Record everything that is wrong, by its field of the head."""
    if not scenario.returns:
        return
    tags = sorted({tag for row in scenario.materials for tag in row.tags})
    channels = _channels(scenario) if any(rule.channels for rule in scenario.returns) else ()
    for position, rule in enumerate(scenario.returns):
        at = f"returns[{position}]"
        check_between(rule.permille, 1, _WHOLE, f"{at}.permille", violations)
        _check_goods(rule, known, tags, at, violations)
        _check_orders(rule, known, channels, at, violations)
        _check_days(rule, at, violations)
        _check_grades(rule.grades, f"{at}.grades", violations)
        _check_way(rule, scenario, known, at, violations)
        _check_exchanges(rule, known, at, violations)
    _check_whole(scenario, violations)


def _check_goods(rule: ReturnRule, known: Names, tags: Collection[str], at: str, violations: Violations) -> None:
    for number, sku in enumerate(rule.skus):
        _check_name(sku, known.skus, "material", f"{at}.skus[{number}]", violations)
    for number, tag in enumerate(rule.tags):
        _check_name(tag, tags, "tag of a material", f"{at}.tags[{number}]", violations)


def _check_orders(rule: ReturnRule, known: Names, channels: Collection[str], at: str, violations: Violations) -> None:
    for number, channel in enumerate(rule.channels):
        _check_name(channel, channels, "channel of an order", f"{at}.channels[{number}]", violations)
    for number, region_id in enumerate(rule.regions):
        _check_name(region_id, known.regions, "region", f"{at}.regions[{number}]", violations)


def _channels(scenario: Scenario) -> Collection[str]:
    """Those that orders name, or are drawn for."""
    drawn = scenario.generator.channels if scenario.generator is not None else ()
    named = {row.channel_id for row in scenario.channels} | {order.channel for order in scenario.orders} | {*drawn}
    return sorted((named | {channel_of(one) for one in named}) - {""})


def _check_days(rule: ReturnRule, at: str, violations: Violations) -> None:
    for days, weight in rule.days.items():
        check_between(days, 0, MOST_DAYS, f"{at}.days.{days}", violations)
        check_between(weight, 0, MOST_WEIGHT, f"{at}.days.{days}", violations)
    some = any(rule.days.values())
    violations.require(some, f"{at}.days", dict(rule.days), "give at least one weight above 0")


def _check_grades(grades: GradeWeights, at: str, violations: Violations) -> None:
    weights = {name: getattr(grades, name) for name in shape_of(GradeWeights)}
    for name, weight in weights.items():
        check_between(weight, 0, MOST_WEIGHT, f"{at}.{name}", violations)
    violations.require(any(weights.values()), at, weights, "give at least one weight above 0")


def _check_way(rule: ReturnRule, scenario: Scenario, known: Names, at: str, violations: Violations) -> None:
    """Where it goes, and what that costs."""
    if rule.source_id:
        check_reference(rule.source_id, known.sources, "source", f"{at}.source_id", violations)
        violations.require(
            not rule.kinds, f"{at}.kinds", list(rule.kinds), "source_id says where it goes; leave it out"
        )
    there = {source.kind for source in scenario.sources if source.is_active}
    for number, kind in enumerate(rule.kinds):
        remedy = f"no source is of this kind; give one of {', '.join(sorted(there))}"
        violations.require(kind in there, f"{at}.kinds[{number}]", str(kind), remedy)
    for name in ("parcel_minor", "unit_minor"):
        check_between(getattr(rule, name), 0, MOST_MINOR, f"{at}.{name}", violations)
    if rule.service_id:
        check_reference(rule.service_id, known.services, "service", f"{at}.service_id", violations)
        remedy = "say what a parcel costs for which service_id has no price"
        violations.require(rule.parcel_minor > 0, f"{at}.parcel_minor", rule.parcel_minor, remedy)


def _check_exchanges(rule: ReturnRule, known: Names, at: str, violations: Violations) -> None:
    check_between(rule.exchanged_permille, 0, _WHOLE, f"{at}.exchanged_permille", violations)
    for sku, other in rule.exchanged_for.items():
        _check_name(sku, known.skus, "material", f"{at}.exchanged_for.{sku}", violations)
        _check_name(other, known.skus, "material", f"{at}.exchanged_for.{sku}", violations)
    idle = rule.exchanged_for and not rule.exchanged_permille
    remedy = "nothing is exchanged; give exchanged_permille, or leave it out"
    violations.require(not idle, f"{at}.exchanged_for", dict(rule.exchanged_for), remedy)


def _check_whole(scenario: Scenario, violations: Violations) -> None:
    """No more than all units of a material come back of any order; the first material of which they would is named."""
    channels = dict.fromkeys(("", *(channel for rule in scenario.returns for channel in rule.channels)))
    branches = {(), *Network.of(regions=scenario.regions).branches.values()}
    of_orders = {
        tuple(number for number, rule in enumerate(scenario.returns) if rule.is_from(channel, branch))
        for channel in channels
        for branch in branches
    }
    for material in scenario.materials:
        for together in sorted(of_orders):
            mine = [one for number in together if (one := scenario.returns[number]).is_for(material)]
            permille = sum(one.permille for one in mine)
            if permille > _WHOLE and len(mine) > 1:
                remedy = (
                    f"the rules for {material.sku} come to more than 1000 together; a unit comes back by one of them"
                )
                violations.add("returns", permille, remedy)
                return


def _check_name(name: str, there: Collection[str], what: str, at: str, violations: Violations) -> None:
    remedy = f"there is no such {what}; {meant(name, there)}".removesuffix("; ")
    violations.require(name in there, at, name, remedy)
