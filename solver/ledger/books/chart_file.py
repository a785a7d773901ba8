"""A file that changes and adds to the product's chart of accounts and posting rules, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import yaml

from solver.errors import Violations
from solver.ledger.books.carrying import EXCHANGE_DIFFERENCE, carried_codes
from solver.ledger.books.chart import Account, AccountType, read_account, shipped_chart
from solver.ledger.books.rules import REVERSAL, ChargeRule, PostingRule, read_rule, shipped_rules
from solver.page import Page

REVALUATION = "revaluation"
UNREALISED = "unrealised_exchange_difference"
MOST_CHARACTERS = 1_000_000
# What figures of the product are read from, beside all accounts that are kept per party.
_READ = frozenset({
    "inventory", "sales", "sales_returns", "delivery_income", "cost_of_goods", EXCHANGE_DIFFERENCE, UNREALISED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOfBooks:
    """The accounts by code, the posting rules by event, and the accounts whose open amounts are carried."""

    accounts: Mapping[str, Account]
    rules: Mapping[str, PostingRule]
    carried: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, accounts: Mapping[str, Account], rules: Mapping[str, PostingRule]) -> "ChartOfBooks":
        """With a charge for what each carried account realises, and each monetary one is worth otherwise."""
        made = dict(rules)
        carried = carried_codes(list(accounts.values()))
        monetary = [code for code, account in accounts.items() if account.monetary]
        for event, against, codes in (
            (EXCHANGE_DIFFERENCE, EXCHANGE_DIFFERENCE, sorted(carried)),
            (REVALUATION, UNREALISED, monetary),
        ):
            charges = {code: ChargeRule(debit=accounts[code], credit=accounts[against]) for code in codes}
            made[event] = PostingRule(event=event, charges=charges, repeats=True)
        return cls(accounts=accounts, rules=made, carried=carried)


@cache
def SHIPPED() -> ChartOfBooks:  # noqa: N802 - reads as the value that it always is
    """The product's own."""
    return ChartOfBooks.of(shipped_chart(), shipped_rules())


def read_chart_file(text: str, origin: str) -> ChartOfBooks:
    """The product's chart and rules as a file changes them. Raises InvalidRequest naming every wrong line."""
    page = Page(origin, noun="chart of accounts", most_characters=MOST_CHARACTERS)
    shipped = SHIPPED()
    accounts, rules = dict(shipped.accounts), dict(shipped.rules)
    if (root := page.compose(text)) is not None:
        top = page.fields(root, "", ("accounts", "rules"))
        if "accounts" in top:
            for code, node in page.fields(top["accounts"], "accounts").items():
                accounts[code] = _account(page, code, node, shipped.accounts.get(code))
        if "rules" in top:
            for event, node in page.fields(top["rules"], "rules").items():
                rules[event] = _rule(page, event, node, accounts, shipped.rules.get(event))
    Violations(page.violations).refuse_any(origin)
    return ChartOfBooks.of(accounts, _with_accounts(rules, accounts))


def _account(page: Page, code: str, node: yaml.Node, ours: Account | None) -> Account:
    path = f"accounts.{code}"
    if not code.isascii() or not code.replace("_", "").isalnum():
        page.wrong(node, path, code, "name an account by small letters, digits and _")
    account = read_account(page, path, code, node)
    if ours is not None and (account.type, account.party) != (ours.type, ours.party):
        kept = f"{ours.type}, party: {str(ours.party).lower()}"
        page.wrong(node, path, account.type, f"the product posts to it as {kept}; say so, or add an account")
    if account.monetary and account.type not in (AccountType.ASSET, AccountType.LIABILITY):
        page.wrong(node, f"{path}.monetary", "true", "only assets and liabilities are revalued")
    return account


def _rule(
    page: Page, event: str, node: yaml.Node, accounts: Mapping[str, Account], ours: PostingRule | None
) -> PostingRule:
    path = f"rules.{event}"
    if event in (REVERSAL, EXCHANGE_DIFFERENCE, REVALUATION):
        page.wrong(node, path, event, "the books make it by themselves; choose another name")
    rule = read_rule(page, path, event, node, accounts)
    if ours is None:
        return rule
    for name, charge in rule.charges.items():
        known = ours.charges.get(name)
        if known is not None:
            _refuse_read(page, node, f"{path}.charges.{name}", known, charge)
    if rule.repeats and not ours.repeats:
        page.wrong(node, f"{path}.repeats", "true", "the product posts it once for a source; add an event of your own")
    return replace(ours, charges={**ours.charges, **rule.charges})


def _refuse_read(page: Page, node: yaml.Node, path: str, ours: ChargeRule, now: ChargeRule) -> None:
    """A side that figures are read from stays; the other may be an account of the same kind."""
    for side in ("debit", "credit"):
        was: Account = getattr(ours, side)
        account: Account = getattr(now, side)
        if account.code == was.code:
            continue
        if was.party or was.code in _READ:
            page.wrong(node, f"{path}.{side}", account.code, f"figures are read from {was.code}; leave it")
        elif account.party or account.type != was.type:
            page.wrong(node, f"{path}.{side}", account.code, f"give one of type {was.type} without parties")


def _with_accounts(rules: Mapping[str, PostingRule], accounts: Mapping[str, Account]) -> dict[str, PostingRule]:
    """The rules with accounts as they are called now."""
    return {
        event: replace(
            rule,
            charges={
                name: ChargeRule(debit=accounts[charge.debit.code], credit=accounts[charge.credit.code])
                for name, charge in rule.charges.items()
            },
        )
        for event, rule in rules.items()
    }
