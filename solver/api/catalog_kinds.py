"""Rows of the catalog by their kind: listed, and imported all together or not at all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from solver.api.reading import request_of
from solver.catalog.catalog import Catalog
from solver.catalog.categories import Category
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.catalog.row_faults import by_row
from solver.catalog.store import MOST_IMPORTED, CatalogStore, Checked
from solver.errors import InvalidRequest, Violations
from solver.gen.xunyuan.catalog.v1 import catalog_pb2 as pb
from solver.storage.once import refuse_unnamed
from solver.wire.codec import from_proto, to_proto

MOST_FAULTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogKind:
    """One kind of rows: what messages call them, which there are, and by what they are sorted and named."""

    rows: str
    noun: type[Any]
    nouns: Callable[[Catalog], Iterable[Any]]
    key: Callable[[Any], str]
    check: Callable[[CatalogStore, Any], Checked]


KINDS: Mapping[int, CatalogKind] = {
    pb.CATALOG_KIND_CATEGORIES: CatalogKind(
        rows="categories",
        noun=Category,
        nouns=lambda catalog: catalog.categories.values(),
        key=lambda one: one.category_id,
        check=lambda store, rows: store.checked_categories(rows, MOST_IMPORTED),
    ),
    pb.CATALOG_KIND_MATERIALS: CatalogKind(
        rows="materials",
        noun=Material,
        nouns=lambda catalog: catalog.materials.values(),
        key=lambda one: one.sku,
        check=lambda store, rows: store.checked_materials(rows, MOST_IMPORTED),
    ),
    pb.CATALOG_KIND_SALES_ITEMS: CatalogKind(
        rows="sales_items",
        noun=SalesItem,
        nouns=lambda catalog: catalog.sales_items.values(),
        key=lambda one: one.item_id,
        check=lambda store, rows: store.checked_sales_items(rows, MOST_IMPORTED),
    ),
    pb.CATALOG_KIND_CHANNEL_ITEMS: CatalogKind(
        rows="channel_items",
        noun=ChannelItem,
        nouns=lambda catalog: catalog.channel_items.values(),
        key=lambda one: f"{one.channel}\0{one.code}",
        check=lambda store, rows: store.checked_channel_items(rows, MOST_IMPORTED),
    ),
}


def kind_of(number: int) -> CatalogKind:
    """The kind that a number of the wire stands for. Raises InvalidRequest."""
    violations = Violations()
    names = ", ".join(pb.CatalogKind.Name(known) for known in KINDS)  # type: ignore[arg-type]  # plain numbers
    violations.require(number in KINDS, "kind", number, f"give one of {names}")
    violations.refuse_any("the kind")
    return KINDS[number]


def import_rows(store: CatalogStore, request: pb.ImportCatalogRequest) -> pb.ImportCatalogResponse:
    """Check every row; where none has a fault, write them all in one transaction, unless they are only checked.

    Raises InvalidRequest for a request that has not rows of one kind, at most MOST_IMPORTED.
    """
    kind = _kind_of_rows(request)
    violations = Violations()
    rows = [
        from_proto(message, kind.noun, f"{kind.rows}[{position}]", violations)
        for position, message in enumerate(getattr(request, kind.rows))
    ]
    if violations.found:
        return _told(violations)
    named = request_of("ImportCatalog", request.request_id, request)
    refuse_unnamed(named)
    with store.writing:
        checked = kind.check(store, rows)
        if checked.violations.found or request.validate_only:
            return _told(checked.violations)
        try:
            return pb.ImportCatalogResponse(written=checked.write(named))
        except InvalidRequest as refused:  # only the transaction knows which versions there are
            return _told(Violations(found=list(refused.violations)))


def _kind_of_rows(request: pb.ImportCatalogRequest) -> CatalogKind:
    violations = Violations()
    given = [kind for kind in KINDS.values() if getattr(request, kind.rows)]
    told = ", ".join(kind.rows for kind in given) or "no rows"
    violations.require(len(given) == 1, "rows", told, "send rows of one kind, at least one")
    violations.refuse_any("the import")
    [kind] = given
    count = len(getattr(request, kind.rows))
    violations.require(count <= MOST_IMPORTED, kind.rows, f"{count:,} rows", f"send at most {MOST_IMPORTED:,}")
    violations.refuse_any("the import")
    return kind


def _told(violations: Violations) -> pb.ImportCatalogResponse:
    faults = by_row(violations.found)
    return pb.ImportCatalogResponse(
        faults=[to_proto(fault, pb.RowFault) for fault in faults[:MOST_FAULTS]],
        faults_left_out=max(0, len(faults) - MOST_FAULTS),
    )
