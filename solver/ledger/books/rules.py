"""Posting rules as data: which account each charge of an event debits and credits."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from solver.errors import Violations
from solver.ledger.books.chart import Account, shipped_chart
from solver.page import Page
from solver.validation import unknown

REVERSAL = "reversal"  # the kind of a voucher that takes another one back; no rule may have its name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRule:
    """The accounts of one charge."""

    debit: Account
    credit: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRule:
    """What an event posts, by charge. `repeats`: the same source may have the event more than once."""

    event: str
    charges: Mapping[str, ChargeRule]
    repeats: bool = False


@cache
def shipped_rules() -> Mapping[str, PostingRule]:
    """The rules that come with the product, by event."""
    text = files(__package__).joinpath("posting_rules.yaml").read_text("utf-8")
    return read_rules(text, "posting_rules.yaml", shipped_chart())


def read_rules(text: str, origin: str, chart: Mapping[str, Account]) -> Mapping[str, PostingRule]:
    """The rules of each event. Raises InvalidRequest naming every wrong line."""
    page, rules = Page(origin, noun="set of posting rules"), {}
    if (root := page.compose(text)) is not None:
        for event, node in page.fields(root, "").items():
            if event == REVERSAL:
                page.wrong(node, event, event, "every voucher can be reversed; choose another name")
            rules[event] = read_rule(page, event, event, node, chart)
    Violations(page.violations).refuse_any(origin)
    return rules


def read_rule(page: Page, path: str, event: str, node: yaml.Node, chart: Mapping[str, Account]) -> PostingRule:
    """One event's rule of a document; what is wrong with it is noted on the page."""
    fields = page.fields(node, path, ("repeats", "charges"))
    repeats = page.text(fields["repeats"], f"{path}.repeats") if "repeats" in fields else "false"
    if repeats not in ("true", "false"):
        page.wrong(fields["repeats"], f"{path}.repeats", repeats, "give true or false")
    if "charges" not in fields:
        page.wrong(node, f"{path}.charges", "nothing", "list its charges")
    charges = page.fields(fields["charges"], f"{path}.charges") if "charges" in fields else {}
    found = {name: _charge(page, f"{path}.charges.{name}", one, chart) for name, one in charges.items()}
    return PostingRule(
        event=event,
        charges={name: rule for name, rule in found.items() if rule is not None},
        repeats=repeats == "true",
    )


def _charge(page: Page, path: str, node: yaml.Node, chart: Mapping[str, Account]) -> ChargeRule | None:
    fields = page.fields(node, path, ("debit", "credit"))
    sides: dict[str, Account] = {}
    for side in ("debit", "credit"):
        if side not in fields:
            page.wrong(node, f"{path}.{side}", "nothing", "name an account")
            continue
        code = page.text(fields[side], f"{path}.{side}")
        if code in chart:
            sides[side] = chart[code]
        else:
            page.wrong(fields[side], f"{path}.{side}", code, unknown(code, chart, "account", "chart.yaml has them all"))
    if len(sides) < 2:
        return None
    if sides["debit"] == sides["credit"] and not sides["debit"].party:
        page.wrong(node, path, sides["debit"].code, "debit and credit two different accounts")
    return ChargeRule(debit=sides["debit"], credit=sides["credit"])
