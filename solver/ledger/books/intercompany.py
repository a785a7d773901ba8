"""One event in the books of two entities: what one of them is owed is what the other one owes."""

from collections import Counter
from collections.abc import Iterable

from solver.errors import Violations
from solver.ledger.books.model import Event
from solver.ledger.books.posting import Line

RECEIVABLE, PAYABLE = "intercompany_receivable", "intercompany_payable"


def check_mirrored(first: Event, first_lines: Iterable[Line], second: Event, second_lines: Iterable[Line]) -> None:
    """Raises InvalidRequest unless the two say the same of each other, in one currency and for one source."""
    violations = Violations()
    violations.require(first.entity != second.entity, "second.entity", second.entity, "name two different entities")
    for name in ("currency", "source"):
        ours, theirs = getattr(first, name), getattr(second, name)
        violations.require(ours == theirs, f"second.{name}", theirs, f"must be that of the first event, {ours}")
    ours, theirs = _between(first_lines), _between(second_lines)
    partners = {"first": (set(ours), second.entity), "second": (set(theirs), first.entity)}
    for name, (parties, other) in partners.items():
        violations.require(parties == {other}, f"{name}.amounts", sorted(parties), f"must concern {other} alone")
    balance = sum(ours.values()) + sum(theirs.values())
    violations.require(balance == 0, "second.amounts", balance, "what one is owed must be what the other one owes")
    violations.refuse_any(f"{first.kind} of {first.source} between {first.entity} and {second.entity}")


def _between(lines: Iterable[Line]) -> Counter[str]:
    """By partner, what it owes (or, below 0, is owed)."""
    found: Counter[str] = Counter()
    for line in lines:
        for account, sign in ((line.transfer.debit, 1), (line.transfer.credit, -1)):
            if account.kind in (RECEIVABLE, PAYABLE):
                found[account.holder] += sign * line.transfer.amount
    return found
