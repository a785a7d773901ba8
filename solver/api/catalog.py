"""CatalogService."""

from dataclasses import dataclass
from typing import Any

import grpc

from solver.api.catalog_kinds import import_rows, kind_of
from solver.api.lookup import look_up
from solver.api.paging import page
from solver.api.reading import enum_of, read_all, request_of
from solver.catalog.categories import Category
from solver.catalog.fields.model import Layer
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.catalog.store import CatalogStore, channel_row
from solver.catalog.versioned import VersionedStore
from solver.errors import Violations
from solver.gen.xunyuan.catalog.v1 import catalog_pb2 as pb
from solver.gen.xunyuan.catalog.v1 import catalog_pb2_grpc, category_pb2
from solver.storage.once import request_for
from solver.validation import MOST_ROWS, check_rows, check_unique
from solver.wire.codec import fill_proto, time_of, to_proto


class CatalogServicer(catalog_pb2_grpc.CatalogServiceServicer):
    """Materials, sales items, channel items and categories."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def UpsertMaterials(
        self, request: pb.UpsertMaterialsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertMaterialsResponse:
        """Add or replace materials."""
        materials = read_all(request.materials, Material, "materials")
        named = request_for("UpsertMaterials", request.request_id, materials)
        return pb.UpsertMaterialsResponse(written=self._store.upsert_materials(named, materials))

    def UpsertSalesItems(
        self, request: pb.UpsertSalesItemsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertSalesItemsResponse:
        """Add or replace sales items."""
        items = read_all(request.sales_items, SalesItem, "sales_items")
        named = request_for("UpsertSalesItems", request.request_id, items)
        return pb.UpsertSalesItemsResponse(written=self._store.upsert_sales_items(named, items))

    def UpsertChannelItems(
        self, request: pb.UpsertChannelItemsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertChannelItemsResponse:
        """Add or replace channel items."""
        items = read_all(request.channel_items, ChannelItem, "channel_items")
        named = request_for("UpsertChannelItems", request.request_id, items)
        return pb.UpsertChannelItemsResponse(written=self._store.upsert_channel_items(named, items))

    def UpsertCategories(
        self, request: pb.UpsertCategoriesRequest, context: grpc.ServicerContext
    ) -> pb.UpsertCategoriesResponse:
        """Add or replace categories."""
        categories = read_all(request.categories, Category, "categories")
        named = request_for("UpsertCategories", request.request_id, categories)
        return pb.UpsertCategoriesResponse(written=self._store.upsert_categories(named, categories))

    def BatchGetMaterials(
        self, request: pb.BatchGetMaterialsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetMaterialsResponse:
        """Read materials."""
        found = look_up(self._store.catalog.materials, request.skus, "skus", "material")
        return pb.BatchGetMaterialsResponse(materials=[to_proto(material, pb.Material) for material in found])

    def BatchGetSalesItems(
        self, request: pb.BatchGetSalesItemsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetSalesItemsResponse:
        """Read sales items."""
        found = look_up(self._store.catalog.sales_items, request.item_ids, "item_ids", "sales item")
        return pb.BatchGetSalesItemsResponse(sales_items=[to_proto(item, pb.SalesItem) for item in found])

    def ResolveCodes(self, request: pb.ResolveCodesRequest, context: grpc.ServicerContext) -> pb.ResolveCodesResponse:
        """What a channel's codes stand for."""
        catalog = self._store.catalog
        found = look_up(
            {code: code for code in request.codes if catalog.knows(request.channel, code)},
            request.codes,
            "codes",
            "channel item, sales item or material",
        )
        resolved = (catalog.resolved(request.channel, code) for code in found)
        return pb.ResolveCodesResponse(codes=[to_proto(one, pb.ResolvedCode) for one in resolved])

    def ListVersions(self, request: pb.ListVersionsRequest, context: grpc.ServicerContext) -> pb.ListVersionsResponse:
        """Every version of something, or one."""
        layer = self._layer(request.layer)
        noun_id = _row_id(layer, request.channel, request.item_id)
        store, version = layer.store, request.version
        one = store.get(noun_id, version)  # refuses what there is not
        found = [one] if version else store.versions(noun_id)
        response = pb.ListVersionsResponse()
        for noun in found:
            fill_proto(noun, getattr(response, layer.rows).add())
        return response

    def ChangeState(self, request: pb.ChangeStateRequest, context: grpc.ServicerContext) -> pb.ChangeStateResponse:
        """Move versions on in life."""
        layer = self._layer(request.layer)
        state = enum_of(request.state, pb.LifeState, LifeState, "state")
        times = {
            name: time_of(request, name) for name in ("effective_from", "effective_until") if request.HasField(name)
        }
        violations = Violations()
        check_rows(request.item_ids, "item_ids", violations)
        check_unique(request.item_ids, "item_ids", violations)
        violations.refuse_any("the change of life")
        changed = layer.store.change_life(
            request_of("ChangeState", request.request_id, request),
            [_row_id(layer, request.channel, item_id) for item_id in request.item_ids],
            state,
            version=request.version,
            path="item_ids",
            **times,
        )
        return pb.ChangeStateResponse(changed=changed)

    def ListCatalog(self, request: pb.ListCatalogRequest, context: grpc.ServicerContext) -> pb.ListCatalogResponse:
        """Read what is in force, page by page."""
        kind = kind_of(request.kind)
        shown, token = page(
            sorted(kind.nouns(self._store.catalog), key=kind.key),
            kind.key,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        response = pb.ListCatalogResponse(next_page_token=token)
        for noun in shown:
            fill_proto(noun, getattr(response, kind.rows).add())
        return response

    def ImportCatalog(
        self, request: pb.ImportCatalogRequest, context: grpc.ServicerContext
    ) -> pb.ImportCatalogResponse:
        """Check every row, and write all or none."""
        return import_rows(self._store, request)

    def _layer(self, number: int) -> "_Layer":
        layer = enum_of(number, category_pb2.Layer, Layer, "layer")
        return {
            Layer.MATERIAL: _Layer(rows="materials", store=self._store.materials),
            Layer.SALES_ITEM: _Layer(rows="sales_items", store=self._store.sales_items),
            Layer.CHANNEL_ITEM: _Layer(rows="channel_items", store=self._store.channel_items),
        }[layer]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    rows: str  # as messages call them
    store: VersionedStore[Any]


def _row_id(layer: _Layer, channel: str, item_id: str) -> str:
    return channel_row(channel, item_id) if layer.rows == "channel_items" else item_id
