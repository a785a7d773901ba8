"""Amounts before tax and tax, out of amounts with or without it."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.ledger.invoicing.rounding import rounded, shared
from solver.ledger.invoicing.tax import BASIS_POINTS, RoundingAt, TaxPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """An amount (>= 0), with tax where `tax_included`, and its rate."""

    amount_minor: int
    tax_included: bool
    rate_basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """What an amount comes to."""

    net_minor: int
    tax_minor: int


def taxed(bases: Sequence[Basis], place: TaxPlace) -> list[Taxed]:
    """The lines of one invoice, rounded as the place says.

    Where it rounds by invoice, the tax of all lines of a rate is rounded once and shared out to them in proportion. The
    amount that was given stays what it is: with tax included, net and tax sum to it.
    """
    if place.rounding_at is RoundingAt.LINE:
        return [_taxed(basis, _tax([basis], place)) for basis in bases]
    groups: dict[tuple[int, bool], list[int]] = {}
    for position, basis in enumerate(bases):
        groups.setdefault((basis.rate_basis_points, basis.tax_included), []).append(position)
    done: dict[int, Taxed] = {}
    for positions in groups.values():
        group = [bases[position] for position in positions]
        taxes = shared(_tax(group, place), [basis.amount_minor for basis in group])
        done |= {position: _taxed(bases[position], tax) for position, tax in zip(positions, taxes, strict=True)}
    return [done[position] for position in range(len(bases))]


def _tax(group: Sequence[Basis], place: TaxPlace) -> int:
    """The tax of lines of one rate together, rounded once."""
    first = group[0]
    amount, points = sum(basis.amount_minor for basis in group), first.rate_basis_points
    whole = BASIS_POINTS + points if first.tax_included else BASIS_POINTS
    return rounded(amount * points, whole, place.rounding_mode)


def _taxed(basis: Basis, tax_minor: int) -> Taxed:
    net = basis.amount_minor - tax_minor if basis.tax_included else basis.amount_minor
    return Taxed(net_minor=net, tax_minor=tax_minor)
