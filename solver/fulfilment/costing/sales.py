"""What a plan's order has bought so far: sales and their tax are booked as packages leave, never twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from solver.fulfilment.model import PlanRecord
from solver.fulfilment.questions import Questions
from solver.ledger.books import vouchers
from solver.ledger.books.model import Amount, Event
from solver.ledger.invoicing.tax import BASIS_POINTS
from solver.ledger.invoicing.tax_file import shipped_taxes
from solver.ledger.ledger import Ledger
from solver.ledger.valuation.book import ValueBook
from solver.ledger.valuation.model import ValuationTerms
from solver.orders.model import Order, OrderLine
from solver.sourcing.plan import Plan
from solver.stock.holding.commitment_model import CommittedUnits
from solver.storage.database import Reader, Transaction

SOLD = "shipped"
_CUSTOMERS = "customers"

Sold = dict[tuple[str, str, str], int]  # line, SKU and charge -> minor units
Units = Counter[tuple[str, str]]  # by line and SKU


class Sales:
    """Books what leaves of a plan as sold. Where no terms of valuation are set, it does nothing."""

    def __init__(self, ledger: Ledger, values: ValueBook, questions: Questions) -> None:
        self._ledger = ledger
        self._values = values
        self._questions = questions

    def follow(self, tx: Transaction, record: PlanRecord, contents: Sequence[CommittedUnits], on: date) -> None:
        """Book what has left beyond what was booked before; the plan's vouchers have `plan/` and its id as source."""
        terms = self._values.terms(tx)
        left = shipped_units(record.plan, contents) if terms is not None else None
        asked = self._questions.asked(tx, record.plan_id) if left else None
        if terms is None or not left or asked is None:
            return
        order = asked[0]
        due = sold(terms, order, record.plan, left, on)
        booked = _booked(tx, f"plan/{record.plan_id}")
        more = {key: minor - booked.get(key, 0) for key, minor in due.items()}
        entity = terms.entity_of_channel.get(order.channel, terms.entity)
        self._ledger.post(
            tx,
            Event(
                kind=SOLD,
                entity=entity,
                currency=record.plan.currency,
                on=self._ledger.open_day(tx, entity, on),
                source=f"plan/{record.plan_id}",
                amounts=tuple(_amounts(more, order)),
                reason=f"units of order {order.order_id} have left",
            ),
        )


def shipped_units(plan: Plan, contents: Sequence[CommittedUnits]) -> Units:
    """Units that have left by line and SKU; where several packages of a source have the same, the first ones."""
    left = Counter({(one.site_id, one.sku): one.shipped_units for one in contents})
    units: Units = Counter()
    for package in plan.packages:
        for packed in package.contents:
            place = (package.source_id, packed.sku)
            gone = min(packed.units, left[place])
            left[place] -= gone
            units[packed.line_id, packed.sku] += gone
    return +units


def sold(terms: ValuationTerms, order: Order, plan: Plan, left: Units, on: date) -> Sold:
    """What the units that have left were sold for, in all: each line's money by the share of it that has left.

    Of a line of several materials each has a share by the prices of its parts, or by units where those are not said.
    Rounded down until the last unit of a line has left, so that a line shipped whole is sold for all its money.
    """
    planned = _planned(plan)
    due: Sold = {}
    for line in order.lines:
        of_line = {sku: units for (line_id, sku), units in planned.items() if line_id == line.line_id}
        gross = line.unit_price_minor * _units_of(plan, line.line_id)
        weights = _weights(line, of_line)
        whole, handed = sum(weights[sku] * units for sku, units in of_line.items()), 0
        weight = 0
        for sku in sorted(of_line):
            weight += weights[sku] * left[line.line_id, sku]
            minor = gross * weight // whole - handed if whole else 0
            handed += minor
            tax = _tax_within(terms, sku, minor, on)
            due[line.line_id, sku, "sale"], due[line.line_id, sku, "tax"] = minor - tax, tax
    return due


def _planned(plan: Plan) -> Units:
    units: Units = Counter()
    for package in plan.packages:
        for packed in package.contents:
            units[packed.line_id, packed.sku] += packed.units
    return units


def _units_of(plan: Plan, line_id: str) -> int:
    return sum(one.planned_units + one.backordered_units for one in plan.lines if one.line_id == line_id)


def _weights(line: OrderLine, planned: Mapping[str, int]) -> dict[str, int]:
    """What one unit of each material weighs in the line's money."""
    prices = {part.sku: part.price_minor for part in line.parts}
    if not any(prices.values()):
        return dict.fromkeys(planned, 1)
    units = {part.sku: part.units for part in line.parts}
    whole = 1
    for count in units.values():
        whole *= count
    return {sku: prices.get(sku, 0) * whole // units.get(sku, 1) for sku in planned}


def _tax_within(terms: ValuationTerms, sku: str, gross_minor: int, on: date) -> int:
    """The tax that a price includes, rounded half up; 0 where prices include none."""
    place = shipped_taxes().get(terms.tax_place)
    rate = None if place is None else place.rate(terms.tax_items.get(sku, terms.tax_item), on)
    if rate is None:
        return 0
    over = BASIS_POINTS + rate.basis_points
    return (2 * gross_minor * rate.basis_points + over) // (2 * over)


def _booked(reader: Reader, source: str) -> Sold:
    """What the vouchers of a plan's sales say so far; one that was reversed since stays booked."""
    booked: Sold = {}
    for voucher in vouchers.by_source(reader, source):
        for line in vouchers.lines(reader, voucher.entry_id) if voucher.kind == SOLD else ():
            key = (line.amount.line_id, line.amount.sku, line.amount.charge)
            booked[key] = booked.get(key, 0) + line.amount.amount_minor
    return booked


def _amounts(more: Sold, order: Order) -> Iterator[Amount]:
    for (line_id, sku, charge), minor in more.items():
        yield Amount(
            charge=charge,
            amount_minor=minor,
            party=order.channel or _CUSTOMERS,
            order_id=order.order_id,
            line_id=line_id,
            sku=sku,
            channel=order.channel,
        )
