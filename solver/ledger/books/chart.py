"""The chart of accounts (科目表): what each account is called and which kind of account it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from solver.errors import Violations
from solver.page import Page

_FIELDS = ("number", "name_en", "name_zh", "type", "party", "monetary")


class AccountType(StrEnum):
    """On which side of the books an account stands."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of the chart. `party`: it is kept for each party. `number` is what other systems call it.

    `monetary`: money, or to be settled in money; in another currency it is told at the closing rate of each period.
    """

    code: str
    number: str
    name_en: str
    name_zh: str
    type: AccountType
    party: bool = False
    monetary: bool = False


@cache
def shipped_chart() -> Mapping[str, Account]:
    """The chart that comes with the product, by code."""
    return read_chart(files(__package__).joinpath("chart.yaml").read_text("utf-8"), "chart.yaml")


def read_chart(text: str, origin: str) -> Mapping[str, Account]:
    """The accounts that a chart declares, by code. Raises InvalidRequest naming every wrong line."""
    page, accounts = Page(origin, noun="chart of accounts"), {}
    if (root := page.compose(text)) is not None:
        top = page.fields(root, "", ("accounts",))
        if "accounts" in top:
            for code, node in page.fields(top["accounts"], "accounts").items():
                accounts[code] = read_account(page, f"accounts.{code}", code, node)
        else:
            page.wrong(root, "accounts", "nothing", "list the accounts by their codes")
    Violations(page.violations).refuse_any(origin)
    return accounts


def read_account(page: Page, path: str, code: str, node: yaml.Node) -> Account:
    """One account of a document; what is wrong with it is noted on the page."""
    fields = page.fields(node, path, _FIELDS)
    texts = {name: page.text(fields[name], f"{path}.{name}") for name in fields}
    for name in ("number", "name_en", "name_zh", "type"):
        if name not in fields:
            page.wrong(node, f"{path}.{name}", "nothing", "give it")
    kind = texts.get("type", "")
    if "type" in fields and kind not in list(AccountType):
        page.wrong(fields["type"], f"{path}.type", kind, f"give one of {', '.join(AccountType)}")
    for name in ("party", "monetary"):
        if texts.get(name, "false") not in ("true", "false"):
            page.wrong(fields[name], f"{path}.{name}", texts[name], "give true or false")
    return Account(
        code=code,
        number=texts.get("number", ""),
        name_en=texts.get("name_en", ""),
        name_zh=texts.get("name_zh", ""),
        type=AccountType(kind) if kind in list(AccountType) else AccountType.ASSET,
        party=texts.get("party") == "true",
        monetary=texts.get("monetary") == "true",
    )
