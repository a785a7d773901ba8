"""How fast a channel's code leads to materials, and rows come into the catalog: `python -m benchmarks.catalog`.

Every look-up that is timed is first compared with a scan of the rows that shares no code. Times are the processor's.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from solver.catalog.model import ChannelItem, Material, Part, SalesItem
from solver.catalog.store import MOST_IMPORTED, CatalogStore
from solver.clock import SystemClock
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

CHANNELS = 4
SEED = 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--materials", type=int, default=33_000)
    parser.add_argument("--codes", type=int, default=48_000, help="channel items, of all channels together")
    parser.add_argument("--lookups", type=int, default=200_000)
    options = parser.parse_args()
    materials = [
        Material(
            sku=f"M{number}", name="M", weight_grams=1, attributes={"shelf_life_days": "365", "gtin": "4006381333931"}
        )
        for number in range(options.materials)
    ]
    items = [
        SalesItem(item_id=f"S{number}", name="S", parts=tuple(
            Part(sku=f"M{(7 * number + part) % options.materials}", units=part + 1) for part in range(1 + number % 3)
        ))
        for number in range(options.materials // 3)
    ]  # fmt: skip
    draw = random.Random(SEED)
    codes = [
        ChannelItem(channel=f"channel-{number % CHANNELS}", code=f"C{number // CHANNELS}",
                    item_id=draw.choice((draw.choice(materials).sku, draw.choice(items).item_id)))
        for number in range(options.codes)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder) / "catalog.db", [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
        store = CatalogStore(database, SystemClock())
        writes: tuple[tuple[str, int, Callable[[], int]], ...] = (
            (
                "materials",
                len(materials),
                lambda: store.checked_materials(materials, MOST_IMPORTED).write(request("m")),
            ),
            ("sales items", len(items), lambda: store.checked_sales_items(items, MOST_IMPORTED).write(request("s"))),
            (
                "channel items",
                len(codes),
                lambda: store.checked_channel_items(codes, MOST_IMPORTED).write(request("c")),
            ),
        )
        for name, count, write in writes:
            seconds = cpu_seconds(write)
            print(f"import, one transaction  {count:>8,} {name:<14} {count / seconds:>12,.0f} rows/s")
        check(store, materials, items, codes, draw)
        asked = [(one.channel, one.code) for one in draw.choices(codes, k=options.lookups)]
        rates = (lookups(store, asked), accesses(store, options.lookups))
        print(f"code to materials        {options.lookups:>8,} look-ups       {rates[0]:>12,.0f} /s")
        print(f"the catalog of the moment{options.lookups:>8,} reads          {rates[1]:>12,.0f} /s")
        database.close()
    return 0


def request(request_id: str) -> Request:
    return Request(method="benchmark", request_id=request_id, body_digest=b"")


def cpu_seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def check(
    store: CatalogStore,
    materials: Sequence[Material],
    items: Sequence[SalesItem],
    codes: Sequence[ChannelItem],
    draw: random.Random,
) -> None:
    """Compare with a scan of what was written."""
    catalog = store.catalog
    for one in draw.sample(list(codes), 300):
        [meant] = [code.item_id for code in codes if (code.channel, code.code) == (one.channel, one.code)]
        wanted = [(part.sku, part.units) for item in items if item.item_id == meant for part in item.parts]
        wanted = wanted or [(material.sku, 1) for material in materials if material.sku == meant]
        found = [(part.sku, part.units) for part in catalog.explode(catalog.item_of(one.channel, one.code))]
        assert found == wanted, (one, found, wanted)


def lookups(store: CatalogStore, asked: Sequence[tuple[str, str]]) -> float:
    def look() -> None:
        for channel, code in asked:
            store.catalog.explode(store.catalog.item_of(channel, code))

    return len(asked) / cpu_seconds(look)


def accesses(store: CatalogStore, count: int) -> float:
    def look() -> None:
        for _ in range(count):
            store.catalog  # noqa: B018 - reading it is what is timed

    return count / cpu_seconds(look)


if __name__ == "__main__":
    raise SystemExit(main())
