"""What rates are of, line by line, and amounts by rates rounded as the contract says."""

from collections.abc import Sequence
from fractions import Fraction

from solver.ledger.contracts.facts import SettledLine
from solver.ledger.contracts.model import Basis, Contract
from solver.ledger.contracts.rounding import rounded, shared_out


def base_of(line: SettledLine, basis: Basis, taken_minor: int = 0) -> int:
    """The list price, what was paid, or that without tax and what a platform took; never below 0."""
    if basis is Basis.LIST:
        return line.list_minor
    if basis is Basis.PAID:
        return line.paid_minor
    return max(0, line.paid_minor - line.tax_minor - taken_minor)


def in_minor(exact: Sequence[Fraction], contract: Contract) -> list[int]:
    """Each rounded by itself; or their sum rounded, and shared out in proportion."""
    if not contract.rounds_per_order:
        return [rounded(one, contract.rounding) for one in exact]
    return shared_out(rounded(sum(exact, Fraction(0)), contract.rounding), exact)
