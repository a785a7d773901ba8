"""Posting rules as data: which event debits and credits which kind of account, and in whose name."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.errors import BrokenInvariant
from solver.journal.model import MAX_AMOUNT, AccountKey, Book, Transfer

PLAN_CONFIRMED = "plan_confirmed"
PLAN_CHANGED = "plan_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRule:
    """On `event`, each party's `charge` is debited to our own account and credited to the party's; `back`: reversed."""

    event: str
    charge: str
    debit_kind: str
    credit_kind: str
    back: bool = False


POSTING_RULES = (
    PostingRule(event=PLAN_CONFIRMED, charge="freight", debit_kind="freight_expense", credit_kind="payable_carrier"),
    PostingRule(event=PLAN_CONFIRMED, charge="handling", debit_kind="handling_expense", credit_kind="payable_source"),
    PostingRule(
        event=PLAN_CHANGED, charge="freight", debit_kind="freight_expense", credit_kind="payable_carrier", back=True
    ),
    PostingRule(
        event=PLAN_CHANGED, charge="handling", debit_kind="handling_expense", credit_kind="payable_source", back=True
    ),
)


def transfers_for(event: str, currency: str, charges: Mapping[str, Mapping[str, int]]) -> list[Transfer]:
    """The transfers that the rules make of charge -> party -> minor units; zero amounts make none.

    Raises BrokenInvariant on a negative amount, a nameless party or a charge without a rule.
    """
    rules = {rule.charge: rule for rule in POSTING_RULES if rule.event == event}
    if unruled := sorted(charges.keys() - rules.keys()):
        raise BrokenInvariant(f"no posting rule for {unruled[0]} on {event}")
    return [
        _transfer(rule, currency, party, amount_minor)
        for charge, rule in rules.items()
        for party, amount_minor in sorted(charges.get(charge, {}).items())
        if amount_minor != 0
    ]


def account_name(account: AccountKey) -> str:
    """`kind`, or `kind/party` where the account is a party's."""
    return f"{account.kind}/{account.holder}" if account.holder else account.kind


def _transfer(rule: PostingRule, currency: str, party: str, amount_minor: int) -> Transfer:
    if not party or not 0 < amount_minor <= MAX_AMOUNT:
        raise BrokenInvariant(f"{rule.charge} of {amount_minor} {currency} to `{party}` cannot be posted")
    ours = AccountKey(book=Book.MONEY, kind=rule.debit_kind, holder="", unit=currency)
    theirs = AccountKey(book=Book.MONEY, kind=rule.credit_kind, holder=party, unit=currency)
    debit, credit = (theirs, ours) if rule.back else (ours, theirs)
    return Transfer(debit=debit, credit=credit, amount=amount_minor)
