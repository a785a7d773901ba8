"""Scenario folders: `scenario.yaml` for what people write, one file per noun for what comes in bulk.

Whatever is wrong is reported with file, line, field and what was expected, all of a folder's faults at once. Unknown
fields are refused, so that a typing error never passes silently.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from solver.catalog.model import Material, SalesItem
from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.transfer import Transfer
from solver.orders.model import Order
from solver.scenario.bulk import FORMATS, Rows, has_rows, read_rows
from solver.scenario.check import check_scenario
from solver.scenario.model import Inbound, OpeningStock, Scenario
from solver.scenario.plain import plain
from solver.scenario.shape import read_as
from solver.scenario.yaml_lines import YamlDocument, read_yaml

HEAD_FILE = "scenario.yaml"
BULK_FILES: dict[str, type[Any]] = {
    "regions": Region,
    "sources": Source,
    "carriers": Carrier,
    "services": Service,
    "calendars": Calendar,
    "transfers": Transfer,
    "materials": Material,
    "sales_items": SalesItem,
    "stock": OpeningStock,
    "inbound": Inbound,
    "orders": Order,
}


def read_scenario(folder: Path) -> Scenario:
    """Read a scenario folder, with the rows of its base.

    Raises InvalidRequest naming file, line, field and remedy of everything that is wrong.
    """
    violations = Violations()
    path = folder / HEAD_FILE
    document = _read_head(path, violations)
    scenario = None if document is None else _headed(document, path, violations)
    folders = [folder] if scenario is None or document is None else _folders(folder, scenario, document, violations)
    bulk = {noun: _rows_of(folders, noun, scenario, violations) for noun in BULK_FILES}
    if scenario is None or document is None:
        violations.refuse_any(f"scenario {folder}")
        raise AssertionError("what is not read has a fault")
    rows: dict[str, Any] = {noun: of.nouns for noun, of in bulk.items()}
    scenario = replace(scenario, base="", **rows)
    if not violations.found:  # what else is wrong may follow from a row that could not be read
        lines = document
        check_scenario(
            scenario,
            lambda noun, position: bulk[noun].place(position),
            lambda field: f"{path}:{lines.line_of(field)}: {field}",
            violations,
        )
    violations.refuse_any(f"scenario {folder}")
    return scenario


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


def _folders(folder: Path, scenario: Scenario, document: YamlDocument, violations: Violations) -> list[Path]:
    """The folder, and those that it is based on, the nearest first."""
    folders, base = [folder], scenario.base
    while base:
        below = (folders[-1] / base).resolve()
        if below in (one.resolve() for one in folders) or not (below / HEAD_FILE).is_file():
            place = f"{folder / HEAD_FILE}:{document.line_of('base')}: base"
            violations.add(place, base, "name another scenario's folder, relative to this one")
            break
        folders.append(below)
        head = _read_head(below / HEAD_FILE, violations)
        base = "" if head is None else str(head.values.get("base", ""))
    return folders


def _rows_of(folders: Sequence[Path], noun: str, scenario: Scenario | None, violations: Violations) -> Rows[Any]:
    """The rows of the first folder that has a file of them; drawn orders take the place of a base's."""
    own = folders[:1] if noun == "orders" and scenario is not None and scenario.generator is not None else folders
    folder = next((one for one in own if has_rows(one, noun)), folders[0])
    return read_rows(folder, noun, BULK_FILES[noun], violations)


def _headed(document: YamlDocument, path: Path, violations: Violations) -> Scenario | None:
    """The scenario without its rows; None, with every cause recorded, where the head is not sound."""
    values = dict(document.values)
    for noun in BULK_FILES.keys() & values.keys():
        del values[noun]
        place = f"{path}:{document.line_of(noun)}: {noun}"
        violations.add(place, "in the head file", f"write these rows to {noun}.jsonl")
    made = read_as(Scenario, values)
    if isinstance(made, Scenario):
        return made
    for fault in made:
        violations.found.append(_at(f"{path}:{document.line_of(fault.field)}", fault))
    return None


def _at(place: str, fault: FieldViolation) -> FieldViolation:
    field = f"{place}: {fault.field}" if fault.field else place
    return FieldViolation(field=field, value=fault.value, remedy=fault.remedy)


def _write_rows(path: Path, rows: Sequence[object]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    encoder = msgspec.json.Encoder()
    path.write_bytes(b"".join(encoder.encode(plain(row)) + b"\n" for row in rows))
