"""The client's side of what happens to goods at and between sites."""

import grpc

from solver.client.consignments import ConsignmentClient
from solver.client.counts import CountClient
from solver.client.imports import ImportClient
from solver.client.partners import PartnerClient
from solver.client.places import PlaceClient
from solver.client.returns import ReturnClient


class WarehouseClient:
    """`Client.warehouse`: one part for each kind of work. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self.places = PlaceClient(channel, seconds)
        self.consignments = ConsignmentClient(channel, seconds)
        self.counts = CountClient(channel, seconds)
        self.imports = ImportClient(channel, seconds)
        self.partners = PartnerClient(channel, seconds)
        self.returns = ReturnClient(channel, seconds)
