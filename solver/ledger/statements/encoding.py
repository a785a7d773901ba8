"""Which encoding a file is in, and its digest: one pass over its bytes, in pieces."""

import codecs
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.errors import NotFound, XunyuanError

MOST_BYTES = 1_073_741_824
_PIECE_BYTES = 1 << 20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .xls
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Unreadable(XunyuanError):
    """The file is in none of the encodings that it may be in."""

    reason = "UNREADABLE_STATEMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """A file before it is understood."""

    encoding: str
    digest: str
    size_bytes: int


def look_at(path: Path, encodings: Sequence[str]) -> Bytes:
    """The encoding that its mark names, or the first of those given in which all of it can be read.

    Raises NotFound where there is no such file, and Unreadable, with the first line that cannot be read, where none
    fits, the file is empty, a workbook or larger than a gigabyte.
    """
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror}") from error
    if size_bytes == 0:
        raise Unreadable(f"{path.name} is empty")
    if size_bytes > MOST_BYTES:
        raise Unreadable(f"{path.name} has {size_bytes:,} bytes; split it: at most {MOST_BYTES:,} are read")
    if mark in _WORKBOOKS:
        raise Unreadable(f"{path.name} is a workbook or an archive: open it, and save its sheet as CSV in UTF-8")
    for known, encoding in _MARKS:
        if mark.startswith(known):
            encodings = (encoding,)
    candidates = [codecs.getincrementaldecoder(one)("strict") for one in encodings]
    return _decoded(path, list(encodings), candidates, size_bytes)


def _decoded(path: Path, names: list[str], decoders: list[codecs.IncrementalDecoder], size_bytes: int) -> Bytes:
    """Drop each encoding in which a piece cannot be read; the first that is left is the file's."""
    digest = hashlib.sha256()
    fallen: dict[str, int] = {}
    lines = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE_BYTES)
            digest.update(piece)
            for name, decoder in zip(names, decoders, strict=True):
                if name in fallen:
                    continue
                try:
                    decoder.decode(piece, final=not piece)
                except UnicodeDecodeError as error:
                    fallen[name] = lines + piece.count(b"\n", 0, error.start) + 1
            if not piece:
                break
            lines += piece.count(b"\n")
    standing = [name for name in names if name not in fallen]
    if not standing:
        told = ", ".join(f"not {name} from line {fallen[name]} on" for name in names)
        raise Unreadable(f"{path.name} is in none of the encodings that it may be in: {told}; save it as UTF-8")
    return Bytes(encoding=standing[0], digest=digest.hexdigest(), size_bytes=size_bytes)
