"""Adapters by the words of a job: a platform to practise on, files, or a class of one's own."""

import importlib
import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import msgspec

from solver.errors import InvalidRequest, Violations
from solver.publishing.adapter import Adapter, Refused, Shown, Taken
from solver.publishing.listing import Listing
from solver.publishing.practice import PracticePlatform, Temper
from solver.publishing.turns import SystemTimer

PRACTICE = "practice"
_FILES = "files:"


def adapter_of(said: str, channel_id: str, folder: Path) -> Adapter:
    """`practice`, `files:FOLDER` (beside the job), or `module:function`, which is called with the channel's id.

    Raises InvalidRequest where there is no such adapter.
    """
    if said == PRACTICE:
        return PracticePlatform(temper=Temper(), timer=SystemTimer())
    if said.startswith(_FILES):
        return FileAdapter(folder / said.removeprefix(_FILES))
    module, _, name = said.partition(":")
    try:
        return cast("Adapter", getattr(importlib.import_module(module), name)(channel_id))
    except (ImportError, AttributeError, ValueError) as error:
        violations = Violations()
        remedy = f"give practice, files:FOLDER, or module:function ({error})"
        violations.add(f"channels.{channel_id}.adapter", said, remedy)
        raise InvalidRequest("the adapter", violations.found) from error


class FileAdapter:
    """Writes a file for each shop, one listing a line, for platforms that take uploads. It is replaced whole."""

    settles_after_seconds = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def create(self, shop_id: str, listings: Sequence[Listing]) -> Sequence[Taken | Refused]:
        """Add lines; the code of an item is its id in the file."""
        return self._put(shop_id, {one.item_id: one for one in listings})

    def update(self, shop_id: str, listings: Mapping[str, Listing]) -> Sequence[Taken | Refused]:
        """Replace lines."""
        return self._put(shop_id, listings)

    def find(self, shop_id: str, item_ids: Sequence[str]) -> Sequence[Shown]:
        """Which items have a line."""
        rows = self._read(shop_id)
        return [Shown(item_id=one, remote_id=one) for one in item_ids if one in rows]

    def delist(self, shop_id: str, remote_ids: Sequence[str]) -> None:
        """Leave lines out."""
        with self._lock:
            rows = self._read(shop_id)
            self._write(shop_id, {key: row for key, row in rows.items() if key not in remote_ids})

    def _put(self, shop_id: str, listings: Mapping[str, Listing]) -> Sequence[Taken | Refused]:
        with self._lock:
            rows = self._read(shop_id)
            rows.update((one.item_id, msgspec.to_builtins(one)) for one in listings.values())
            self._write(shop_id, rows)
        return [Taken(remote_id=one.item_id) for one in listings.values()]

    def _path(self, shop_id: str) -> Path:
        return self._folder / f"{shop_id.replace('/', '_')}.jsonl"

    def _read(self, shop_id: str) -> dict[str, object]:
        path = self._path(shop_id)
        if not path.is_file():
            return {}
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        return {row["item_id"]: row for row in rows}

    def _write(self, shop_id: str, rows: Mapping[str, object]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(shop_id)
        fresh = path.with_suffix(".new")
        fresh.write_text(
            "".join(f"{json.dumps(row, ensure_ascii=False, sort_keys=True)}\n" for row in rows.values()),
            encoding="utf-8",
        )
        fresh.replace(path)
