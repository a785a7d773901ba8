"""What a partner is due for a period as a whole: rebates by volume and growth (返利), and what it is guaranteed."""

from dataclasses import dataclass
from fractions import Fraction

from solver.ledger.contracts.banded import rate_at, taken_by_bands
from solver.ledger.contracts.model import Contract, Rebate
from solver.ledger.contracts.rounding import rounded, shown_rate
from solver.ledger.contracts.sharing import Step, step


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What a partner shipped in a period: what buyers paid for it, how many units, and its own share of it.

    `before_minor` is what buyers paid for it in the period before.
    """

    amount_minor: int
    units: int = 0
    share_minor: int = 0
    before_minor: int = 0


def rebate_steps(contract: Contract, volume: Volume) -> list[Step]:
    """The rebate by volume, and for growth. Marginal bands of units share the amount out by units."""
    clause = contract.rebate
    if clause is None or volume.amount_minor <= 0:
        return []
    steps = []
    minor, rate = _by_volume(clause, volume, contract)
    if minor:
        steps.append(
            step(contract, "rebate", minor, base="amount", base_minor=volume.amount_minor, rate=rate),
        )
    grown = volume.amount_minor - volume.before_minor
    if clause.growth and volume.before_minor > 0 and grown > 0:
        extra = rate_at(clause.growth, Fraction(grown, volume.before_minor))
        if extra:
            minor = rounded(volume.amount_minor * extra, contract.rounding)
            steps.append(
                step(contract, "rebate_growth", minor, base="growth", base_minor=grown, rate=shown_rate(extra))
            )
    return steps


def guarantee_steps(contract: Contract, volume: Volume) -> list[Step]:
    """What is missing to what the partner has of every period at least."""
    clause = contract.guarantee
    if clause is None or volume.share_minor >= clause.minimum_minor:
        return []
    more = clause.minimum_minor - volume.share_minor
    return [step(contract, "guarantee", more, base="share", base_minor=clause.minimum_minor)]


def _by_volume(clause: Rebate, volume: Volume, contract: Contract) -> tuple[int, str]:
    counted = volume.units if clause.by_units else volume.amount_minor
    if not clause.marginal:
        rate = rate_at(clause.bands, counted)
        return rounded(volume.amount_minor * rate, contract.rounding), shown_rate(rate)
    exact, rates = taken_by_bands(clause.bands, 0, counted)
    if clause.by_units:
        exact = exact * volume.amount_minor / volume.units if volume.units else Fraction(0)
    return rounded(exact, contract.rounding), rates
