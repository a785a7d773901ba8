"""ChannelService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read_all, request_of
from solver.errors import Violations
from solver.fulfilment.channels import Channels
from solver.gen.xunyuan.stock.v1 import channels_pb2 as pb
from solver.gen.xunyuan.stock.v1 import channels_pb2_grpc, picture_pb2
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota
from solver.stock.layers.shops import Listing, Shop
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class ChannelServicer(channels_pb2_grpc.ChannelServiceServicer):
    """Who may sell what, and what shops list."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels

    def SetLogicalWarehouses(
        self, request: pb.SetLogicalWarehousesRequest, context: grpc.ServicerContext
    ) -> pb.SetLogicalWarehousesResponse:
        """Let sites feed logical warehouses."""
        named = request_of("SetLogicalWarehouses", request.request_id, request)
        self._channels.set_warehouses(named, read_all(request.warehouses, LogicalWarehouse, "warehouses"))
        return pb.SetLogicalWarehousesResponse()

    def ListLogicalWarehouses(
        self, request: pb.ListLogicalWarehousesRequest, context: grpc.ServicerContext
    ) -> pb.ListLogicalWarehousesResponse:
        """Read every logical warehouse."""
        found = self._channels.warehouses()
        return pb.ListLogicalWarehousesResponse(warehouses=[to_proto(one, pb.LogicalWarehouse) for one in found])

    def SetChannels(self, request: pb.SetChannelsRequest, context: grpc.ServicerContext) -> pb.SetChannelsResponse:
        """Write channels."""
        named = request_of("SetChannels", request.request_id, request)
        self._channels.set_channels(named, read_all(request.channels, Channel, "channels"))
        return pb.SetChannelsResponse()

    def ListChannels(self, request: pb.ListChannelsRequest, context: grpc.ServicerContext) -> pb.ListChannelsResponse:
        """Read every channel."""
        return pb.ListChannelsResponse(channels=[to_proto(one, pb.Channel) for one in self._channels.channels()])

    def SetQuotas(self, request: pb.SetQuotasRequest, context: grpc.ServicerContext) -> pb.SetQuotasResponse:
        """Give channels quotas."""
        named = request_of("SetQuotas", request.request_id, request)
        self._channels.set_quotas(named, read_all(request.quotas, Quota, "quotas"))
        return pb.SetQuotasResponse()

    def ListQuotas(self, request: pb.ListQuotasRequest, context: grpc.ServicerContext) -> pb.ListQuotasResponse:
        """Read quotas, page by page."""
        violations = Violations()
        many = len(request.skus)
        violations.require(many <= MOST_ROWS, "skus", f"{many} rows", f"send at most {MOST_ROWS:,}")
        violations.refuse_any("the filter")
        found = self._channels.quotas(tuple(request.skus))
        shown, token = page(found, _key, page_size=request.page_size, page_token=request.page_token, most=MOST_ROWS)
        return pb.ListQuotasResponse(quotas=[to_proto(one, pb.Quota) for one in shown], next_page_token=token)

    def Rebalance(self, request: pb.RebalanceRequest, context: grpc.ServicerContext) -> pb.RebalanceResponse:
        """Bring free units back to what was said."""
        named = request_of("Rebalance", request.request_id, request)
        moved = self._channels.rebalance(named, tuple(request.skus), tuple(request.site_ids))
        return pb.RebalanceResponse(moved_units=moved)

    def GetSellableStock(
        self, request: pb.GetSellableStockRequest, context: grpc.ServicerContext
    ) -> pb.GetSellableStockResponse:
        """Read what channels may still hold."""
        logical_id = request.logical_id if request.HasField("logical_id") else None
        found = self._channels.sellable(tuple(request.channel_ids), tuple(request.skus), logical_id)
        return pb.GetSellableStockResponse(units=[to_proto(one, pb.ChannelUnits) for one in found])

    def SetShops(self, request: pb.SetShopsRequest, context: grpc.ServicerContext) -> pb.SetShopsResponse:
        """Write shops."""
        named = request_of("SetShops", request.request_id, request)
        self._channels.set_shops(named, read_all(request.shops, Shop, "shops"))
        return pb.SetShopsResponse()

    def ListShops(self, request: pb.ListShopsRequest, context: grpc.ServicerContext) -> pb.ListShopsResponse:
        """Read every shop."""
        return pb.ListShopsResponse(shops=[to_proto(one, pb.Shop) for one in self._channels.shops()])

    def SetListings(self, request: pb.SetListingsRequest, context: grpc.ServicerContext) -> pb.SetListingsResponse:
        """Begin or end listings."""
        named = request_of("SetListings", request.request_id, request)
        self._channels.set_listings(named, read_all(request.listings, Listing, "listings"))
        return pb.SetListingsResponse()

    def GetStockPicture(
        self, request: pb.GetStockPictureRequest, context: grpc.ServicerContext
    ) -> pb.GetStockPictureResponse:
        """Read one SKU through all layers."""
        return pb.GetStockPictureResponse(
            picture=to_proto(self._channels.picture(request.sku), picture_pb2.StockPicture)
        )


def _key(quota: Quota) -> str:
    return "\0".join((quota.sku, quota.logical_id, quota.channel_id, f"{quota.shop_tier:04}"))
