"""A history and the network that it ran on, made a scenario."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material, SalesItem
from solver.errors import FieldViolation, InvalidRequest
from solver.importers.order_history.lines import BadRow, Line
from solver.importers.order_history.mapping import HistoryMapping, StockRule
from solver.importers.order_history.reading import Survey, read_history
from solver.importers.order_history.shipped import Called, shipments_of
from solver.importers.order_history.stock import keepers, opening_stock, stock_assumption
from solver.importers.result import ImportResult, Rejection
from solver.orders.model import Address, Order, OrderLine
from solver.orders.validate import MOST_LINES
from solver.scenario.model import Scenario


def survey_history(paths: Sequence[Path], mapping: HistoryMapping, network: Scenario) -> Survey:
    """Read a history and keep nothing of it but what it comes to and what is wrong with it.

    Raises InvalidRequest for a file that is no table or lacks a column, and where the network ships nothing.
    """
    _refuse_empty(network)
    survey = Survey()
    for _ in read_history(paths, mapping, network, survey):
        pass
    return survey


def import_history(paths: Sequence[Path], mapping: HistoryMapping, network: Scenario) -> tuple[ImportResult, Survey]:
    """The scenario, with everything that did not go into it. Raises what `survey_history` raises.

    An order one of whose rows is not sound is left out whole: without it, it is another order.
    """
    _refuse_empty(network)
    taken = _Taken()
    survey = Survey()
    for line in read_history(paths, mapping, network, survey, taken.refuse):
        taken.take(line)
    sound = taken.sound_orders()
    catalog, materials = _catalog_of(sound, mapping, network)
    orders = tuple(_order(of, mapping) for of in sound)
    called = Called.of(network.sources, network.carriers, mapping)
    history = tuple(one for of in sound for one in shipments_of(of, called, catalog, mapping, taken.repairs))
    stock = opening_stock(orders, history, catalog, network, mapping.assume)
    scenario = Scenario(
        name=mapping.name,
        title=mapping.title or f"History: {', '.join(path.name for path in paths)}",
        currency=mapping.currency,
        description=f"Orders of {', '.join(path.name for path in paths)} on the network of {network.name}.",
        assumptions=tuple(assumptions(mapping, network, survey)),
        policy=network.policy,
        regions=network.regions,
        sources=network.sources,
        carriers=network.carriers,
        services=network.services,
        calendars=network.calendars,
        transfers=network.transfers,
        materials=materials,
        sales_items=_items(orders, network),
        stock=stock,
        orders=orders,
        history=history,
    )
    result = ImportResult(
        scenario=scenario,
        rejected=tuple(taken.rejected),
        read_counts=tuple(survey.rows.items()),
        repairs=tuple(taken.repairs.items()),
        notes=(*passed_over(survey), *called.unknown(survey.sources)),
    )
    return result, survey


def passed_over(survey: Survey) -> list[str]:
    """Rows that are read and of which nothing comes, by their status."""
    return [f"{rows:,} rows whose status is {status} are passed over" for status, rows in survey.cancelled.items()]


def assumptions(mapping: HistoryMapping, network: Scenario, survey: Survey) -> list[str]:
    """Everything that the scenario says and the history does not."""
    told = [f"Network, tariffs and policy are those of the scenario {network.name}."]
    told.append(f"Times without an offset are of {mapping.time_zone}.")
    known = {one.sku for one in network.materials} | {one.item_id for one in network.sales_items}
    if new := survey.skus - known:
        weighed = "as the file says, or " if mapping.columns.weight else ""
        told.append(
            f"{len(new):,} of {len(survey.skus):,} SKUs are not of the network's catalog: each is one material, which "
            f"weighs {weighed}{mapping.assume.weight_grams:,} g, and has no size."
        )
    told.append(stock_assumption(mapping.assume, network))
    hours = mapping.assume.promised_within_hours
    orders = "Orders" if not mapping.columns.promised_at else "Orders whose promise is not told"
    if survey.said["promised_at"] < sum(survey.rows.values()) - survey.faults.rows or not mapping.columns.promised_at:
        when = (
            f"were promised {hours:,} hours after they were placed" if hours else "were promised no time: none is late"
        )
        told.append(f"{orders} {when}.")
    if mapping.columns.paid_amount:
        told.append(
            "Each unit of a row costs an equal share of what is paid for all of them, to the nearest minor unit."
        )
    elif not mapping.columns.unit_price:
        told.append("Prices are not told: lost sales come to nothing.")
    if not (mapping.columns.latitude and mapping.columns.longitude):
        told.append("Destinations lie at the centre of their region.")
    if mapping.columns.shipped_from and not mapping.columns.freight:
        told.append("What was paid for shipping is not told.")
    told.append("Nothing comes in while the orders are placed.")
    return told


@dataclass(slots=True)
class _Taken:
    """What goes into the scenario, and what does not."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)
    unsound: set[str] = field(default_factory=set)  # orders

    def take(self, line: Line) -> None:
        """A sound row; of rows that say the same the first stands."""
        lines = self.lines.setdefault(line.order_id, [])
        if any(one.says == line.says for one in lines):
            self.rejected.append(
                Rejection(file=line.file, line=line.line, reason="repeated_row", text=f"order {line.order_id}")
            )
        else:
            lines.append(line)

    def refuse(self, file: str, row: BadRow) -> None:
        """A row that is not sound."""
        self.unsound.add(row.order_id)
        for fault in row.faults:
            text = f"{fault.column}={fault.value}" if fault.column else fault.value
            self.rejected.append(Rejection(file=file, line=fault.line, reason=fault.reason, text=text))

    def sound_orders(self) -> list[list[Line]]:
        """The lines of each order all rows of which agree."""
        sound = []
        for order_id, lines in sorted(self.lines.items(), key=lambda pair: (pair[1][0].placed_at, pair[0])):
            first = lines[0]
            same = all((one.placed_at, one.where) == (first.placed_at, first.where) for one in lines)
            if same and len(lines) <= MOST_LINES and order_id not in self.unsound:
                sound.append(lines)
                continue
            reason = "differs_from_its_order" if not same else "too_many_lines"
            if order_id in self.unsound:
                reason = "row_of_its_order_is_not_sound"
            self.rejected.append(Rejection(file=first.file, line=first.line, reason=reason, text=f"order {order_id}"))
        return sound


