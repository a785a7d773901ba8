"""What of a faulty scenario can still be checked, and which faults only follow from those that are told already."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from solver.errors import FieldViolation

_TOP = re.compile(r"^(\w+)(?:\[(\d+)\])?")
_NAMELESS = {"name": "unread", "title": "", "currency": ""}  # what stands in for what must be said
_NOUNS = {
    "region_id": {"regions"},
    "region_ids": {"regions"},
    "parent_id": {"regions"},
    "source_id": {"sources"},
    "site_id": {"sources"},
    "channel_id": {"channels"},
    "overflow": {"channels"},
    "logical_id": {"logical_warehouses"},
    "logical_ids": {"logical_warehouses"},
    "carrier_id": {"carriers"},
    "service_id": {"services"},
    "calendar_id": {"calendars"},
    "order_id": {"orders"},
    "sku": {"materials", "sales_items", "combinations"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partly:
    """A head without what is faulty in it; `positions` are those that the elements left of a list had."""

    values: Mapping[str, Any]
    dropped: frozenset[str]
    positions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Any], faults: Iterable[FieldViolation]) -> "Partly":
        """Of a list only the faulty elements go, of anything else the whole field."""
        left, dropped = dict(values), set()
        elements: dict[str, set[int]] = {}
        for fault in faults:
            match = _TOP.match(fault.field)
            assert match is not None, "a fault names a field"
            name, position = match[1], match[2]
            if position is None:
                dropped.add(name)
            else:
                elements.setdefault(name, set()).add(int(position))
        positions = {}
        for name, bad in elements.items():
            positions[name] = tuple(number for number in range(len(left[name])) if number not in bad)
            left[name] = [left[name][number] for number in positions[name]]
        for name in dropped:
            left.pop(name, None)
        missing = {name: text for name, text in _NAMELESS.items() if name not in left}
        return cls(values=left | missing, dropped=frozenset(dropped), positions=positions)

    def as_written(self, path: str) -> str:
        """The path of a field in the head as it was written."""
        match = _TOP.match(path)
        if match is None or match[2] is None or match[1] not in self.positions:
            return path
        return f"{match[1]}[{self.positions[match[1]][int(match[2])]}]{path[match.end() :]}"


def follows(fault: FieldViolation, unread: Collection[str], dropped: Collection[str]) -> bool:
    """Whether a fault may only be there as rows of these nouns, or these fields of the head, could not be read."""
    path = fault.field.rpartition(": ")[2]
    match = _TOP.match(path)
    if match is not None and (match[1] in dropped or ("generator" in dropped and "give a generator" in fault.remedy)):
        return True
    if "there is no such" not in fault.remedy:
        return False
    last = re.sub(r"\[\d+\]", "", path).rpartition(".")[2]
    if ".units." in f".{path}" or path.startswith(("generator.", "returns[")):
        return bool({"materials", "sales_items", "combinations", "regions"} & set(unread))
    return any(last.endswith(ending) and nouns & set(unread) for ending, nouns in _NOUNS.items())
