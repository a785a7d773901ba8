"""What every method does and where its request says whom it concerns: `methods.yaml`, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from solver.access.model import Dimension

ONCE = "once"
_COUNTS = ("orders", "lines", "sources", "holds")


class Does(StrEnum):
    """What calls of a method do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Found(StrEnum):
    """What a request may name by an id, so that whom it concerns has to be looked up."""

    PLAN = "plan"
    HOLD = "hold"
    CONSIGNMENT = "consignment"
    COUNT = "count"
    RETURN = "return"
    VOUCHER = "voucher"
    INVOICE = "invoice"


TOLD_WHEN_FOUND: Mapping[Found, frozenset[Dimension]] = MappingProxyType(
    {
        Found.PLAN: frozenset({Dimension.BRAND, Dimension.SOURCE}),
        Found.HOLD: frozenset({Dimension.SOURCE}),
        Found.CONSIGNMENT: frozenset({Dimension.SOURCE}),
        Found.COUNT: frozenset({Dimension.SOURCE}),
        Found.RETURN: frozenset({Dimension.SOURCE}),
        Found.VOUCHER: frozenset({Dimension.ENTITY}),
        Found.INVOICE: frozenset({Dimension.ENTITY}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method. `service` is the service's name without its package; paths name fields of the request.

    `own` is where the id of a batch stands, which concerns whoever started it. `counts` says for each allowance what is
    counted; `holds_once`: a call is one hold.
    """

    path: str  # as gRPC has it: `/xunyuan.stock.v1.StockService/HoldStock`
    service: str
    name: str
    does: Does
    shared: bool
    told_by: Mapping[Dimension, tuple[str, ...]]
    found_by: Mapping[Found, str]
    counts: Mapping[str, tuple[str, ...]]
    holds_once: bool
    own: str = ""

    @property
    def permission(self) -> str:
        """The permission for this method alone."""
        return f"{self.service}.{self.name}"

    def tells(self, dimension: Dimension) -> bool:
        """Whether a request says, by a field or by an id, what it concerns of the dimension."""
        return dimension in self.told_by or any(dimension in TOLD_WHEN_FOUND[kind] for kind in self.found_by)


@cache
def methods() -> Mapping[str, Method]:
    """Every method by its path."""
    text = files("solver.access").joinpath("methods.yaml").read_text("utf-8")
    services: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    read = [_method(service, name, row) for service, rows in services.items() for name, row in rows.items()]
    return MappingProxyType({one.path: one for one in read})


def _method(service: str, name: str, row: dict[str, Any]) -> Method:
    known = {"does", "shared", "finds", "own", *_COUNTS, *(str(one) for one in Dimension)}
    assert row.keys() <= known, f"{service}.{name} has unknown words: {sorted(row.keys() - known)}"
    counted = {one: tuple(row[one]) for one in _COUNTS if isinstance(row.get(one), list)}
    return Method(
        path=f"/{service}/{name}",
        service=service.rpartition(".")[2],
        name=name,
        does=Does(row["does"]),
        shared=row.get("shared", False),
        told_by={one: tuple(row[one]) for one in Dimension if one in row},
        found_by={Found(kind): path for kind, path in row.get("finds", {}).items()},
        counts=counted,
        holds_once=row.get("holds") == ONCE,
        own=row.get("own", ""),
    )
