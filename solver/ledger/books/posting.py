"""From an event to lines that balance by construction: each debits one account and credits another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter

from solver.errors import Violations
from solver.journal.model import MAX_AMOUNT, AccountKey, Book, Transfer
from solver.ledger.books.chart import Account
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rules import ChargeRule, PostingRule
from solver.money import is_currency
from solver.validation import EARLIEST, LATEST, check_id, is_id, unknown

MOST_LINES = 100_000
_PARTED = "@"
_DIMENSIONS = (
    "party",
    "counterparty",
    "order_id",
    "line_id",
    "sku",
    "channel",
    "cost_centre",
    "profit_centre",
    "about",
)
_dimensions_of = attrgetter(*_DIMENSIONS)
_FIRST_DAY, _AFTER_LAST_DAY = EARLIEST.date(), LATEST.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a voucher that is about to be posted, and the amount that it comes from."""

    transfer: Transfer
    amount: Amount


def unit_of(entity: str, currency: str) -> str:
    """The journal's unit of an entity's money: the journal itself refuses a transfer between two of them."""
    return f"{currency}{_PARTED}{entity}" if entity else currency


def parts_of(unit: str) -> tuple[str, str]:
    """Entity and currency of a unit of the money book."""
    currency, _, entity = unit.partition(_PARTED)
    return entity, currency


def check_event(event: Event, rules: Mapping[str, PostingRule]) -> None:
    """Refuse what no rule knows or what no voucher can say. Raises InvalidRequest with every violation."""
    violations = Violations()
    rule = rules.get(event.kind)
    if rule is None:
        violations.add("kind", event.kind, unknown(event.kind, rules, "event", "`ledger rules` lists them all"))
    if not is_currency(event.currency):
        violations.add("currency", event.currency, "give an ISO 4217 code such as CNY, in capitals")
    if not _FIRST_DAY <= event.on < _AFTER_LAST_DAY:
        violations.add("on", event.on.isoformat(), f"give a day from {EARLIEST.year} to {LATEST.year - 1}")
    check_id(event.source, "source", violations)
    if len(event.amounts) > MOST_LINES:
        violations.add("amounts", len(event.amounts), f"send at most {MOST_LINES:,}")
    for position, amount in enumerate(event.amounts):
        _check_amount(amount, rule, position, violations)
    if violations.found:
        violations.refuse_any(f"{event.kind} of {event.source}")


def lines_of(event: Event, rule: PostingRule, entity: str) -> tuple[Line, ...]:
    """The lines of an event that passed `check_event`, in the order of its amounts; zero amounts leave none."""
    unit = unit_of(entity, event.currency)
    return tuple(_line(amount, rule.charges[amount.charge], unit) for amount in event.amounts if amount.amount_minor)


def account_name(account: AccountKey) -> str:
    """`code`, or `code/party` where the account is a party's."""
    return f"{account.kind}/{account.holder}" if account.holder else account.kind


def day_number(day: date) -> int:
    """A day as the tables keep it: 20260331."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    """The day that `day_number` made a number of."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def _check_amount(amount: Amount, rule: PostingRule | None, position: int, violations: Violations) -> None:
    charge = None if rule is None else rule.charges.get(amount.charge)
    is_placed = charge is not None and (amount.party or not (charge.debit.party or charge.credit.party))
    said = [value for value in _dimensions_of(amount) if value]
    if is_placed and -MAX_AMOUNT <= amount.amount_minor <= MAX_AMOUNT and all(map(is_id, said)):
        return
    path = f"amounts[{position}]"
    if not -MAX_AMOUNT <= amount.amount_minor <= MAX_AMOUNT:
        remedy = f"give at most {MAX_AMOUNT:,} either way"
        violations.add(f"{path}.amount_minor", amount.amount_minor, remedy)
    for name in _DIMENSIONS:
        if value := getattr(amount, name):
            check_id(value, f"{path}.{name}", violations)
    if rule is None:
        return
    if charge is None:
        remedy = unknown(
            amount.charge, rule.charges, f"charge of {rule.event}", f"give one of {', '.join(rule.charges)}"
        )
        violations.add(f"{path}.charge", amount.charge, remedy)
    elif not amount.party and (charge.debit.party or charge.credit.party):
        code = charge.debit.code if charge.debit.party else charge.credit.code
        violations.add(f"{path}.party", "", f"{code} is kept per party; say whose it is")


def _line(amount: Amount, charge: ChargeRule, unit: str) -> Line:
    debit = _account(charge.debit, amount.party, unit)
    other = amount.counterparty if charge.debit.party else ""
    credit = _account(charge.credit, other or amount.party, unit)
    if amount.amount_minor < 0:
        debit, credit = credit, debit
    transfer = Transfer(debit=debit, credit=credit, amount=abs(amount.amount_minor))
    return Line(transfer=transfer, amount=amount)


def _account(account: Account, party: str, unit: str) -> AccountKey:
    return _key(account.code, party if account.party else "", unit)


@lru_cache(maxsize=100_000)
def _key(code: str, holder: str, unit: str) -> AccountKey:
    # The same few accounts are posted to again and again, and are found quicker as the same object.
    return AccountKey(book=Book.MONEY, kind=code, holder=holder, unit=unit)
