"""Money shared out to parts, and within a part to the parts of that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.catalog.sharing.model import Basis, Share, Stake
from solver.catalog.sharing.shares import shared_out
from solver.errors import Violations
from solver.validation import MOST_MINOR, MOST_UNITS, check_between


def shared_among(
    total_minor: int, stakes: Sequence[Stake], basis: Basis, *, currency: str, path: str = "parts"
) -> tuple[Share, ...]:
    """Every part at the bottom with its share, in the sequence given; the shares sum to the total exactly.

    `path` is where the stakes stand in the caller's words. Raises InvalidRequest, with the path to every part, where
    the total is negative, a worth is not known or in another currency, or nothing has any weight.
    """
    violations = Violations()
    check_between(total_minor, 0, MOST_MINOR, "total_minor", violations)
    weights = _weights(stakes, basis, currency, path, violations)
    violations.require(bool(stakes), path, "no parts", "give at least one part to share the money out to")
    if not violations.found and total_minor and not any(weights):
        violations.add(path, [stake.part_id for stake in stakes], _WEIGHTLESS[basis])
    violations.refuse_any("the sharing out")
    shares = tuple(_Sharing(currency=currency, violations=violations).shares(total_minor, stakes, weights, path))
    violations.refuse_any("the sharing out")
    return shares


_UNKNOWN = {
    Basis.STAND_ALONE_PRICE: "its price alone is not known; give one, or share out by cost or weight",
    Basis.COST: "its cost is not known; give one, or share out by price or weight",
    Basis.WEIGHT: "it has no weight; give one, or share out by price or cost",
}
_WEIGHTLESS = {
    Basis.STAND_ALONE_PRICE: "all prices are 0; price one of them, or share out by cost or weight",
    Basis.COST: "all costs are 0; give one of them a cost, or share out by price or weight",
    Basis.WEIGHT: "the weights sum to 0; give one of them a weight above 0",
}


_TOP = Share(path=(), units=1, share_minor=0)


def _weights(
    stakes: Sequence[Stake], basis: Basis, currency: str, path: str, violations: Violations
) -> tuple[int, ...]:
    return tuple(
        _weight(stake, basis, currency, f"{path}[{position}]", violations) for position, stake in enumerate(stakes)
    )


def _weight(stake: Stake, basis: Basis, currency: str, path: str, violations: Violations) -> int:
    """What all its units count for; 0 after recording why that is not known."""
    sound = check_between(stake.units, 1, MOST_UNITS, f"{path}.units", violations)
    worth = stake.worth.by(basis)
    if worth is None and stake.within:
        worth = sum(_weights(stake.within, basis, currency, f"{path}.within", violations))
    elif worth is None:
        violations.add(path, stake.part_id, _UNKNOWN[basis])
        sound = False
    elif basis is not Basis.WEIGHT and stake.worth.currency not in ("", currency):
        violations.add(f"{path}.currency", stake.worth.currency, f"the money is in {currency}; give its worth in that")
        sound = False
    elif not check_between(worth, 0, MOST_MINOR, path, violations):
        sound = False
    return stake.units * worth if sound and worth is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sharing:
    """What is the same for every part, however deep."""

    currency: str
    violations: Violations

    def shares(
        self,
        total_minor: int,
        stakes: Sequence[Stake],
        weights: Sequence[int],
        path: str,
        above: Share = _TOP,
    ) -> Iterator[Share]:
        for position, (stake, minor) in enumerate(zip(stakes, shared_out(total_minor, weights), strict=True)):
            share = Share(path=(*above.path, stake.part_id), units=above.units * stake.units, share_minor=minor)
            if not stake.within:
                yield share
                continue
            at = f"{path}[{position}].within"
            inner = _weights(stake.within, stake.basis, self.currency, at, self.violations)
            if minor and not any(inner) and not self.violations.found:
                self.violations.add(at, stake.part_id, _WEIGHTLESS[stake.basis])
            if not self.violations.found:
                yield from self.shares(minor, stake.within, inner, at, share)
