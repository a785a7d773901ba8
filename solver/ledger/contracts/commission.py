"""What a platform takes of an order: by category, by tiers, at least, at most, and a fee for its service."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from solver.ledger.contracts.banded import rate_at, taken_by_bands
from solver.ledger.contracts.bases import base_of, in_minor
from solver.ledger.contracts.facts import SettledOrder
from solver.ledger.contracts.model import Commission, Contract, Reach, Tiers
from solver.ledger.contracts.rounding import rounded, shared_out, shown_rate
from solver.ledger.contracts.sharing import Step, step

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Part:
    """A line's part: exactly, before it is rounded; None: its part of what tiers take of all lines together."""

    base: int
    rate: str
    exact: Fraction | None


def commission_steps(
    contract: Contract, clause: Commission, whole: SettledOrder, left: SettledOrder, turnover_minor: int
) -> tuple[list[Step], list[int]]:
    """The steps of an order of which so much is left, and what they take of each line, all of it shared out.

    `turnover_minor` is the base of this contract's earlier orders of the period, for tiers over the period.
    """
    of_commission = whole if "commission" in clause.kept_on_refund else left
    bases = commission_bases(clause, of_commission)
    parts, of_all = _parts(clause, of_commission, bases, turnover_minor)
    amounts = _amounts(parts, of_all, contract)
    steps = [
        step(
            contract,
            "commission",
            minor,
            line_id=line.line_id,
            base=clause.of.value,
            base_minor=part.base,
            rate=part.rate,
        )
        for line, part, minor in zip(of_commission.lines, parts, amounts, strict=True)
        if part.base
    ]
    steps += _limits(contract, clause, sum(amounts), sum(bases))
    of_fee = whole if "service_fee" in clause.kept_on_refund else left
    if clause.service_fee_minor and of_fee.paid_minor:
        steps.append(step(contract, "service_fee", clause.service_fee_minor))
    rest = shared_out(sum(one.amount_minor for one in steps) - sum(amounts), bases)
    return steps, [minor + part for minor, part in zip(amounts, rest, strict=True)]


def commission_bases(clause: Commission, order: SettledOrder) -> list[int]:
    """What the rates are of, by line; freight that the buyer paid is shared out by what was paid for the lines."""
    bases = [base_of(line, clause.of) for line in order.lines]
    if not clause.with_freight:
        return bases
    freight = shared_out(order.freight_paid_minor, [line.paid_minor for line in order.lines])
    return [base + part for base, part in zip(bases, freight, strict=True)]


def _parts(
    clause: Commission, order: SettledOrder, bases: list[int], turnover_minor: int
) -> tuple[list[_Part], Fraction]:
    """Line by line, and what is taken of all lines together.

    Lines of a category with a rate of its own are no part of what tiers count.
    """
    own = [clause.categories.get(line.category) for line in order.lines]
    tiers = clause.tiers
    if tiers is None:
        rates = [clause.rate if rate is None else rate for rate in own]
        return [_at(base, rate) for base, rate in zip(bases, rates, strict=True)], _NOTHING
    tiered = sum(base for base, rate in zip(bases, own, strict=True) if rate is None)
    if tiers.marginal and tiers.reach is not Reach.LINE:
        before = turnover_minor if tiers.reach is Reach.PERIOD else 0
        of_all, met = taken_by_bands(tiers.bands, before, tiered)
        together = [
            _Part(base, met, None) if rate is None else _at(base, rate) for base, rate in zip(bases, own, strict=True)
        ]
        return together, of_all
    parts = [
        _tiered(tiers, base, tiered, turnover_minor) if rate is None else _at(base, rate)
        for base, rate in zip(bases, own, strict=True)
    ]
    return parts, _NOTHING


def _at(base: int, rate: Fraction) -> _Part:
    return _Part(base, shown_rate(rate), base * rate)


def _tiered(tiers: Tiers, base: int, tiered: int, turnover_minor: int) -> _Part:
    if tiers.marginal:
        exact, met = taken_by_bands(tiers.bands, 0, base)
        return _Part(base, met, exact)
    reached = {Reach.LINE: base, Reach.ORDER: tiered, Reach.PERIOD: turnover_minor + tiered}
    return _at(base, rate_at(tiers.bands, reached[tiers.reach]))


def _amounts(parts: Sequence[_Part], of_all: Fraction, contract: Contract) -> list[int]:
    """Rounded as the contract says; what is of all lines together is rounded once and shared out by their bases."""
    own = in_minor([_NOTHING if part.exact is None else part.exact for part in parts], contract)
    if not of_all:
        return own
    bases = [part.base if part.exact is None else 0 for part in parts]
    together = shared_out(rounded(of_all, contract.rounding), bases)
    return [minor + more for minor, more in zip(own, together, strict=True)]


def _limits(contract: Contract, clause: Commission, taken: int, base: int) -> list[Step]:
    if base and taken < clause.minimum_minor:
        more = clause.minimum_minor - taken
        return [step(contract, "commission_minimum", more, base="minimum", base_minor=clause.minimum_minor)]
    if clause.cap_minor is not None and taken > clause.cap_minor:
        return [step(contract, "commission_cap", clause.cap_minor - taken, base="cap", base_minor=clause.cap_minor)]
    return []
