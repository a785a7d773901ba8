"""The client's side of who may sell what."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import channels_pb2 as pb
from solver.gen.xunyuan.stock.v1 import channels_pb2_grpc
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota
from solver.stock.layers.picture_model import StockPicture
from solver.stock.layers.shops import Listing, Shop
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ChannelClient:
    """Methods of `Client.channels`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = channels_pb2_grpc.ChannelServiceStub(channel)

    def set_warehouses(self, nouns: Iterable[LogicalWarehouse], *, request_id: str | None = None) -> None:
        """Let sites feed logical warehouses."""
        request = pb.SetLogicalWarehousesRequest(request_id=request_id or new_request_id())
        request.warehouses.extend(to_proto(one, pb.LogicalWarehouse) for one in nouns)
        call(self._stub.SetLogicalWarehouses, request, timeout_seconds=self._seconds)

    def warehouses(self) -> tuple[LogicalWarehouse, ...]:
        """Every logical warehouse, in the order in which they are served."""
        request = pb.ListLogicalWarehousesRequest()
        answer = call(self._stub.ListLogicalWarehouses, request, timeout_seconds=self._seconds)
        return tuple(noun_of(one, LogicalWarehouse) for one in answer.warehouses)

    def set_channels(self, nouns: Iterable[Channel], *, request_id: str | None = None) -> None:
        """Write channels over those with the same ids."""
        request = pb.SetChannelsRequest(request_id=request_id or new_request_id())
        request.channels.extend(to_proto(one, pb.Channel) for one in nouns)
        call(self._stub.SetChannels, request, timeout_seconds=self._seconds)

    def all(self) -> tuple[Channel, ...]:
        """Every channel, in the order in which they are served."""
        answer = call(self._stub.ListChannels, pb.ListChannelsRequest(), timeout_seconds=self._seconds)
        return tuple(noun_of(one, Channel) for one in answer.channels)

    def set_quotas(self, rows: Iterable[Quota], *, request_id: str | None = None) -> None:
        """Give channels quotas; one that says nothing ends its quota."""
        request = pb.SetQuotasRequest(request_id=request_id or new_request_id())
        request.quotas.extend(to_proto(one, pb.Quota) for one in rows)
        call(self._stub.SetQuotas, request, timeout_seconds=self._seconds)

    def quotas(self, skus: Sequence[str] = ()) -> Iterator[Quota]:
        """The quotas of these SKUs, or of all; pages are fetched as they are needed."""
        request = pb.ListQuotasRequest(skus=skus)
        while True:
            answer = call(self._stub.ListQuotas, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Quota) for one in answer.quotas)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def rebalance(
        self, skus: Sequence[str] = (), site_ids: Sequence[str] = (), *, request_id: str | None = None
    ) -> int:
        """Bring free units back to what feeds and quotas say; how many moved."""
        request = pb.RebalanceRequest(request_id=request_id or new_request_id(), skus=skus, site_ids=site_ids)
        return call(self._stub.Rebalance, request, timeout_seconds=self._seconds).moved_units

    def sellable(
        self, channel_ids: Sequence[str], skus: Sequence[str], logical_id: str | None = None
    ) -> dict[tuple[str, str], int]:
        """(channel, SKU) -> units that the channel may still hold; of one logical warehouse, or of all."""
        request = pb.GetSellableStockRequest(channel_ids=channel_ids, skus=skus, logical_id=logical_id)
        answer = call(self._stub.GetSellableStock, request, timeout_seconds=self._seconds)
        return {(one.channel_id, one.sku): one.units for one in answer.units}

    def set_shops(self, nouns: Iterable[Shop], *, request_id: str | None = None) -> None:
        """Write shops over those with the same ids."""
        request = pb.SetShopsRequest(request_id=request_id or new_request_id())
        request.shops.extend(to_proto(one, pb.Shop) for one in nouns)
        call(self._stub.SetShops, request, timeout_seconds=self._seconds)

    def shops(self) -> tuple[Shop, ...]:
        """Every shop, in the order of their ids."""
        answer = call(self._stub.ListShops, pb.ListShopsRequest(), timeout_seconds=self._seconds)
        return tuple(noun_of(one, Shop) for one in answer.shops)

    def set_listings(self, rows: Iterable[Listing], *, request_id: str | None = None) -> None:
        """Begin listings of shops, or end them."""
        request = pb.SetListingsRequest(request_id=request_id or new_request_id())
        request.listings.extend(to_proto(one, pb.Listing) for one in rows)
        call(self._stub.SetListings, request, timeout_seconds=self._seconds)

    def picture(self, sku: str) -> StockPicture:
        """One SKU through all five layers, with every number between."""
        answer = call(self._stub.GetStockPicture, pb.GetStockPictureRequest(sku=sku), timeout_seconds=self._seconds)
        return noun_of(answer.picture, StockPicture)
