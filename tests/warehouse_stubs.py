"""Stubs of the services of the warehouse."""

import grpc

from solver.gen.xunyuan.stock.v1 import (
    consignments_pb2_grpc,
    counts_pb2_grpc,
    imports_pb2_grpc,
    partners_pb2_grpc,
    places_pb2_grpc,
    returns_pb2_grpc,
)


class WarehouseStubs:
    """One stub for each service."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.places = places_pb2_grpc.PlaceServiceStub(channel)
        self.consignments = consignments_pb2_grpc.ConsignmentServiceStub(channel)
        self.counts = counts_pb2_grpc.CountServiceStub(channel)
        self.imports = imports_pb2_grpc.StockImportServiceStub(channel)
        self.partners = partners_pb2_grpc.PartnerStockServiceStub(channel)
        self.returns = returns_pb2_grpc.ReturnServiceStub(channel)
