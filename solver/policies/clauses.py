"""The part of a document that says what is preferred: priorities, prices and rules, clause by clause."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from solver.page import Page, shown
from solver.policies.amounts import NotAnAmount, amount
from solver.sourcing import dimensions
from solver.sourcing.policy import Level, Policy
from solver.sourcing.rule import Rule
from solver.sourcing.term import Term
from solver.sourcing.validate import measures, rule_names
from solver.validation import unknown

_OFF = ("off", "false")
_YES_OR_NO = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}


class Clauses:
    """Collects what a policy says. Names are told apart here; numbers are judged by `check_policy`."""

    def __init__(self, page: Page, currency: str) -> None:
        self._page = page
        self._currency = currency
        self._numbers: dict[str, int] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._off: list[str] = []
        self._soft: dict[str, int] = {}
        self._relax: dict[str, int] = {}
        self._levels: list[Level] = []
        # Where each field of the Policy was written: its path there -> the node and its path in the document.
        self._written: dict[str, tuple[yaml.Node, str]] = {}

    def read_priorities(self, node: yaml.Node) -> None:
        """`priorities: [unfilled_units, {measure: distance_meters, tolerance: 50 km}]`, the first first."""
        if not isinstance(node, yaml.SequenceNode):
            self._page.wrong(node, "priorities", shown(node), "write a list: [unfilled_units, packages]")
            return
        self._written["policy.levels"] = node, "priorities"
        for position, one in enumerate(node.value):
            self._read_priority(one, f"priorities[{position}]")

    def read_prices(self, node: yaml.Node) -> None:
        """`prices:` with the settings of terms, and terms that are `off`."""
        terms = [term.name for term in dimensions.all_terms()]
        for name, value in self._page.fields(node, "prices").items():
            at = f"prices.{name}"
            if name in terms:
                self._read_off(name, value, at, "write `off`, or leave it out; what it costs is a clause of its own")
            else:
                self._read_setting(name, value, at, "prices", terms)

    def read_rules(self, node: yaml.Node) -> None:
        """`rules:` with the settings of rules, and rules that are `off`, soft or relaxed."""
        for name, value in self._page.fields(node, "rules").items():
            at = f"rules.{name}"
            if name not in rule_names():
                self._read_setting(name, value, at, "rules", rule_names())
            elif isinstance(value, yaml.MappingNode):
                self._read_manner(name, value, at)
            else:
                self._read_off(name, value, at, "a rule is `off`, or {soft: PRICE}, or {relax: STAGE}")

    def read_time_limit(self, node: yaml.Node) -> None:
        """`time_limit_ms: 500`, or `500 ms`, or `2 s`."""
        self._number("time_limit_ms", node, "time_limit_ms")

    def policy(self) -> Policy:
        """What the clauses say together; what they leave out stands at its default."""
        core: dict[str, Any] = {name: value for name, value in self._numbers.items() if _is_core(name)}
        return Policy(
            **core,
            settings={name: value for name, value in self._numbers.items() if name not in core},
            words=self._words,
            off=tuple(self._off),
            soft=self._soft,
            relax=self._relax,
            levels=tuple(self._levels),
        )

    def place_of(self, path: str) -> tuple[yaml.Node, str] | None:
        """Where the document has what stands at a path of the Policy; None: nowhere."""
        while path and path not in self._written:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._written.get(path)

    def _read_priority(self, node: yaml.Node, at: str) -> None:
        tolerance, measure_node = 0, node
        if isinstance(node, yaml.MappingNode):
            fields = self._page.fields(node, at, ("measure", "tolerance"))
            if "measure" not in fields:
                self._page.wrong(node, at, "no measure", "say which: {measure: distance_meters, tolerance: 50 km}")
                return
            measure_node = fields["measure"]
            if "tolerance" in fields:
                tolerance = self._amount(fields["tolerance"], shown(measure_node), f"{at}.tolerance") or 0
                self._written[f"policy.levels[{len(self._levels)}].tolerance"] = fields["tolerance"], f"{at}.tolerance"
        measure = self._page.text(measure_node, at)
        if measure and measure not in measures():
            self._page.wrong(measure_node, at, measure, unknown(measure, measures(), "measure"))
        elif measure:
            self._written[f"policy.levels[{len(self._levels)}]"] = measure_node, at
            self._levels.append(Level(measure=measure, tolerance=tolerance))

    def _read_off(self, name: str, node: yaml.Node, at: str, remedy: str) -> None:
        if shown(node) not in _OFF:
            self._page.wrong(node, at, shown(node), remedy)
            return
        self._written[f"policy.off[{len(self._off)}]"] = node, at
        self._off.append(name)

    def _read_manner(self, rule: str, node: yaml.Node, at: str) -> None:
        fields = self._page.fields(node, at, ("soft", "relax"))
        for manner, unit, kept in (("soft", "minor_per_package", self._soft), ("relax", "stage", self._relax)):
            if manner in fields:
                self._written[f"policy.{manner}[{rule}]"] = fields[manner], f"{at}.{manner}"
                number = self._amount(fields[manner], unit, f"{at}.{manner}")
                if number is not None:
                    kept[rule] = number

    def _read_setting(self, name: str, node: yaml.Node, at: str, section: str, others: Sequence[str]) -> None:
        homes = _homes().get(name)
        if homes is None:
            mine = [setting for setting, sections in _homes().items() if section in sections]
            noun = "price" if section == "prices" else "rule"
            self._page.wrong(node, at, name, unknown(name, [*mine, *others], noun))
        elif section not in homes:
            self._page.wrong(node, at, name, f"belongs under `{homes[0]}:`")
        elif name in dimensions.words():
            before = len(self._page.found)
            self._words[name] = self._page.words(node, at)
            if len(self._page.found) > before:  # told already
                del self._words[name]
            self._written[f"policy.words[{name}]"] = node, at
        else:
            self._number(name, node, at)

    def _number(self, name: str, node: yaml.Node, at: str) -> None:
        setting = dimensions.settings().get(name)
        if setting is not None and setting.most == 1:
            number = self._yes_or_no(node, at)
        else:
            number = self._amount(node, name, at)
        if number is not None:
            self._written[f"policy.{name}" if _is_core(name) else f"policy.settings[{name}]"] = node, at
            self._numbers[name] = number

    def _yes_or_no(self, node: yaml.Node, at: str) -> int | None:
        number = _YES_OR_NO.get(shown(node))
        if number is None:
            self._page.wrong(node, at, shown(node), "write yes or no")
        return number

    def _amount(self, node: yaml.Node, name: str, at: str) -> int | None:
        try:
            return amount(shown(node), name, self._currency)
        except NotAnAmount as error:
            self._page.wrong(node, at, shown(node), str(error))
            return None


def _is_core(name: str) -> bool:
    return name in Policy.__dataclass_fields__


@cache
def _homes() -> Mapping[str, tuple[str, ...]]:
    """Under which headings each setting may stand."""
    owners: list[tuple[str, Term | Rule]] = [("prices", term) for term in dimensions.all_terms()]
    owners += [("rules", rule) for rule in dimensions.all_rules()]
    homes: dict[str, tuple[str, ...]] = {}
    for section, owner in owners:
        for name in (*(setting.name for setting in owner.settings), *(words.name for words in owner.words)):
            homes[name] = tuple(dict.fromkeys((*homes.get(name, ()), section)))
    return homes
