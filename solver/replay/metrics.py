"""What a run comes to; `METRICS` of `solver.scenario.metric_names` says what each figure means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solver.replay.outcome import Outcome
from solver.scenario.metric_names import ALL_METRICS, METRICS
from solver.scenario.model import Scenario

UNFILLED = ("unfilled", "lost_sales")  # prices of what does not ship, which nobody is paid
PAID = ("freight", "lane_price", "surcharges", "transfer", "handling", "packaging")
_MINUTES_PER_HOUR = 60
NO_STOCK: Mapping[str, float | None] = dict.fromkeys(
    ("stock_turnover", "stock_out_rate", "idle_stock_share", "busiest_source_share", "dealer_share")
)


def untold(scenario: Scenario) -> dict[str, float | None]:
    """The figures of which a scenario tells nothing: carbon, where no source and no service emits any."""
    emits = any(one.carbon_grams_per_package for one in scenario.sources) or any(
        one.carbon_grams_per_package or one.carbon_grams_per_tonne_km for one in scenario.services
    )
    return {} if emits else {"carbon_grams_per_order": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Figures by name, and what all orders cost by term, in minor units. What nothing is divided by is None."""

    figures: Mapping[str, float | None]
    terms_minor: Mapping[str, int]
    orders: int
    shipped_orders: int
    packages: int
    ordered_units: int
    unfilled_units: int
    moved_packages: int
    refused_packages: int
    unproven_orders: int


def metrics_of(outcomes: Iterable[Outcome], *, oversold_units: int) -> Metrics:
    """Add up a run; `oversold_units` is what its books say. Figures of stock are not known then."""
    sums = Tally()
    for outcome in outcomes:
        sums.add(outcome)
    return sums.metrics(oversold_units)


class Tally:
    """Everything that is counted, order by order."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}
        self.terms: dict[str, int] = {}

    def add(self, outcome: Outcome) -> None:
        """One order more."""
        shipped = outcome.shipped
        self._count("orders", 1)
        self._count("ordered_units", outcome.ordered_units)
        self._count("unfilled_units", outcome.unfilled_units)
        self._count("lost_minor", outcome.lost_minor)
        self._count("moved", sum(package.moved for package in outcome.packages))
        self._count("refused", sum(package.refused for package in outcome.packages))
        self._count("unproven", int(outcome.bound_minor < outcome.total_minor and not _changed(outcome)))
        for term, minor in outcome.cost_minor.items():
            self.terms[term] = self.terms.get(term, 0) + minor
        for parcel in outcome.returned:
            self._count("returned", parcel.units)
            self._count("restocked", sum(parcel.restocked.values()))
            self._count("return_minor", parcel.cost_minor + parcel.exchange_minor)
            self._count("exchanged", parcel.exchanged_units)
            self._count("unpriced", int(parcel.refund_minor is None))
            self._count("refund_minor", parcel.refund_minor or 0)
        if not shipped:
            return
        self._count("shipped_orders", 1)
        self._count("shipped_units", sum(sum(package.units.values()) for package in shipped))
        self._count("packages", len(shipped))
        self._count("split", int(len(shipped) > 1))
        self._count("cross_province", sum(package.crosses_province for package in shipped))
        self._count("meters", sum(package.distance_meters for package in shipped))
        self._count("carbon", sum(package.carbon_grams for package in shipped))
        if outcome.promised_at is not None:
            late = max(package.late_minutes for package in shipped)
            self._count("promised", 1)
            self._count("on_time", int(late == 0))
            self._count("late_minutes", late)

    def metrics(self, oversold_units: int, of_stock: Mapping[str, float | None] = NO_STOCK) -> Metrics:
        """What it comes to; `of_stock` has the figures that only sources and time can tell, or that are `untold`.

        With `resold_units` among them, those of returns are told too.
        """
        of = self.of
        cost = sum(minor for term, minor in self.terms.items() if term not in UNFILLED)
        paid = sum(self.terms.get(term, 0) for term in PAID)
        ships, packages, promised = of.get("shipped_orders", 0), of.get("packages", 0), of.get("promised", 0)
        filled = of.get("ordered_units", 0) - of.get("unfilled_units", 0)
        figures = {
            "cost_minor": float(cost),
            "cost_per_order_minor": _by(cost, ships),
            "paid_minor": float(paid),
            "paid_per_order_minor": _by(paid, ships),
            "freight_per_order_minor": _by(self.terms.get("freight", 0), ships),
            "packages_per_order": _by(packages, ships),
            "split_share": _by(of.get("split", 0), ships),
            "cross_province_share": _by(of.get("cross_province", 0), packages),
            "meters_per_package": _by(of.get("meters", 0), packages),
            "on_time_share": _by(of.get("on_time", 0), promised),
            "late_hours_per_order": _by(of.get("late_minutes", 0), promised * _MINUTES_PER_HOUR),
            "fill_rate": _by(filled, of.get("ordered_units", 0)),
            "lost_sales_minor": float(of.get("lost_minor", 0)),
            "oversold_units": float(oversold_units),
            "carbon_grams_per_order": _by(of.get("carbon", 0), ships),
            **of_stock,
        }
        if "resold_units" in of_stock:
            figures |= {
                "returned_units": float(of.get("returned", 0)),
                "returned_share": _by(of.get("returned", 0), of.get("shipped_units", 0)),
                "return_cost_minor": float(of.get("return_minor", 0)),
                "refund_minor": None if of.get("unpriced") else float(of.get("refund_minor", 0)),
                "restocked_units": float(of.get("restocked", 0)),
                "exchanged_units": float(of.get("exchanged", 0)),
            }
        listed = ALL_METRICS if "resold_units" in of_stock else METRICS
        assert figures.keys() == listed.keys(), "every metric has a figure"
        return Metrics(
            figures=figures,
            terms_minor=dict(sorted(self.terms.items())),
            orders=of.get("orders", 0),
            shipped_orders=ships,
            packages=packages,
            ordered_units=of.get("ordered_units", 0),
            unfilled_units=of.get("unfilled_units", 0),
            moved_packages=of.get("moved", 0),
            refused_packages=of.get("refused", 0),
            unproven_orders=of.get("unproven", 0),
        )

    def _count(self, what: str, number: int) -> None:
        self.of[what] = self.of.get(what, 0) + number


def _changed(outcome: Outcome) -> bool:
    return any(not package.ships for package in outcome.packages)


def _by(amount: int, number: int) -> float | None:
    return amount / number if number else None
