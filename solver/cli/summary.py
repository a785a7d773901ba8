"""What a run of plans amounts to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from solver.money import format_minor
from solver.sourcing.plan import Plan, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Figures of a run. Shares are of orders that ship, but the cross-province share is of packages."""

    currency: str
    orders: int
    shipped_orders: int
    packages: int
    ordered_units: int
    unfilled_units: int
    terms_minor: dict[Term, int]
    gap_minor: int
    split_orders: int
    late_orders: int
    cross_province_packages: int
    milliseconds: tuple[float, ...]

    @classmethod
    def of(cls, plans: Sequence[Plan], milliseconds: Sequence[float] = ()) -> "Summary":
        """Add up plans; `milliseconds` is how long each took, if that was measured."""
        packages = [package for plan in plans for package in plan.packages]
        return cls(
            currency=plans[0].currency if plans else "",
            orders=len(plans),
            shipped_orders=sum(bool(plan.packages) for plan in plans),
            packages=len(packages),
            ordered_units=sum(line.ordered_units for plan in plans for line in plan.lines),
            unfilled_units=sum(plan.unfilled_units for plan in plans),
            terms_minor={term: sum(plan.cost_minor[term] for plan in plans) for term in Term},
            gap_minor=sum(plan.gap_minor for plan in plans),
            split_orders=sum(len(plan.packages) > 1 for plan in plans),
            late_orders=sum(any(package.late_minutes for package in plan.packages) for plan in plans),
            cross_province_packages=sum(package.crosses_province for package in packages),
            milliseconds=tuple(sorted(milliseconds)),
        )

    @property
    def total_minor(self) -> int:
        """The cost of all plans, unfilled units included."""
        return sum(self.terms_minor.values())

    @property
    def shipping_minor(self) -> int:
        """The cost of all plans without the price of unfilled units."""
        return self.total_minor - self.terms_minor[Term.UNFILLED]

    def rows(self) -> Iterator[tuple[str, str]]:
        """Names and values, for people."""
        yield "orders", f"{self.orders:,}, of which {self.shipped_orders:,} ship, in {self.packages:,} packages"
        filled = self.ordered_units - self.unfilled_units
        yield "units", f"{filled:,} of {self.ordered_units:,} ({_share(filled, self.ordered_units)})"
        yield "cost of shipping", f"{format_minor(self.shipping_minor, self.currency)} {self.currency}"
        for term, minor in self.terms_minor.items():
            if minor and term is not Term.UNFILLED:
                yield f"  {term}", format_minor(minor, self.currency)
        yield "split share", _share(self.split_orders, self.shipped_orders)
        yield "cross-province share", _share(self.cross_province_packages, self.packages)
        yield "late share", _share(self.late_orders, self.shipped_orders)
        yield "gap to the proven bound", f"{format_minor(self.gap_minor, self.currency)} {self.currency}"
        if self.milliseconds:
            yield (
                "milliseconds per order",
                f"median {_at(self.milliseconds, 50):.1f}, p99 {_at(self.milliseconds, 99):.1f}",
            )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _at(ordered: Sequence[float], percent: int) -> float:
    return quantiles(ordered, n=100, method="inclusive")[percent - 1] if len(ordered) > 1 else ordered[0]
