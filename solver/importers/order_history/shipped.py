"""What a history says was really shipped, as shipments of the network's sources."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from solver.catalog.catalog import Catalog
from solver.importers.order_history.lines import Line
from solver.importers.order_history.mapping import FreightPer, HistoryMapping
from solver.network.model import Carrier, Source
from solver.orders.shipment import Shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What the history calls the network's sources and carriers."""

    sources: Mapping[str, str]
    carriers: Mapping[str, str]

    @classmethod
    def of(cls, sources: Iterable[Source], carriers: Iterable[Carrier], mapping: HistoryMapping) -> "Called":
        """By their ids, by their names or a word of them, and by what the mapping says."""
        return cls(
            sources=_names((one.source_id, one.name) for one in sources) | dict(mapping.sources),
            carriers=_names((one.carrier_id, one.name) for one in carriers),
        )

    def unknown(self, names: Mapping[str, int]) -> list[str]:
        """What is called as no source is, with its rows, and what was probably meant."""
        told = []
        for name, rows in sorted(names.items()):
            if name not in self.sources:
                close = get_close_matches(name, self.sources, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                told.append(f"{name!r} ({rows:,} rows) is no source of the network: say it under `sources`{hint}")
        return told


def shipments_of(
    lines: Iterable[Line], called: Called, catalog: Catalog, mapping: HistoryMapping, repairs: Counter[str]
) -> list[Shipment]:
    """The packages of one order: what left the same source at the same time with the same carrier is one."""
    packages: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        if line.shipped_from or line.shipped_at or line.arrived_at or line.carrier or line.freight is not None:
            key = line.shipped_from, line.shipped_at, line.carrier
            packages.setdefault(key, []).append(line)
    return [_shipment(of, called, catalog, mapping, repairs) for of in packages.values()]


def _shipment(
    lines: list[Line], called: Called, catalog: Catalog, mapping: HistoryMapping, repairs: Counter[str]
) -> Shipment:
    first = lines[0]
    units: Counter[str] = Counter()
    for line in lines:
        for part in catalog.explode(line.sku):
            units[part.sku] += part.units * line.quantity
    arrivals = [line.arrived_at for line in lines if line.arrived_at is not None]
    return Shipment(
        order_id=first.order_id,
        source_id=called.sources.get(first.shipped_from, ""),
        carrier_id=called.carriers.get(first.carrier, first.carrier),
        units=dict(units),
        shipped_at=first.shipped_at,
        arrived_at=max(arrivals, default=None),
        freight_minor=_freight(lines, mapping, repairs),
    )


def _freight(lines: list[Line], mapping: HistoryMapping, repairs: Counter[str]) -> int | None:
    said = [line.freight for line in lines if line.freight is not None]
    if mapping.freight_per is FreightPer.LINE:
        return sum(said) if len(said) == len(lines) else None
    if len(set(said)) > 1:
        repairs["freight_of_a_package_differs_between_its_rows: the first counts"] += 1
    return said[0] if said else None


def _names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Id by every name that only one bears; an id wins over a name."""
    listed = [*pairs]
    called: dict[str, set[str]] = {}
    for one, name in listed:
        for word in {name, *name.split()}:
            called.setdefault(word, set()).add(one)
    return {name: next(iter(ids)) for name, ids in called.items() if len(ids) == 1} | {one: one for one, _ in listed}
