"""What was sold together and comes back part by part: what is given back, and what the rest is worth then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from solver.catalog.sharing.shares import share_of_first, shared_out
from solver.errors import Violations
from solver.validation import check_between

Kept = Mapping[str, int]  # part id -> units that the customer keeps
PriceOf = Callable[[Kept], int]
"""What the combination's own rule asks for what is kept; asked only where something is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPart:
    """Units of a part with what was paid for all of them, their share."""

    part_id: str
    units: int
    share_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What was sold together. `kept` are the units of each part that did not come back."""

    bought: tuple[PaidPart, ...]
    kept: Mapping[str, int]
    refunded_minor: int = 0

    @classmethod
    def of(cls, bought: Sequence[PaidPart]) -> "Sale":
        """Of which nothing has come back. Raises InvalidRequest for a part that stands twice or has no units."""
        violations = Violations()
        seen: set[str] = set()
        for position, part in enumerate(bought):
            at = f"bought[{position}]"
            violations.require(part.part_id not in seen, f"{at}.part_id", part.part_id, "stands twice; name it once")
            violations.require(part.units > 0, f"{at}.units", part.units, "give at least 1")
            violations.require(part.share_minor >= 0, f"{at}.share_minor", part.share_minor, "give 0 or more")
            seen.add(part.part_id)
        violations.require(bool(bought), "bought", "no parts", "give at least one part")
        violations.refuse_any("the sale")
        return cls(bought=tuple(bought), kept={part.part_id: part.units for part in bought})

    @property
    def paid_minor(self) -> int:
        """What was paid for all of it."""
        return sum(part.share_minor for part in self.bought)

    def share_of_kept(self) -> int:
        """The shares of what is kept, as they were when it was sold."""
        return sum(share_of_first(part.share_minor, part.units, self.kept[part.part_id]) for part in self.bought)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """What is given back: the share of what came back, less `repriced_minor`, by which what is kept costs more now.

    `sale` is what stands afterwards, `worth` what has been paid for each part of it that is kept.
    """

    share_minor: int
    repriced_minor: int
    sale: Sale
    worth: tuple[PaidPart, ...]

    @property
    def refund_minor(self) -> int:
        """What is given back; never less than nothing."""
        return self.share_minor - self.repriced_minor


def refund(sale: Sale, returned: Mapping[str, int], price_of: PriceOf | None = None) -> Refund:
    """Take units back. What is kept costs what `price_of` says (None: its shares), and the rest is given back.

    All refunds of a sale sum to what was paid once everything is back, in whatever sequence it comes. Where what is
    kept costs more alone than all of it together did, nothing is given back for now, and nothing is asked for: later
    returns make up for it. Raises InvalidRequest for parts that were not sold, or more units than are kept.
    """
    _check(sale, returned)
    kept = {part_id: units - returned.get(part_id, 0) for part_id, units in sale.kept.items()}
    after = replace(sale, kept=kept)
    shares = after.share_of_kept()
    costs = 0 if not any(kept.values()) else shares if price_of is None else price_of(kept)
    given_back = max(sale.refunded_minor, sale.paid_minor - costs)
    share = sale.share_of_kept() - shares
    after = replace(after, refunded_minor=given_back)
    return Refund(
        share_minor=share,
        repriced_minor=share - (given_back - sale.refunded_minor),
        sale=after,
        worth=_worth(after),
    )


def _worth(sale: Sale) -> tuple[PaidPart, ...]:
    """What was paid and not given back, with the parts that are kept, in proportion to their shares."""
    standing = [part for part in sale.bought if sale.kept[part.part_id]]
    if not standing:
        return ()
    weights = [share_of_first(part.share_minor, part.units, sale.kept[part.part_id]) for part in standing]
    if not any(weights):
        weights = [sale.kept[part.part_id] for part in standing]
    shares = shared_out(sale.paid_minor - sale.refunded_minor, weights)
    return tuple(
        PaidPart(part_id=part.part_id, units=sale.kept[part.part_id], share_minor=share)
        for part, share in zip(standing, shares, strict=True)
    )


def _check(sale: Sale, returned: Mapping[str, int]) -> None:
    violations = Violations()
    violations.require(any(returned.values()), "returned", "nothing", "name the units that come back")
    for part_id, units in returned.items():
        at = f"returned[{part_id}]"
        if part_id not in sale.kept:
            violations.add(at, part_id, f"was not sold; sold were {', '.join(sorted(sale.kept))}")
        else:
            check_between(units, 0, sale.kept[part_id], at, violations)
    violations.refuse_any("the return")
