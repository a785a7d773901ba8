"""Nouns of waves and the messages that say the same."""

from enum import StrEnum
from typing import Any

from solver.gen.xunyuan.sourcing.v1 import wave_pb2
from solver.waves.limits import WaveLimits
from solver.waves.plan import (
    Branch,
    Merge,
    OrderAtSource,
    OrderPrice,
    Outside,
    Packing,
    QuotaAnswer,
    Refused,
    Resource,
    ResourceKind,
    ResourcePrice,
    ShadowPrice,
    SplitCost,
)
from solver.waves.wave import CarrierCapacity, OrderTerms, Quota, QuotaBasis, SourceTerms, WaveTerms, WorkMinutes

WAVE_TWINS: list[tuple[type[Any], type[Any]]] = [
    (SourceTerms, wave_pb2.SourceTerms),
    (CarrierCapacity, wave_pb2.CarrierCapacity),
    (Quota, wave_pb2.Quota),
    (OrderTerms, wave_pb2.OrderTerms),
    (WorkMinutes, wave_pb2.WorkMinutes),
    (WaveTerms, wave_pb2.WaveTerms),
    (WaveLimits, wave_pb2.WaveLimits),
    (Resource, wave_pb2.Resource),
    (ShadowPrice, wave_pb2.ShadowPrice),
    (SplitCost, wave_pb2.SplitCost),
    (OrderPrice, wave_pb2.OrderPrice),
    (Packing, wave_pb2.Packing),
    (ResourcePrice, wave_pb2.ResourcePrice),
    (OrderAtSource, wave_pb2.OrderAtSource),
    (Branch, wave_pb2.Branch),
    (QuotaAnswer, wave_pb2.QuotaAnswer),
    (Merge, wave_pb2.Merge),
    (Outside, wave_pb2.Outside),
    (Refused, wave_pb2.Refused),
]
WAVE_ENUMS: list[tuple[type[StrEnum], Any]] = [
    (QuotaBasis, wave_pb2.QuotaBasis),
    (ResourceKind, wave_pb2.ResourceKind),
]
