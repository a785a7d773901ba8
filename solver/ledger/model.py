"""The nouns of the ledger. An account is named `code` or `code/party`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """What a confirmed plan owes in one currency: freight to each carrier, handling to each source."""

    plan_id: str
    currency: str
    freight_minor: Mapping[str, int]
    handling_minor: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One amount (> 0) that is debited to one account and credited to another."""

    debit: str
    credit: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """One business event in the money book; debits equal credits leg by leg.

    `subject` is what it is about, `at` the journal's time and `on` the business date. `reverses` names the voucher that
    this one takes back, `follows` the one that it was posted because of; both are empty elsewhere.
    """

    voucher_id: str
    kind: str
    subject: str
    at: datetime
    currency: str
    legs: tuple[Leg, ...]
    on: date
    entity: str = ""
    reason: str = ""
    reverses: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalanceRow:
    """Everything ever debited and credited to one account; `balance_minor` is debit less credit."""

    account: str
    currency: str
    debit_minor: int
    credit_minor: int
    balance_minor: int
    entity: str = ""
