"""The part of a document that says which policy it is and which orders it is for."""

from dataclasses import dataclass

import yaml

from solver.money import is_currency
from solver.network.check_time import check_time_zone
from solver.page import Fields, Page, shown
from solver.policies.model import Scope
from solver.sourcing.validate import MOST_VERSION
from solver.validation import check_id

EVERYTHING = "all"
_LISTS = ("channels", "brands", "customer_tiers", "scenes")
_SCOPE = (*_LISTS, "from", "until", "time_zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Everything of a document but its clauses."""

    policy_id: str
    version: int
    title: str
    title_zh: str
    currency: str
    scope: Scope | None


def read_heading(page: Page, root: yaml.Node, fields: Fields) -> Heading:
    """Read it, recording what is wrong."""
    return Heading(
        policy_id=_policy_id(page, root, fields),
        version=_version(page, root, fields),
        title=page.text(fields["title"], "title") if "title" in fields else "",
        title_zh=page.text(fields["title_zh"], "title_zh") if "title_zh" in fields else "",
        currency=_currency(page, fields["currency"]) if "currency" in fields else "",
        scope=_scope(page, fields["applies_to"]) if "applies_to" in fields else None,
    )


def _policy_id(page: Page, root: yaml.Node, fields: Fields) -> str:
    if "policy" not in fields:
        page.wrong(root, "policy", "missing", "name it, as in `policy: nearest-first`")
        return ""
    policy_id = page.text(fields["policy"], "policy")
    if policy_id:
        page.judge(fields["policy"], "policy", lambda found: check_id(policy_id, "", found))
    return policy_id


def _version(page: Page, root: yaml.Node, fields: Fields) -> int:
    if "version" not in fields:
        page.wrong(root, "version", "missing", "number it, as in `version: 1`")
        return 0
    written = shown(fields["version"])
    if not (written.isascii() and written.isdecimal() and 1 <= int(written) <= MOST_VERSION):
        page.wrong(fields["version"], "version", written, f"write a whole number from 1 to {MOST_VERSION:,}")
        return 0
    return int(written)


def _currency(page: Page, node: yaml.Node) -> str:
    currency = shown(node)
    if is_currency(currency):
        return currency
    page.wrong(node, "currency", currency, "give an ISO 4217 code such as CNY")
    return ""


def _scope(page: Page, node: yaml.Node) -> Scope | None:
    if shown(node) == EVERYTHING:
        return Scope()
    if not isinstance(node, yaml.MappingNode) or not node.value:
        remedy = (
            f"write `{EVERYTHING}`, or lists such as {{channels: [shop]}}; or leave it out: then it is used by name"
        )
        page.wrong(node, "applies_to", shown(node), remedy)
        return None
    fields = page.fields(node, "applies_to", _SCOPE)
    lists = {name: page.words(fields[name], f"applies_to.{name}") for name in _LISTS if name in fields}
    from_day = page.day(fields["from"], "applies_to.from") if "from" in fields else None
    until_day = page.day(fields["until"], "applies_to.until") if "until" in fields else None
    if from_day is not None and until_day is not None and until_day < from_day:
        page.wrong(fields["until"], "applies_to.until", until_day.isoformat(), f"ends before it begins on {from_day}")
    return Scope(**lists, from_day=from_day, until_day=until_day, time_zone=_time_zone(page, fields))


def _time_zone(page: Page, fields: Fields) -> str:
    if "time_zone" not in fields:
        return "UTC"
    name = page.text(fields["time_zone"], "applies_to.time_zone")
    if name:
        page.judge(fields["time_zone"], "applies_to.time_zone", lambda found: check_time_zone(name, "", found))
    return name
