"""Scenario folders: `scenario.yaml` for what people write, one JSON Lines file per noun for what comes in bulk.

A row that cannot be read is reported with file, line, field and what was expected; every bad row of a folder is
reported at once. Unknown fields are refused, so that a typing error never passes silently.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from solver.catalog.model import Material, SalesItem
from solver.errors import Violations
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.transfer import Transfer
from solver.orders.model import Order
from solver.scenario.model import OpeningStock, Scenario
from solver.scenario.plain import plain
from solver.sourcing.validate import check_policy

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
    "orders": Order,
}


def read_scenario(folder: Path) -> Scenario:
    """Read a scenario folder.

    Raises InvalidRequest naming file, line, field and remedy of every row that cannot be read.
    """
    violations = Violations()
    head = _read_head(folder / HEAD_FILE, violations)
    bulk = {noun: _read_rows(folder / f"{noun}.jsonl", kind, violations) for noun, kind in BULK_FILES.items()}
    violations.refuse_any(f"scenario {folder}")
    return _strictly(head | bulk, folder)


def read_order(path: Path) -> Order:
    """Read an order from a JSON file of its own, as strictly as a row. Raises InvalidRequest."""
    violations = Violations()
    try:
        order: Order = _strict_row(msgspec.json.decode(path.read_bytes()), Order)
    except OSError as error:
        violations.add(str(path), "unreadable", f"{error.strerror}; name a JSON file")
    except (msgspec.DecodeError, ValueError) as error:
        violations.add(str(path), "unreadable", str(error))
    violations.refuse_any("the order")
    return order


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write a scenario folder, replacing the files of an earlier one; the same scenario gives the same bytes.

    A noun without rows has no file, and what stands at its default is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    head = {key: value for key, value in plain(scenario).items() if key not in BULK_FILES}
    (folder / HEAD_FILE).write_bytes(msgspec.yaml.encode(head))
    for noun in BULK_FILES:
        _write_rows(folder / f"{noun}.jsonl", getattr(scenario, noun))


def _read_head(path: Path, violations: Violations) -> dict[str, Any]:
    try:
        head: dict[str, Any] = msgspec.yaml.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        violations.add(str(path), "missing", "a scenario folder needs this file")
        return {}
    except msgspec.DecodeError as error:
        violations.add(str(path), "unreadable", f"write a YAML mapping: {' '.join(str(error).split())}")
        return {}
    for noun in BULK_FILES.keys() & head.keys():
        violations.add(f"{path}: {noun}", "in the head file", f"write these rows to {noun}.jsonl")
    return head


def _read_rows(path: Path, kind: type[Any], violations: Violations) -> list[Any]:
    if not path.exists():
        return []
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
            _strict_row(row, kind)
            rows.append(row)
        except (msgspec.DecodeError, ValueError) as error:
            violations.add(f"{path}:{number}", line.decode("utf-8", "replace"), str(error))
    return rows


def _strict_row(row: object, kind: type[Any]) -> Any:
    _refuse_unknown_fields(row, kind)
    noun = msgspec.convert(row, kind)
    if isinstance(noun, Order):
        _refuse_times_without_offset(noun)
    return noun


def _refuse_times_without_offset(order: Order) -> None:
    for name in ("placed_at", "promised_at"):
        at = getattr(order, name)
        if at is not None and at.tzinfo is None:
            raise ValueError(f"`{name}` {at.isoformat()}: say with which offset, such as {at.isoformat()}Z for UTC")


def _refuse_unknown_fields(row: object, kind: type[Any]) -> None:
    unread = _unread(row, msgspec.to_builtins(msgspec.convert(row, kind)), "")
    if unread:
        raise ValueError(f"unknown field {', '.join(f'`{path}`' for path in unread)}")


def _unread(given: object, understood: object, path: str) -> list[str]:
    """Paths of every field that was given and is not among what was understood."""
    if isinstance(given, dict) and isinstance(understood, dict):
        return [
            unread
            for name, value in given.items()
            for unread in (_unread(value, understood[name], f"{path}{name}.") if name in understood else [path + name])
        ]
    if isinstance(given, list) and isinstance(understood, list | tuple):
        pairs = enumerate(zip(given, understood, strict=True))
        prefix = path.removesuffix(".")
        return [unread for at, (one, other) in pairs for unread in _unread(one, other, f"{prefix}[{at}].")]
    return []


def _strictly(builtins: dict[str, Any], folder: Path) -> Scenario:
    violations = Violations()
    try:
        _refuse_unknown_fields(builtins, Scenario)
        scenario = msgspec.convert(builtins, Scenario)
    except (msgspec.ValidationError, ValueError) as error:
        violations.add(str(folder / HEAD_FILE), "unreadable", str(error))
        violations.refuse_any(f"scenario {folder}")
        raise
    _check_head(scenario, folder, violations)
    violations.refuse_any(f"scenario {folder}")
    return scenario


def _check_head(scenario: Scenario, folder: Path, violations: Violations) -> None:
    """The policy is sound, and tariffs and orders are in the scenario's currency; a file's first stray is named."""
    check_policy(scenario.policy, f"{folder / HEAD_FILE}: policy", violations)
    for noun in ("services", "orders"):
        for number, row in enumerate(getattr(scenario, noun), start=1):
            if row.currency != scenario.currency:
                path = f"{folder / noun}.jsonl: row {number}.currency"
                violations.add(path, row.currency, f"the scenario is in {scenario.currency}; use one throughout")
                break


def _write_rows(path: Path, rows: Sequence[object]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    encoder = msgspec.json.Encoder()
    path.write_bytes(b"".join(encoder.encode(plain(row)) + b"\n" for row in rows))
