"""A disk that SQLite writes to, and that fails when it is told to, or is cut off from power."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

Write = tuple[int, bytes]
NAME = "failing-disk"
USUAL = apsw.vfs_names()[0]


@dataclass
class Kept:
    """One file: what is on the disk for certain, and what was written since and may still be lost."""

    durable: bytes = b""
    is_there: bool = False
    since: list[Write | int] = field(default_factory=list)  # a number: the file was cut to so many bytes


@dataclass(kw_only=True)
class Disk:
    """`before` is asked before each read, write, sync and cut of a file, and may raise what SQLite is to be told."""

    before: Callable[[str], None] = lambda _: None
    files: dict[Path, Kept] = field(default_factory=dict)

    def left_after_a_power_cut(self, draw: random.Random | None) -> dict[Path, bytes]:
        """What a cut leaves now: only what is certain, or also a part of the rest, drawn piece by piece."""
        left = {}
        for path, file in self.files.items():
            if file.is_there or (draw is not None and file.since and draw.random() < 0.5):
                left[path] = _some_of(file, draw)
        return left

    def is_forced(self, path: Path) -> None:
        """Whatever was written to this file is certain from now on."""
        self.files[path] = Kept(durable=path.read_bytes(), is_there=True)


def _some_of(file: Kept, draw: random.Random | None) -> bytes:
    content = bytearray(file.durable)
    for piece in file.since if draw is not None else ():
        assert draw is not None
        if draw.random() < 0.5:
            continue
        if isinstance(piece, int):
            del content[piece:]
            continue
        offset, data = piece
        torn = data if draw.random() < 0.8 else data[: draw.randrange(len(data) + 1)]
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(torn)] = torn
    return bytes(content)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__(USUAL, name, flags)
        self._disk = disk
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        disk.files.setdefault(self._path, Kept())

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - SQLite's name
        self._disk.before("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        self._disk.before("write")
        super().xWrite(data, offset)
        self._disk.files[self._path].since.append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.before("truncate")
        super().xTruncate(size)
        self._disk.files[self._path].since.append(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.before("sync")
        super().xSync(flags)
        self._disk.is_forced(self._path)


class _FileSystem(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(NAME, USUAL)
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self._disk, name, flags) if name else super().xOpen(name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self._disk.files.pop(Path(filename), None)


@contextmanager
def writing_to(disk: Disk) -> Iterator[None]:
    """Files that SQLite opens meanwhile are on this disk."""
    file_system = _FileSystem(disk)
    apsw.set_default_vfs(NAME)
    try:
        yield
    finally:
        apsw.set_default_vfs(USUAL)
        file_system.unregister()
