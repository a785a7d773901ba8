"""Scenario folders: `scenario.yaml` for what people write, one file per noun for what comes in bulk.

Whatever is wrong is reported with file, line, field and what was expected, all of a folder's faults at once. Unknown
fields are refused, so that a typing error never passes silently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from solver.catalog.combinations.model import Combination
from solver.catalog.model import Material, SalesItem
from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.transfer import Transfer
from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.scenario.bulk import FORMATS, Rows, has_rows, read_rows
from solver.scenario.check import check_scenario
from solver.scenario.model import Consigned, Inbound, OpeningStock, Scenario
from solver.scenario.partly import Partly, follows
from solver.scenario.plain import plain
from solver.scenario.shape import read_as
from solver.scenario.yaml_lines import YamlDocument, read_yaml
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit

HEAD_FILE = "scenario.yaml"
_OF_ITSELF = ("name", "title", "description", "base")  # what a head does not take from that of its base
BULK_FILES: dict[str, type[Any]] = {
    "regions": Region,
    "sources": Source,
    "carriers": Carrier,
    "services": Service,
    "calendars": Calendar,
    "transfers": Transfer,
    "materials": Material,
    "sales_items": SalesItem,
    "combinations": Combination,
    "stock": OpeningStock,
    "inbound": Inbound,
    "logical_warehouses": LogicalWarehouse,
    "channels": Channel,
    "quotas": Quota,
    "backorders": BackorderLimit,
    "consignments": Consigned,
    "orders": Order,
    "history": Shipment,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """What a folder says, its base included, and where."""

    scenario: Scenario
    rows: Mapping[str, Rows[Any]]
    head: Mapping[str, Any]

    @classmethod
    def nothing(cls) -> "_Folder":
        """What a folder without a base begins with."""
        return cls(scenario=Scenario(name="", title="", currency=""), rows={}, head={})


def read_scenario(folder: Path) -> Scenario:
    """Read a scenario folder; what it does not say, its base says.

    Raises InvalidRequest naming file, line, field and remedy of everything that is wrong.
    """
    violations = Violations()
    found = _read(folder, (), violations)
    violations.refuse_any(f"scenario {folder}")
    assert found is not None, "what is not read has a fault"
    return found.scenario


def _read(folder: Path, above: tuple[Path, ...], violations: Violations) -> _Folder | None:
    path = folder / HEAD_FILE
    document = _read_head(path, violations)
    if document is None:
        return None
    base = _base_of(folder, document, above, violations)
    rows, unread = _own_rows(folder, violations)
    own = {noun: of for noun, of in rows.items() if has_rows(folder, noun)}
    inherited_from = base or _Folder.nothing()
    replaced = ("orders", "history") if "generator" in document.values or "orders" in own else ()
    inherited = {noun: of for noun, of in inherited_from.rows.items() if noun not in replaced}
    head = {**inherited_from.head, **document.values}
    if "orders" in own and "generator" not in document.values:
        head.pop("generator", None)
    scenario, partly = _headed(document, head, path, violations)
    if scenario is None or base is None:  # what else is wrong may follow from what could not be read
        return None
    rows |= inherited | own
    nouns: dict[str, Any] = {noun: of.nouns for noun, of in rows.items()}
    scenario = replace(scenario, base="", **nouns)
    if "currency" in partly.dropped:
        scenario = replace(scenario, currency=next((row.currency for row in scenario.services), ""))
    told = Violations()
    check_scenario(
        scenario,
        lambda noun, position: rows[noun].place(position),
        lambda field: f"{path}:{document.line_of(partly.as_written(field))}: {partly.as_written(field)}",
        told,
    )
    violations.found += [one for one in told.found if not follows(one, unread, partly.dropped)]
    if violations.found:
        return None
    kept = {name: value for name, value in head.items() if name not in _OF_ITSELF}
    return _Folder(scenario=scenario, rows=rows, head=kept)


def _own_rows(folder: Path, violations: Violations) -> tuple[dict[str, Rows[Any]], set[str]]:
    """The rows of each noun's file, and the nouns some of whose rows could not be read."""
    rows: dict[str, Rows[Any]] = {}
    unread: set[str] = set()
    for noun, kind in BULK_FILES.items():
        found = Violations()
        rows[noun] = read_rows(folder, noun, kind, found)
        violations.found += found.found
        if found.found:
            unread.add(noun)
    return rows, unread


