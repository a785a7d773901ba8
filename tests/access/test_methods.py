"""The table of methods is whole, and the fields that it names exist."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import solver.gen
from solver.access.methods import Does, methods
from solver.access.model import Dimension
from solver.access.permissions import allowed_by
from tests.faults.every_method import READS


def described() -> dict[str, Any]:
    """Every method of every service as its descriptor has it, by its path."""
    names = [one.name for one in walk_packages(solver.gen.__path__, "solver.gen.") if one.name.endswith("_pb2")]
    services = [one for name in names for one in import_module(name).DESCRIPTOR.services_by_name.values()]
    return {f"/{service.full_name}/{method.name}": method for service in services for method in service.methods}


def test_every_method_of_every_service_stands_in_the_table() -> None:
    assert methods().keys() == described().keys()


def test_no_two_services_share_the_name_that_permissions_use() -> None:
    services = {path.split("/")[1] for path in methods()}
    assert len({name.rpartition(".")[2] for name in services}) == len(services)


def test_what_reads_by_its_name_does_so_in_the_table_and_nothing_else() -> None:
    reads = {path for path, one in methods().items() if one.name.startswith(READS)}
    admin = {path for path, one in methods().items() if one.service == "AccessService"}
    assert {path for path, one in methods().items() if one.does is Does.READ} == reads - admin
    assert {one.does for path, one in methods().items() if path in admin} == {Does.ADMIN}


@pytest.mark.parametrize("path", sorted(methods()))
def test_every_field_that_a_row_names_is_one_of_the_request(path: str) -> None:
    method, request = methods()[path], described()[path].input_type
    for name in (name for paths in method.told_by.values() for name in paths):
        assert _field(request, name).type == _field(request, name).TYPE_STRING, name
    for name in method.found_by.values():
        assert _field(request, name).type == _field(request, name).TYPE_STRING, name
    for name in (name for paths in method.counts.values() for name in paths):
        assert _field(request, name).is_repeated, name


@pytest.mark.parametrize("path", sorted(methods()))
def test_a_request_with_sites_sources_brands_or_entities_says_so_in_its_row(path: str) -> None:
    method, request = methods()[path], described()[path].input_type
    if method.shared or method.does is Does.ADMIN:
        return
    named = {
        "brand": Dimension.BRAND,
        "brands": Dimension.BRAND,
        "cost_centre": Dimension.DEPARTMENT,
        "entity": Dimension.ENTITY,
        "site_id": Dimension.SOURCE,
        "site_ids": Dimension.SOURCE,
    }
    found = {named[name] for name in _names(request, 2) if name in named}
    assert [one for one in found if not method.tells(one)] == NOT_TOLD.get(method.name, [])


# Their requests name it where it does not say whom they concern, or not always.
NOT_TOLD = {
    "PostBill": [Dimension.DEPARTMENT],
}


def test_permissions_go_by_everything_by_kind_by_service_and_by_method() -> None:
    every = frozenset(methods())
    stock = frozenset(path for path, one in methods().items() if one.service == "CountService")
    assert allowed_by(["*"]) == every
    assert allowed_by(["read", "write", "admin"]) == every
    assert allowed_by(["CountService:*"]) == stock
    assert allowed_by(["CountService:read"]) == {
        "/xunyuan.stock.v1.CountService/GetCount",
        "/xunyuan.stock.v1.CountService/ListCounts",
    }
    assert allowed_by(["CountService.GetCount"]) == {"/xunyuan.stock.v1.CountService/GetCount"}
    assert allowed_by(["CountService.Nothing", "countservice:read", ""]) == frozenset()


def _field(message: Any, path: str) -> Any:
    *way, last = path.split(".")
    for name in way:
        message = message.fields_by_name[name].message_type
    return message.fields_by_name[last]


def _names(message: Any, depth: int) -> Iterator[str]:
    for field in message.fields:
        yield field.name
        if field.message_type is not None and depth:
            yield from _names(field.message_type, depth - 1)