def _order(lines: Sequence[Line], mapping: HistoryMapping) -> Order:
    first = lines[0]
    promised = first.promised_at
    if promised is None and mapping.assume.promised_within_hours:
        promised = first.placed_at + timedelta(hours=mapping.assume.promised_within_hours)
    return Order(
        order_id=first.order_id,
        currency=mapping.currency,
        placed_at=first.placed_at,
        destination=Address(
            region_id=first.where.region_id, latitude=first.where.latitude, longitude=first.where.longitude
        ),
        lines=tuple(
            OrderLine(
                line_id=str(number),
                sku=one.sku,
                quantity=one.quantity,
                unit_price_minor=one.unit_price_minor,
                list_minor=one.list_minor,
                tax_minor=one.tax,
            )
            for number, one in enumerate(lines, start=1)
        ),
        promised_at=promised,
        channel=first.channel,
    )


def _catalog_of(
    orders: Iterable[Sequence[Line]], mapping: HistoryMapping, network: Scenario
) -> tuple[Catalog, tuple[Material, ...]]:
    """The network's catalog with what it lacks, and the materials that the scenario needs of it."""
    known = Catalog.of(network.materials, network.sales_items)
    new: dict[str, Material] = {}
    needed: set[str] = set()
    for lines in orders:
        for line in lines:
            if line.sku in known:
                needed |= {part.sku for part in known.explode(line.sku)}
            elif line.sku not in new:
                grams = line.weight or mapping.assume.weight_grams
                new[line.sku] = Material(sku=line.sku, name=line.item_name or line.sku, weight_grams=grams)
    if mapping.assume.stock is StockRule.NETWORK:
        needed |= set(known.materials)
    kept = tuple(one for one in network.materials if one.sku in needed)
    materials = (*kept, *(new[sku] for sku in sorted(new)))
    return Catalog.of(materials, network.sales_items), materials


def _items(orders: Iterable[Order], network: Scenario) -> tuple[SalesItem, ...]:
    """The sales items that are ordered."""
    ordered = {line.sku for order in orders for line in order.lines}
    return tuple(one for one in network.sales_items if one.item_id in ordered)


def _refuse_empty(network: Scenario) -> None:
    if not (network.regions and keepers(network.sources) and network.services):
        remedy = "name a scenario folder with regions, sources and services, such as scenarios/first_light"
        fault = FieldViolation(field="network", value=network.name, remedy=remedy)
        raise InvalidRequest("the network", [fault])
