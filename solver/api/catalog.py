"""CatalogService."""

import grpc

from solver.api.lookup import look_up
from solver.api.reading import read_all
from solver.catalog.model import Material, SalesItem
from solver.catalog.store import CatalogStore
from solver.gen.xunyuan.catalog.v1 import catalog_pb2 as pb
from solver.gen.xunyuan.catalog.v1 import catalog_pb2_grpc
from solver.storage.once import request_for
from solver.wire.codec import to_proto


class CatalogServicer(catalog_pb2_grpc.CatalogServiceServicer):
    """Materials and sales items."""

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
