"""The nouns of who may sell what, and their messages."""

from typing import Any

from solver.gen.xunyuan.stock.v1 import channels_pb2, picture_pb2
from solver.stock.layers.channel_model import Channel, ChannelUnits, Feed, LogicalWarehouse, Quota
from solver.stock.layers.picture_model import (
    CeilingPicture,
    ChannelPicture,
    PartPicture,
    PoolPicture,
    ShopPicture,
    SitePicture,
    StockPicture,
)
from solver.stock.layers.shops import Listing, Shop

CHANNEL_PROTOS = (channels_pb2, picture_pb2)
CHANNEL_TWINS: list[tuple[type[Any], type[Any]]] = [
    (Feed, channels_pb2.Feed),
    (LogicalWarehouse, channels_pb2.LogicalWarehouse),
    (Channel, channels_pb2.Channel),
    (Quota, channels_pb2.Quota),
    (ChannelUnits, channels_pb2.ChannelUnits),
    (Shop, channels_pb2.Shop),
    (Listing, channels_pb2.Listing),
    (PartPicture, picture_pb2.PartPicture),
    (SitePicture, picture_pb2.SitePicture),
    (CeilingPicture, picture_pb2.CeilingPicture),
    (PoolPicture, picture_pb2.PoolPicture),
    (ChannelPicture, picture_pb2.ChannelPicture),
    (ShopPicture, picture_pb2.ShopPicture),
    (StockPicture, picture_pb2.StockPicture),
]
