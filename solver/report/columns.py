"""Columns of whole numbers and of texts as a few bytes that a page unpacks fast.

Each column is stored in the narrowest type that holds it, differences from row to row where asked, the bytes of equal
rank side by side: so they deflate well. All columns make one zlib stream; the directory says where each begins.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TYPES = (("i1", 1), ("i2", 2), ("i4", 4), ("f8", 8))  # beyond 32 bits as a float, which is exact up to 2^53
_LEVEL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where a column begins in the unpacked bytes; `kind` is a type of `_TYPES`, or text, one row a line."""

    name: str
    kind: str
    begins: int
    size: int
    rows: int
    delta: bool = False


class Packing:
    """Columns that are gathered, then packed at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._begins = 0
        self.directory: list[Column] = []

    def add(self, name: str, values: Sequence[int] | NDArray[np.int64], *, delta: bool = False) -> None:
        """Whole numbers; `delta` for such as change little from row to row."""
        numbers = np.asarray(values, dtype=np.int64)
        stored = np.diff(numbers, prepend=0) if delta else numbers
        kind, width = _narrowest(stored)
        ranked = stored.astype(f"<{kind}").view(np.uint8).reshape(-1, width).T if len(stored) else stored[:0]
        self._keep(name, kind, np.ascontiguousarray(ranked).tobytes(), len(numbers), delta=delta)

    def add_text(self, name: str, values: Sequence[str]) -> None:
        """Texts without line breaks."""
        self._keep(name, "text", "\n".join(values).encode(), len(values), delta=False)

    def packed(self) -> str:
        """All columns, as a page carries them."""
        return base64.b64encode(zlib.compress(b"".join(self._parts), _LEVEL)).decode("ascii")

    def _keep(self, name: str, kind: str, part: bytes, rows: int, *, delta: bool) -> None:
        self.directory.append(Column(name=name, kind=kind, begins=self._begins, size=len(part), rows=rows, delta=delta))
        self._parts.append(part)
        self._begins += len(part)


def _narrowest(numbers: NDArray[np.int64]) -> tuple[str, int]:
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    for kind, width in _TYPES[:-1]:
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return kind, width
    return _TYPES[-1]
