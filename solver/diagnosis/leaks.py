"""Finding leaks in what became of a scenario's orders. Each finder gives its findings, the largest first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from solver.diagnosis.changes import LeaveService, MoveAll, MoveStock, RemoveStock
from solver.diagnosis.findings import MOST_EXAMPLES, Finding, Leak
from solver.network.network import Network
from solver.replay.outcome import Outcome
from solver.scenario.model import OpeningStock, Scenario


def avoidable_splits(scenario: Scenario, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Pairs of sources that ship parts of the same orders: what the lesser part's gave could lie at the other."""
    opening = _opening(scenario)
    orders: dict[tuple[str, str], list[str]] = defaultdict(list)
    units: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    paid: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        if len({package.source_id for package in outcome.shipped}) != 2 or outcome.unfilled_units:
            continue
        by_source: Counter[str] = Counter()
        for package in outcome.shipped:
            by_source[package.source_id] += sum(package.units.values())
        (main, _), (other, _) = sorted(by_source.items(), key=lambda one: (-one[1], one[0]))
        pair = other, main
        orders[pair].append(outcome.order_id)
        for package in outcome.shipped:
            if package.source_id == other:
                units[pair].update(package.units)
                paid[pair] += sum(package.cost_minor.values())
    found = []
    for pair in sorted(orders, key=lambda one: (-paid[one], one)):
        moves = _moves(units[pair], opening, *pair)
        evidence = {"orders": len(orders[pair]), "units": units[pair].total(), "second_packages_minor": paid[pair]}
        found.append(_finding(Leak.AVOIDABLE_SPLITS, " + ".join(reversed(pair)), evidence, orders[pair], moves))
    return found


def crossings(scenario: Scenario, network: Network, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Pairs of provinces that packages cross: what crosses could lie at the largest source of where it goes."""
    opening, sources = _opening(scenario), _largest_source_by_province(scenario, network)
    orders: dict[tuple[str, str], list[str]] = defaultdict(list)
    units: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    paid: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        to_province = network.province_id(outcome.region_id)
        for package in outcome.shipped:
            if package.crosses_province:
                pair = network.province_id(network.sources[package.source_id].region_id), to_province
                orders[pair].append(outcome.order_id)
                units[pair][package.source_id].update(package.units)
                paid[pair] += package.cost_minor.get("freight", 0)
    found = []
    for pair in sorted(orders, key=lambda one: (-paid[one], one)):
        to_source = sources.get(pair[1])
        moves = [
            move
            for from_source, taken in sorted(units[pair].items())
            if to_source is not None
            for move in _moves(taken, opening, from_source, to_source)
        ]
        crossed = sum(taken.total() for taken in units[pair].values())
        evidence = {"packages": len(orders[pair]), "units": crossed, "freight_minor": paid[pair]}
        found.append(_finding(Leak.CROSSINGS, " to ".join(pair), evidence, orders[pair], moves))
    return found


def late_lanes(outcomes: Sequence[Outcome]) -> list[Finding]:
    """Services from a source whose packages come after the promise, by the time that they are late in all."""
    sent: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    orders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outcome in outcomes:
        for package in outcome.shipped:
            lane = package.source_id, package.service_id
            sent[lane] += 1
            if package.late_minutes:
                late[lane] += package.late_minutes
                orders[lane].append(outcome.order_id)
    found = []
    for lane in sorted(orders, key=lambda one: (-late[one], one)):
        evidence = {"packages": sent[lane], "late_packages": len(orders[lane]), "late_minutes": late[lane]}
        found.append(
            Finding(
                leak=Leak.LATE_LANES,
                subject=f"{lane[1]} from {lane[0]}",
                evidence=evidence,
                orders=tuple(orders[lane][:MOST_EXAMPLES]),
                change=LeaveService(service_id=lane[1]),
            )
        )
    return found


def idle_sources(scenario: Scenario, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Sources that have stock and ship nothing: it could lie where most of the same SKU leaves."""
    shipped = _shipped(outcomes)
    busiest: dict[str, str] = {}
    for (source_id, sku), units in sorted(shipped.items()):
        if sku not in busiest or units > shipped[busiest[sku], sku]:
            busiest[sku] = source_id
    busy = {source_id for source_id, _ in shipped}
    stock: dict[str, Counter[str]] = defaultdict(Counter)
    for (source_id, sku), units in _opening(scenario).items():
        if source_id not in busy:
            stock[source_id][sku] += units
    found = []
    for source_id in sorted(stock, key=lambda one: (-stock[one].total(), one)):
        moves = [
            MoveStock(sku=sku, units=units, from_source_id=source_id, to_source_id=busiest[sku])
            for sku, units in sorted(stock[source_id].items())
            if sku in busiest
        ]
        evidence = {"units": stock[source_id].total(), "skus": len(stock[source_id])}
        found.append(_finding(Leak.IDLE_SOURCES, source_id, evidence, (), moves))
    return found


def still_stock(scenario: Scenario, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Units at the sources that ship something, of SKUs which never left them; at most one finding, of all of them."""
    shipped = _shipped(outcomes)
    busy = {source_id for source_id, _ in shipped}
    value = {material.sku: material.value_minor for material in scenario.materials}
    rows = tuple(
        OpeningStock(source_id=source_id, sku=sku, units=units)
        for (source_id, sku), units in sorted(_opening(scenario).items())
        if source_id in busy and not shipped[source_id, sku]
    )
    if not rows:
        return []
    evidence = {"places": len(rows), "units": sum(row.units for row in rows)}
    if all(value[row.sku] for row in rows):  # 0: nobody says what the goods are worth
        evidence["tied_up_minor"] = sum(row.units * value[row.sku] for row in rows)
    return [
        Finding(
            leak=Leak.STILL_STOCK,
            subject="all sources that ship",
            evidence=evidence,
            orders=(),
            change=RemoveStock(rows=rows),
        )
    ]


def _finding(
    leak: Leak, subject: str, evidence: dict[str, int], orders: Iterable[str], moves: Sequence[MoveStock]
) -> Finding:
    return Finding(
        leak=leak,
        subject=subject,
        evidence=evidence,
        orders=tuple(dict.fromkeys(orders))[:MOST_EXAMPLES],
        change=MoveAll(moves=tuple(moves)) if moves else None,
    )


def _moves(
    units: Counter[str], opening: Counter[tuple[str, str]], from_source_id: str, to_source_id: str
) -> list[MoveStock]:
    """Of what the first source gave, as much as it had from the beginning."""
    return [
        MoveStock(
            sku=sku,
            units=min(count, opening[from_source_id, sku]),
            from_source_id=from_source_id,
            to_source_id=to_source_id,
        )
        for sku, count in sorted(units.items())
        if opening[from_source_id, sku]
    ]


def _opening(scenario: Scenario) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for row in scenario.stock:
        units[row.source_id, row.sku] += row.units
    return units


def _shipped(outcomes: Iterable[Outcome]) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        for package in outcome.shipped:
            for sku, count in package.units.items():
                units[package.source_id, sku] += count
    return units


def _largest_source_by_province(scenario: Scenario, network: Network) -> dict[str, str]:
    """Of each province, the active source with the most stock; ties by id."""
    stock: Counter[str] = Counter()
    for row in scenario.stock:
        stock[row.source_id] += row.units
    ranked = sorted(scenario.sources, key=lambda one: (-stock[one.source_id], one.source_id))
    found: dict[str, str] = {}
    for source in ranked:
        if source.is_active:
            found.setdefault(network.province_id(source.region_id), source.source_id)
    return found
