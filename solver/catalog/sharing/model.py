"""What takes part in a sharing-out, and what each part gets."""

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """By what money is shared out: by what each part costs alone, by what it costs the company, by given weights."""

    STAND_ALONE_PRICE = "stand_alone_price"
    COST = "cost"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a unit is worth by each basis, in minor units of `currency`; None: not known, empty: any currency."""

    price_minor: int | None = None
    cost_minor: int | None = None
    weight: int | None = None
    currency: str = ""

    def by(self, basis: Basis) -> int | None:
        """The worth that the basis asks for."""
        if basis is Basis.STAND_ALONE_PRICE:
            return self.price_minor
        return self.cost_minor if basis is Basis.COST else self.weight


NOT_KNOWN = Worth()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """A part that takes part: so many `units` of it, with what a unit is worth.

    One with parts `within` passes its share on to them, by `basis`. Where its own worth is not known, it counts for as
    much as they do.
    """

    part_id: str
    units: int = 1
    worth: Worth = NOT_KNOWN
    within: tuple["Stake", ...] = ()
    basis: Basis = Basis.STAND_ALONE_PRICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What all units of a part get. `path` leads there from the top, the part itself last; `units` are those in all."""

    path: tuple[str, ...]
    units: int
    share_minor: int

    @property
    def part_id(self) -> str:
        """The part itself."""
        return self.path[-1]
