"""An order as words: whole numbers in a row, as `inner.ground` lays them out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.orders.model import Order, OrderLine
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.sourcing.rules import (
    lines_ship_complete,
    lines_ship_together,
    orders_ship_complete,
    packages_stay_within_the_limit,
    small_orders_are_not_split,
    sources_stay_within_the_limit,
)
from solver.sourcing.snapshot.inner.ground import NONE
from solver.sourcing.snapshot.support import is_strict
from solver.sourcing.snapshot.view import Unknown
from solver.sourcing.terms.lost_sales import SHARE
from solver.sourcing.terms.unfilled import PRICE as UNFILLED

Parts = tuple[tuple[int, int], ...]  # (SKU, units)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MICROS, _SECOND_MICROS = 86_400_000_000, 1_000_000
_WHOLE = 1000  # of a share


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the policy asks of an order's lines, packages and sources."""

    unfilled: int
    lost_permille: int
    complete: bool
    lines_complete: bool
    lines_ask: bool
    lines_together: bool
    bundles_together: bool
    lines_ask_together: bool
    order_asks: bool
    most_packages: int
    most_sources: int
    least_value_to_split: int

    @classmethod
    def of(cls, policy: Policy) -> "Terms":
        """The policy's own settings, where their terms and rules are not switched off."""
        complete, together = (is_strict(policy, name) for name in ("lines_ship_complete", "lines_ship_together"))
        whole = is_strict(policy, "orders_ship_complete")
        packages = is_strict(policy, "packages_stay_within_the_limit")
        sources = is_strict(policy, "sources_stay_within_the_limit")
        small = is_strict(policy, "small_orders_are_not_split")
        return cls(
            unfilled=0 if "unfilled" in policy.off else UNFILLED.of(policy),
            lost_permille=0 if "lost_sales" in policy.off else SHARE.of(policy),
            complete=whole and bool(orders_ship_complete.ALL_ORDERS.of(policy)),
            order_asks=whole,
            lines_complete=complete and bool(lines_ship_complete.ALL_LINES.of(policy)),
            lines_ask=complete,
            lines_together=together and bool(lines_ship_together.ALL_LINES.of(policy)),
            bundles_together=together and bool(lines_ship_together.BUNDLES.of(policy)),
            lines_ask_together=together,
            most_packages=(packages and packages_stay_within_the_limit.LIMIT.of(policy)) or MOST_PACKAGES,
            most_sources=(sources and sources_stay_within_the_limit.LIMIT.of(policy)) or MOST_PACKAGES,
            least_value_to_split=small_orders_are_not_split.LIMIT.of(policy) if small else 0,
        )


class Encoder:
    """Turns orders into words."""

    def __init__(self, catalog: Catalog, number_of: Mapping[str, int], policy: Policy) -> None:
        self._catalog = catalog
        self._number_of = number_of
        self._terms = Terms.of(policy)
        self._parts: dict[str, Parts] = {}

    def words(self, order: Order, view: int, branch: int, setting: int, zone: int) -> list[int]:
        """The order's words. KeyError for a SKU that the catalog does not know."""
        terms = self._terms
        exploded = [self._parts_of(line) for line in order.lines]
        demand: dict[int, int] = {}
        entries = 0
        for line, parts in zip(order.lines, exploded, strict=True):
            entries += len(parts)
            for sku, units in parts:
                demand[sku] = demand.get(sku, 0) + line.quantity * units
        if entries > len(demand) and self._may_ship_together(order):
            raise Unknown("lines_share_a_sku")
        is_small = bool(terms.least_value_to_split) and 0 < _value(order) < terms.least_value_to_split
        words = [
            view,
            branch,
            setting,
            zone,
            micros(order.placed_at),
            NONE if order.promised_at is None else micros(order.promised_at),
            int(terms.complete or is_small or (order.ships_complete and terms.order_asks)),
            1 if is_small else terms.most_packages,
            terms.most_sources,
            len(demand),
            len(order.lines),
            entries,
        ]
        skus = sorted(demand)
        for sku in skus:
            words += (sku, demand[sku])
        for line, parts in zip(order.lines, exploded, strict=True):
            words += (
                line.quantity,
                terms.unfilled + (2 * line.unit_price_minor * terms.lost_permille + _WHOLE) // (2 * _WHOLE),
                int(terms.lines_complete or (terms.lines_ask and line.ships_complete)),
                int(
                    terms.lines_together
                    or (terms.lines_ask_together and line.ships_together)
                    or (terms.bundles_together and len(parts) > 1)
                ),
                len(parts),
            )
        for parts in exploded:
            for sku, units in parts:
                words += (skus.index(sku), units)
        return words

    def says_as(self, other: "Encoder") -> bool:
        """Whether orders that ask for nothing themselves have the same words here, but for lower limits."""
        own, terms = self._terms, other._terms
        are_lower = own.most_packages <= terms.most_packages and own.most_sources <= terms.most_sources
        return are_lower and _unasked(own) == _unasked(terms)

    def _may_ship_together(self, order: Order) -> bool:
        """Whether some line may have to leave from one source."""
        terms = self._terms
        by_lines = terms.lines_ask_together and any(line.ships_together for line in order.lines)
        return terms.lines_together or terms.bundles_together or by_lines

    def skus(self, line: OrderLine) -> tuple[str, ...]:
        """The SKUs that a line is made of."""
        return tuple(part.sku for part in parts_of(line, self._catalog))

    def _parts_of(self, line: OrderLine) -> Parts:
        """What a unit of the line is made of; kept by what it names, unless the line says it itself."""
        parts = None if line.parts else self._parts.get(line.sku)
        if parts is None:
            parts = _merged(tuple((self._number_of[part.sku], part.units) for part in parts_of(line, self._catalog)))
            if not line.parts:
                self._parts[line.sku] = parts
        return parts


def _unasked(terms: Terms) -> Terms:
    """What is left of these terms for an order that asks for nothing itself, without their limits."""
    return replace(terms, lines_ask=False, lines_ask_together=False, order_asks=False, most_packages=0, most_sources=0)


def _merged(parts: Parts) -> Parts:
    """A line's parts with those of one SKU together."""
    units_of: dict[int, int] = {}
    for sku, units in parts:
        units_of[sku] = units_of.get(sku, 0) + units
    return tuple(units_of.items())


def _value(order: Order) -> int:
    return sum(line.quantity * line.unit_price_minor for line in order.lines)


def micros(moment: datetime) -> int:
    """Microseconds since 1970; the same as `facts.micros_of`, without its division."""
    since = moment - _EPOCH
    return since.days * _DAY_MICROS + since.seconds * _SECOND_MICROS + since.microseconds
