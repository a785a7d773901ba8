"""Whom a request concerns that names something by its id: the brand, sources or entity of what the id stands for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from solver.access.methods import TOLD_WHEN_FOUND, Found, Method
from solver.access.model import Dimension
from solver.access.requests import concerned_by_fields, values_at
from solver.access.rights import Concerned
from solver.app import Application
from solver.errors import InvalidRequest, NotFound
from solver.fulfilment import records
from solver.ledger.books.desk import LedgerDesk

_Finder = Callable[[str], Mapping[Dimension, Iterable[str]]]


class Subjects:
    """Looks up what ids stand for. An id of nothing concerns nobody, and so is within nobody's limits."""

    def __init__(self, application: Application) -> None:
        self._application = application
        warehouse = application.warehouse
        desk = LedgerDesk(application.database, application.clock, application.ledger)
        self._finders: Mapping[Found, _Finder] = {
            Found.PLAN: self._plan,
            Found.HOLD: lambda one: _sources(units.site_id for units in application.holding.get(one).contents),
            Found.CONSIGNMENT: lambda one: _consignment(warehouse.consigning.get(one)),
            Found.COUNT: lambda one: _sources([warehouse.counting.get(one).site_id]),
            Found.RETURN: lambda one: _sources([warehouse.returning.get(one).site_id]),
            Found.VOUCHER: lambda one: {Dimension.ENTITY: [desk.voucher(one)[0].entity]},
            Found.INVOICE: lambda one: {Dimension.ENTITY: [application.finance.invoicing.get(one).entity]},
        }

    def concerned(self, method: Method, request: Any, dimensions: Iterable[Dimension]) -> Concerned:
        """What a request concerns of each of the dimensions: what its fields name, or else what its ids stand for."""
        wanted = frozenset(dimensions)
        by_fields = {one: concerned_by_fields(method, request, one) for one in wanted if one in method.told_by}
        return {**self._by_ids(method, request, wanted - by_fields.keys()), **by_fields}

    def is_own(self, method: Method, request: Any, caller_id: str) -> bool:
        """Whether a request is about what its caller started himself."""
        if not method.own:
            return False
        ids = values_at(request, method.own)
        return bool(ids) and all(self._starter(one) == caller_id for one in ids)

    def _starter(self, operation_id: str) -> str | None:
        try:
            return self._application.operations.get(operation_id).started_by or None
        except NotFound:
            return None

    def _by_ids(self, method: Method, request: Any, wanted: frozenset[Dimension]) -> Concerned:
        found: dict[Dimension, frozenset[str]] = {}
        for kind, path in method.found_by.items():
            if not wanted & TOLD_WHEN_FOUND[kind]:
                continue
            for named in filter(None, values_at(request, path)):
                for dimension, values in self._find(kind, named).items():
                    found[dimension] = found.get(dimension, frozenset()) | frozenset(values)
        return found

    def _find(self, kind: Found, named: str) -> Mapping[Dimension, Iterable[str]]:
        try:
            return self._finders[kind](named)
        except (NotFound, InvalidRequest):
            return {}

    def _plan(self, plan_id: str) -> Mapping[Dimension, Iterable[str]]:
        with self._application.database.read() as reader:
            record = records.find(reader, plan_id)
        if record is None:
            return {}
        return {Dimension.BRAND: [record.brand], **_sources(one.source_id for one in record.plan.packages)}


def _sources(source_ids: Iterable[str]) -> dict[Dimension, list[str]]:
    return {Dimension.SOURCE: list(source_ids)}


def _consignment(consignment: Any) -> dict[Dimension, list[str]]:
    """Both ends of a transfer; a purchase has only one."""
    return _sources(filter(None, (consignment.from_site_id, consignment.site_id)))
