"""How a run ends: what is paid, asked for, netted and carried forward."""

from dataclasses import dataclass

from solver.ledger.contracts.model import Settling


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """payout - collect + carried + netted is the balance."""

    payout_minor: int = 0
    collect_minor: int = 0
    netted_minor: int = 0
    carried_minor: int = 0


def ending(terms: Settling, *, owed_minor: int, due_minor: int, receivable_minor: int) -> Ending:
    """What becomes of `owed_minor` (to the party) and `due_minor` (from it), both 0 or more.

    With netting they are set against each other, and what we owe then against `receivable_minor`, what it owes us in
    the books otherwise. What is below the minimum is carried forward, and so is what a partner owes; a platform that
    collects is asked for it.
    """
    if not terms.netting:
        paid, kept = _unless_small(owed_minor, terms)
        return Ending(payout_minor=paid, collect_minor=due_minor, carried_minor=kept)
    balance = owed_minor - due_minor
    if balance < 0:
        asked, kept = _unless_small(-balance, terms) if terms.collects else (0, -balance)
        return Ending(collect_minor=asked, carried_minor=-kept)
    netted = min(balance, max(0, receivable_minor))
    paid, kept = _unless_small(balance - netted, terms)
    return Ending(payout_minor=paid, netted_minor=netted, carried_minor=kept)


def _unless_small(minor: int, terms: Settling) -> tuple[int, int]:
    return (minor, 0) if minor >= terms.minimum_payout_minor else (0, minor)
