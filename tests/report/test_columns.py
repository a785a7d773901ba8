"""Columns as a page carries them, unpacked as the page does it."""

import base64
import zlib

import numpy as np
import pytest

from solver.report.columns import Column, Packing


def unpacked(packed: str, column: Column) -> list[int] | list[str]:
    """What `columns.js` does."""
    stored = zlib.decompress(base64.b64decode(packed))[column.begins : column.begins + column.size]
    if column.kind == "text":
        return stored.decode().split("\n") if column.rows else []
    kind = np.dtype(f"<{column.kind}")
    ranked = np.frombuffer(stored, np.uint8).reshape(kind.itemsize, column.rows)
    values = np.ascontiguousarray(ranked.T).view(kind).reshape(-1)
    found: list[int] = [int(value) for value in (np.cumsum(values, dtype=float) if column.delta else values)]
    return found


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "i1"),
        ([-128, 127], "i1"),
        ([0, 128], "i2"),
        ([-32_769, 5], "i4"),
        ([2**31, -(2**52), 7], "f8"),
    ],
)
def test_numbers_come_back_from_the_narrowest_type(values: list[int], kind: str) -> None:
    packing = Packing()
    packing.add("numbers", values)
    [column] = packing.directory
    assert column.kind == kind
    assert unpacked(packing.packed(), column) == values


def test_columns_stand_one_after_the_other_and_large_numbers_as_small_steps() -> None:
    packing = Packing()
    packing.add_text("ids", ["A-1", "订单-2"])
    packing.add("placed", [1_772_438_400, 1_772_438_460, 1_772_438_461], delta=True)
    packing.add("region", [1, 0, 2])
    packing.add_text("nothing", [])
    texts, placed, region, nothing = packing.directory
    packed = packing.packed()
    assert unpacked(packed, texts) == ["A-1", "订单-2"]
    assert unpacked(packed, placed) == [1_772_438_400, 1_772_438_460, 1_772_438_461]
    assert unpacked(packed, region) == [1, 0, 2]
    assert unpacked(packed, nothing) == []
