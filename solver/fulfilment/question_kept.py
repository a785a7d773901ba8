"""A question as bytes: what one plan saw, and the digests of what many plans have in common.

The bytes are JSON, and behind it the stock that was seen, SKU after SKU. Long JSON is packed; before what is not, a
byte says so, and four how long it is.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import msgspec

from solver.fulfilment.command import StockAmount
from solver.fulfilment.question import UnitsBySource
from solver.fulfilment.stock_seen import unpacked_units
from solver.orders.model import Order
from solver.orders.private import has_place
from solver.orders.private import without_person as order_without_person
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.storage.database import Reader
from solver.storage.versions import packed

_PLAIN = b"\x01"  # no packed body begins like this
_LENGTH_BYTES = 4
_MOST_PLAIN_BYTES = 2_048  # to pack so few takes longer than to write them
encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What all orders have in common that are planned under one policy on one network: both, the latter as digests."""

    policy: Policy
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """A question without its grounds, whose digest `grounds` is, and with a digest for each row of the catalog.

    `stock_bytes` says how long the bytes are that stand behind the rest: what was available of a SKU at the network's
    sources. `available` is what was elsewhere, and `held` what was on hand where that was other. What earlier builds
    wrote has policy and `versions` here, the bytes of the SKUs in `stock`, or else all that was available in
    `available`, `on_hand` whole, and the rows of the catalog together in `versions`. With `place_erased` the order's
    coordinates were erased with the person: it would be decided for the centre of its region now.
    """

    order: Order
    grounds: str = ""
    available: UnitsBySource = field(default_factory=dict)
    on_hand: UnitsBySource = field(default_factory=dict)
    amounts: tuple[StockAmount, ...] = ()
    standing: tuple[tuple[str, str], ...] = ()
    values: MinorBySource = field(default_factory=dict)
    values_version: int = 0
    landed_costs: MinorBySource = field(default_factory=dict)
    held: UnitsBySource = field(default_factory=dict)
    place_erased: bool = False
    of_catalog: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stock_bytes: Mapping[str, int] = field(default_factory=dict)
    policy: Policy | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    stock: Mapping[str, bytes] = field(default_factory=dict)

    def seen(self, source_ids: Sequence[str]) -> tuple[UnitsBySource, UnitsBySource]:
        """What was available and on hand, by SKU and source; `source_ids` are the kept network's."""
        available = {sku: unpacked_units(body, source_ids) for sku, body in self.stock.items()}
        for sku, of in self.available.items():
            available[sku] = {**available.get(sku, {}), **of}
        return available, self.on_hand or {sku: {**of, **self.held.get(sku, {})} for sku, of in available.items()}


_decode = msgspec.json.Decoder(KeptQuestion).decode
decode_grounds = msgspec.json.Decoder(Grounds).decode


def body_of(said: Mapping[str, object], stock: Mapping[str, bytes]) -> bytes:
    """What is kept of a question that says this by KeptQuestion's fields, the empty ones left out, and of its stock."""
    filled = {name: value for name, value in said.items() if value}
    filled["stock_bytes"] = {sku: len(units) for sku, units in stock.items()}
    return _joined(encode(filled), *stock.values())


def body_of_plan(reader: Reader, plan_id: str) -> bytes | None:
    """What is kept of a plan's question; None where nothing is."""
    rows = reader.query("SELECT body FROM plan_question WHERE plan_id = ?", (plan_id,))
    return bytes(rows[0][0]) if rows else None


def without_person(body: bytes) -> bytes:
    """The same once whoever ordered is erased."""
    said, behind = _parted(body)
    order = _decode(said).order
    fields = msgspec.json.decode(said)
    fields["order"] = order_without_person(order)
    fields["place_erased"] = fields.get("place_erased", False) or has_place(order)
    return _joined(encode(fields), behind)


def question_of(body: bytes) -> KeptQuestion:
    """What was kept, with the stock's bytes where they belong."""
    said, behind = _parted(body)
    kept = _decode(said)
    if not kept.stock_bytes:
        return kept
    ends = [0, *accumulate(kept.stock_bytes.values())]
    stock = {sku: behind[begin:end] for sku, begin, end in zip(kept.stock_bytes, ends, ends[1:], strict=False)}
    return replace(kept, stock=stock)


def _joined(said: bytes, *behind: bytes) -> bytes:
    if len(said) > _MOST_PLAIN_BYTES:
        return b"".join([packed(said), *behind])
    return b"".join([_PLAIN, len(said).to_bytes(_LENGTH_BYTES, "little"), said, *behind])


def _parted(body: bytes) -> tuple[bytes, bytes]:
    """The JSON, and what stands behind it."""
    begin = len(_PLAIN) + _LENGTH_BYTES
    if body.startswith(_PLAIN):
        end = begin + int.from_bytes(body[len(_PLAIN) : begin], "little")
        return body[begin:end], body[end:]
    unpacking = zlib.decompressobj()
    return unpacking.decompress(body), unpacking.unused_data
