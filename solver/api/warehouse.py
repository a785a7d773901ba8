"""The services of what happens to goods at and between sites."""

import grpc

from solver.api.consignments import ConsignmentServicer
from solver.api.counts import CountServicer
from solver.api.imports import StockImportServicer
from solver.api.partners import PartnerStockServicer
from solver.api.places import PlaceServicer
from solver.api.returns import ReturnServicer
from solver.fulfilment.warehousing.warehouse import Warehouse
from solver.gen.xunyuan.stock.v1 import (
    consignments_pb2,
    consignments_pb2_grpc,
    counts_pb2,
    counts_pb2_grpc,
    imports_pb2,
    imports_pb2_grpc,
    partners_pb2,
    partners_pb2_grpc,
    places_pb2,
    places_pb2_grpc,
    returns_pb2,
    returns_pb2_grpc,
)

WAREHOUSE_PROTOS = (consignments_pb2, counts_pb2, imports_pb2, partners_pb2, places_pb2, returns_pb2)


def add_warehouse_services(server: grpc.Server, warehouse: Warehouse) -> None:
    """One servicer for each part of the warehouse."""
    consignments_pb2_grpc.add_ConsignmentServiceServicer_to_server(ConsignmentServicer(warehouse.consigning), server)
    counts_pb2_grpc.add_CountServiceServicer_to_server(CountServicer(warehouse.counting), server)
    imports_pb2_grpc.add_StockImportServiceServicer_to_server(StockImportServicer(warehouse.stock_import), server)
    partners_pb2_grpc.add_PartnerStockServiceServicer_to_server(PartnerStockServicer(warehouse.partnering), server)
    places_pb2_grpc.add_PlaceServiceServicer_to_server(PlaceServicer(warehouse.placing), server)
    returns_pb2_grpc.add_ReturnServiceServicer_to_server(ReturnServicer(warehouse.returning), server)
