"""Stock that a decision saw, as bytes: which sources of a network had the SKU, and how many units.

Sources are named by their position in the network that is kept with it.
"""

from collections.abc import Sequence

import numpy as np

from solver.site_units import Numbering, SiteUnits
from solver.storage.versions import packed, unpacked

MOST_PLAIN_BYTES = 2_000  # to compress less takes longer than to write it
_WIDTHS = ("<u1", "<u2", "<u4", "<i8")  # of a number of units, by the first byte
_ABOVE = len(_WIDTHS)  # added to the first byte where numbers count from the least, which then comes next
_LEAST_BYTES = 8
_least, _most = np.minimum.reduce, np.maximum.reduce  # half of what the methods of an array take
_PACKED = 0x78  # what is compressed begins so


def packed_units(units: SiteUnits, numbering: Numbering) -> tuple[bytes, dict[str, int]]:
    """The units at numbered sources as bytes, and those at other sites.

    The bytes are a bit for each source, whether it is among these, and then the units of those that are.
    """
    layout, there = units.worked_out(SiteUnits.at_numbers, numbering)
    least, most = (int(_least(there)), int(_most(there))) if len(there) else (0, 0)
    span = most - least
    if span >= 1 << 32:
        width, least = 3, 0
    else:
        width = (span >= 1 << 8) + (span >= 1 << 16)
    counts = (there - least).astype(_WIDTHS[width])
    first = bytes([_ABOVE + width]) + least.to_bytes(_LEAST_BYTES, "little", signed=True)
    body = b"".join([first, layout.bits, counts.tobytes()])
    elsewhere = {} if layout.is_all else {one: of for one, of in units.items() if one not in numbering}
    return (packed(body) if len(body) > MOST_PLAIN_BYTES else body), elsewhere


def unpacked_units(body: bytes, source_ids: Sequence[str]) -> dict[str, int]:
    """What was packed, by this build or an earlier one, with the ids of the network's sources by their positions."""
    if body[0] == _PACKED:
        body = unpacked(body)
    width, at, least = body[0], 1, 0
    if width >= _ABOVE:
        width, at = width - _ABOVE, 1 + _LEAST_BYTES
        least = int.from_bytes(body[1:at], "little", signed=True)
    mask = at + -(-len(source_ids) // 8)
    known = np.unpackbits(np.frombuffer(body[at:mask], dtype=np.uint8), count=len(source_ids))
    counts = np.frombuffer(body[mask:], dtype=_WIDTHS[width]).astype(np.int64) + least
    return dict(zip((source_ids[at] for at in np.flatnonzero(known).tolist()), counts.tolist(), strict=True))
