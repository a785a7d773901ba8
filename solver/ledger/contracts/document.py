"""A contract's text, YAML or JSON, as a Contract. docs/sharing.md tells how one is written."""

from datetime import date
from typing import Any

import yaml

from solver.errors import Violations
from solver.ledger.contracts import clauses
from solver.ledger.contracts.model import Contract, Role
from solver.ledger.contracts.rounding import Rounding
from solver.ledger.contracts.sheet import Sheet
from solver.money import is_currency
from solver.page import Fields, Page, line_of, shown
from solver.validation import check_id, unknown

NEEDED = ("contract", "version", "role", "party", "currency", "from")
OPTIONAL = ("until", "title", "title_zh", "applies_to", "rounding", "rounded")
CLAUSES = {
    "commission": ("commission", clauses.read_commission, (Role.PLATFORM,)),
    "share": ("share", clauses.read_share, (Role.DEALER, Role.STORE)),
    "logistics": ("logistics", clauses.read_logistics, (Role.CARRIER,)),
    "rebate": ("rebate", clauses.read_rebate, (Role.DEALER, Role.STORE)),
    "guarantee": ("guarantee", clauses.read_guarantee, (Role.DEALER, Role.STORE)),
    "settlement": ("settling", clauses.read_settling, (Role.PLATFORM, Role.DEALER, Role.STORE, Role.CARRIER)),
}
_ROLES = (Role.PLATFORM, Role.DEALER, Role.STORE, Role.CARRIER)
_SCOPE = ("channels", "sources", "carriers")
_ROUNDED = ("per_line", "per_order")
_MOST_VERSION = 1_000_000


def parse(text: str, origin: str) -> Contract:
    """The contract. Raises InvalidRequest with everything that is wrong, each with its line: `origin:line: field`."""
    violations = Violations()
    contract = read_document(text, origin, violations)
    violations.refuse_any(f"contract {origin}")
    assert contract is not None, "read_document records why it returns nothing"
    return contract


def read_document(text: str, origin: str, violations: Violations) -> Contract | None:
    """The contract; None, with every cause recorded, where there is none."""
    page = Page(origin, noun="contract")
    contract = _read(page, text)
    violations.found.extend(page.violations)
    return None if page.found else contract


def _read(page: Page, text: str) -> Contract | None:
    root = page.compose(text)
    if root is None:
        return None
    fields = page.fields(root, "", (*NEEDED, *OPTIONAL, *CLAUSES))
    if not fields:
        return None
    currency = _currency(page, fields["currency"]) if "currency" in fields else ""
    sheet = Sheet(page, currency)
    sheet.demand(root, "", fields, *NEEDED)
    role = _role(page, fields["role"]) if "role" in fields else None
    from_day, until_day = _days(page, fields)
    heading = _heading(sheet, fields)
    said = _clauses(sheet, fields, role)
    if role not in (None, Role.PLATFORM) and "settling" in said and said["settling"].collects:
        page.wrong(fields["settlement"], "settlement.collects", "yes", "only a platform has the buyers' money")
    if page.found or role is None or from_day is None:
        return None
    return Contract(role=role, currency=currency, from_day=from_day, until_day=until_day, text=text, **heading, **said)


def _heading(sheet: Sheet, fields: Fields) -> dict[str, Any]:
    page = sheet.page
    scope = page.fields(fields["applies_to"], "applies_to", _SCOPE) if "applies_to" in fields else {}
    rounded = shown(fields["rounded"]) if "rounded" in fields else _ROUNDED[0]
    if rounded not in _ROUNDED:
        page.wrong(fields["rounded"], "rounded", rounded, f"write {' or '.join(_ROUNDED)}")
    return {
        "contract_id": _name(page, fields, "contract"),
        "version": _version(page, fields["version"]) if "version" in fields else 0,
        "party": _name(page, fields, "party"),
        "title": page.text(fields["title"], "title") if "title" in fields else "",
        "title_zh": page.text(fields["title_zh"], "title_zh") if "title_zh" in fields else "",
        "rounding": sheet.choice(fields["rounding"], "rounding", Rounding)
        if "rounding" in fields
        else Rounding.HALF_UP,
        "rounds_per_order": rounded == "per_order",
        **{name: page.words(one, f"applies_to.{name}") for name, one in scope.items()},
    }


def _clauses(sheet: Sheet, fields: Fields, role: Role | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, (field, read, roles) in CLAUSES.items():
        if name in fields:
            said[field] = read(sheet, fields[name])
            if role is not None and role not in roles:
                whose = " or a ".join(roles)
                sheet.page.wrong(fields[name], name, f"a {role}'s", f"belongs into the contract of a {whose}")
    return said


def _name(page: Page, fields: Fields, name: str) -> str:
    if name not in fields:
        return ""
    said = page.text(fields[name], name)
    if said:
        page.judge(fields[name], name, lambda found: check_id(said, "", found))
    return said


def _version(page: Page, node: yaml.Node) -> int:
    written = shown(node)
    if written.isascii() and written.isdecimal() and len(written) < 9 and 1 <= int(written) <= _MOST_VERSION:
        return int(written)
    page.wrong(node, "version", written, f"write a whole number from 1 to {_MOST_VERSION:,}")
    return 0


def _role(page: Page, node: yaml.Node) -> Role | None:
    known = [role.value for role in _ROLES]
    if shown(node) in known:
        return Role(shown(node))
    page.wrong(node, "role", shown(node), unknown(shown(node), known, "role", f"give one of {', '.join(known)}"))
    return None


def _currency(page: Page, node: yaml.Node) -> str:
    if is_currency(shown(node)):
        return shown(node)
    page.wrong(node, "currency", shown(node), "give an ISO 4217 code such as CNY")
    return ""


def _days(page: Page, fields: Fields) -> tuple[date | None, date | None]:
    from_day = page.day(fields["from"], "from") if "from" in fields else None
    until_day = page.day(fields["until"], "until") if "until" in fields else None
    if from_day is not None and until_day is not None and until_day < from_day:
        page.wrong_on(line_of(fields["until"]), "until", until_day.isoformat(), f"ends before it begins on {from_day}")
    return from_day, until_day