def _base_of(folder: Path, document: YamlDocument, above: tuple[Path, ...], violations: Violations) -> _Folder | None:
    """What the base says, nothing without one; None, with the cause recorded, where it cannot be read."""
    named = document.values.get("base", "")
    below = (folder / str(named)).resolve()
    if not named:
        return _Folder.nothing()
    if below in (*above, folder.resolve()) or not (below / HEAD_FILE).is_file():
        place = f"{folder / HEAD_FILE}:{document.line_of('base')}: base"
        violations.add(place, named, "name another scenario's folder, relative to this one")
        return None
    return _read(below, (*above, folder.resolve()), violations)


def read_order(path: Path) -> Order:
    """Read an order from a JSON file of its own, as strictly as a row. Raises InvalidRequest."""
    violations = Violations()
    try:
        order = read_as(Order, msgspec.json.decode(path.read_bytes()))
    except OSError as error:
        violations.add(str(path), "unreadable", f"{error.strerror}; name a JSON file")
    except (msgspec.DecodeError, ValueError) as error:
        violations.add(str(path), "unreadable", str(error))
    else:
        if isinstance(order, Order):
            return order
        violations.found += [_at(f"{path}", fault) for fault in order]
    raise InvalidRequest("the order", violations.found)


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write a scenario folder, replacing the files of an earlier one; the same scenario gives the same bytes.

    A noun without rows has no file, and what stands at its default is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    head = {key: value for key, value in plain(scenario).items() if key not in BULK_FILES}
    (folder / HEAD_FILE).write_bytes(msgspec.yaml.encode(head))
    for noun in BULK_FILES:
        for ending in FORMATS[1:]:
            (folder / f"{noun}{ending}").unlink(missing_ok=True)
        _write_rows(folder / f"{noun}{FORMATS[0]}", getattr(scenario, noun))


def _read_head(path: Path, violations: Violations) -> YamlDocument | None:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        violations.add(str(path), "missing", "a scenario folder needs this file")
        return None
    except (OSError, UnicodeDecodeError) as error:
        violations.add(str(path), "unreadable", f"{error}; write text in UTF-8")
        return None
    return read_yaml(text, str(path), violations)


def _headed(
    document: YamlDocument, head: Mapping[str, Any], path: Path, violations: Violations
) -> tuple[Scenario | None, Partly]:
    """The scenario without its rows, and without what of its head is not sound; every cause is recorded."""
    values = dict(head)
    for noun in BULK_FILES.keys() & values.keys():
        del values[noun]
        place = f"{path}:{document.line_of(noun)}: {noun}"
        violations.add(place, "in the head file", f"write these rows to {noun}.jsonl")
    made = read_as(Scenario, values)
    if isinstance(made, Scenario):
        return made, Partly.of(values, ())
    for fault in made:
        violations.found.append(_at(f"{path}:{document.line_of(fault.field)}", fault))
    partly = Partly.of(values, made)
    left = read_as(Scenario, partly.values)
    return left if isinstance(left, Scenario) else None, partly


def _at(place: str, fault: FieldViolation) -> FieldViolation:
    field = f"{place}: {fault.field}" if fault.field else place
    return FieldViolation(field=field, value=fault.value, remedy=fault.remedy)


def _write_rows(path: Path, rows: Sequence[object]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    encoder = msgspec.json.Encoder()
    path.write_bytes(b"".join(encoder.encode(plain(row)) + b"\n" for row in rows))
