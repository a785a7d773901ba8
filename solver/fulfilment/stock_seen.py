"""Stock that a decision saw, as bytes: which sources of a network had the SKU, and how many units.

Sources are named by their position in the network that is kept with it.
"""

from collections.abc import Sequence

import numpy as np

from solver.site_units import Numbering, SiteUnits
from solver.storage.versions import packed, unpacked

_WIDTHS = ("<u1", "<u2", "<u4", "<i8")  # of a number of units, by the first byte


def packed_units(units: SiteUnits, numbering: Numbering) -> tuple[bytes, dict[str, int]]:
    """The units at numbered sources as bytes, and those at other sites.

    The bytes are a bit for each source, whether it is among these, and then the units of those that are.
    """
    layout, there = units.worked_out(SiteUnits.at_numbers, numbering)
    least, most = (int(there.min()), int(there.max())) if len(there) else (0, 0)
    width = 3 if least < 0 or most >= 1 << 32 else (most >= 1 << 8) + (most >= 1 << 16)
    body = b"".join([bytes([width]), layout.bits, there.astype(_WIDTHS[width]).tobytes()])
    elsewhere = {} if layout.is_all else {one: of for one, of in units.items() if one not in numbering}
    return packed(body), elsewhere


def unpacked_units(body: bytes, source_ids: Sequence[str]) -> dict[str, int]:
    """What was packed, with the ids of the network's sources by their positions."""
    body = unpacked(body)
    mask = -(-len(source_ids) // 8)
    known = np.unpackbits(np.frombuffer(body[1 : 1 + mask], dtype=np.uint8), count=len(source_ids))
    counts = np.frombuffer(body[1 + mask :], dtype=_WIDTHS[body[0]])
    return dict(zip((source_ids[at] for at in np.flatnonzero(known).tolist()), counts.tolist(), strict=True))
