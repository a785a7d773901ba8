"""The catalog of a service: its layers and categories, read, imported, and moved on in life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc

from solver.catalog.catalog import ResolvedCode
from solver.catalog.categories import Category
from solver.catalog.fields.model import Layer
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.catalog.row_faults import RowFault
from solver.client.channel import call, new_request_id
from solver.errors import Violations
from solver.gen.xunyuan.catalog.v1 import catalog_pb2 as pb
from solver.gen.xunyuan.catalog.v1 import catalog_pb2_grpc, category_pb2
from solver.wire.codec import fill_proto, from_proto

_NOUNS: dict[str, type[Any]] = {
    "categories": Category,
    "materials": Material,
    "sales_items": SalesItem,
    "channel_items": ChannelItem,
}
_ROWS = {Layer.MATERIAL: "materials", Layer.SALES_ITEM: "sales_items", Layer.CHANNEL_ITEM: "channel_items"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many rows were written, and what is wrong with rows: then none was."""

    written: int
    faults: tuple[RowFault, ...] = ()
    faults_left_out: int = 0


class CatalogClient:
    """CatalogService. Every method raises CallFailed, or InvalidRequest for a value that cannot be sent at all.

    `kind` is categories, materials, sales_items or channel_items.
    """

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._stub = catalog_pb2_grpc.CatalogServiceStub(channel)
        self._seconds = seconds

    def import_rows(
        self, kind: str, nouns: Sequence[Any], *, validate_only: bool = False, request_id: str | None = None
    ) -> Imported:
        """Let the service check at most 50,000 rows, and keep all of them where none has a fault."""
        request = pb.ImportCatalogRequest(request_id=request_id or new_request_id(), validate_only=validate_only)
        rows = getattr(request, kind)
        for noun in nouns:
            fill_proto(noun, rows.add())
        answer = call(self._stub.ImportCatalog, request, timeout_seconds=self._seconds)
        return Imported(
            written=answer.written,
            faults=tuple(_read(fault, RowFault) for fault in answer.faults),
            faults_left_out=answer.faults_left_out,
        )

    def rows(self, kind: str) -> Iterator[Any]:
        """What is in force of one kind, by id."""
        request = pb.ListCatalogRequest(kind=pb.CatalogKind.Value(f"CATALOG_KIND_{kind.upper()}"))
        while True:
            answer = call(self._stub.ListCatalog, request, timeout_seconds=self._seconds)
            yield from (_read(message, _NOUNS[kind]) for message in getattr(answer, kind))
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def versions(self, layer: Layer, item_id: str, *, channel: str = "", version: int = 0) -> list[Any]:
        """Every version of something, or one of them."""
        request = pb.ListVersionsRequest(layer=_layer(layer), item_id=item_id, channel=channel, version=version)
        answer = call(self._stub.ListVersions, request, timeout_seconds=self._seconds)
        rows = _ROWS[layer]
        return [_read(message, _NOUNS[rows]) for message in getattr(answer, rows)]

    def change_state(
        self,
        layer: Layer,
        item_ids: Sequence[str],
        state: LifeState,
        *,
        channel: str = "",
        version: int = 0,
        effective_from: datetime | None = None,
        effective_until: datetime | None = None,
        request_id: str | None = None,
    ) -> int:
        """Move all on in life, or none; returns how many. Version 0: the latest. Times that are None stay."""
        request = pb.ChangeStateRequest(
            request_id=request_id or new_request_id(),
            layer=_layer(layer),
            item_ids=item_ids,
            channel=channel,
            version=version,
            state=pb.LifeState.Value(f"LIFE_STATE_{state.name}"),
        )
        for name, moment in (("effective_from", effective_from), ("effective_until", effective_until)):
            if moment is not None:
                fill_proto(moment, getattr(request, name))
        return call(self._stub.ChangeState, request, timeout_seconds=self._seconds).changed

    def resolve(self, channel: str, codes: Sequence[str]) -> list[ResolvedCode]:
        """What a channel's codes stand for, in the order asked."""
        request = pb.ResolveCodesRequest(channel=channel, codes=codes)
        answer = call(self._stub.ResolveCodes, request, timeout_seconds=self._seconds)
        return [_read(message, ResolvedCode) for message in answer.codes]


def _layer(layer: Layer) -> "category_pb2.Layer.ValueType":
    return category_pb2.Layer.Value(f"LAYER_{layer.name}")


def _read(message: Any, noun: type[Any]) -> Any:
    violations = Violations()
    made = from_proto(message, noun, "", violations)
    violations.refuse_any("the answer")
    return made
