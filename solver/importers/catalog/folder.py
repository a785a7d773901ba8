"""A catalog from a folder of files, checked as the service checks it."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from solver.catalog.catalog import Catalog
from solver.catalog.row_faults import by_row
from solver.catalog.store import MOST_IMPORTED, CatalogStore, Checked
from solver.clock import Clock
from solver.errors import FieldViolation, InvalidRequest
from solver.importers.catalog.nouns import kinds
from solver.importers.catalog.portions import Faults, portions
from solver.importers.catalog.rows import FORMATS
from solver.schema import STEPS
from solver.storage.once import request_for
from solver.storage.url import open_database

_CHECKS: dict[str, Callable[[CatalogStore, Sequence[Any]], Checked]] = {
    "categories": lambda store, rows: store.checked_categories(rows, MOST_IMPORTED),
    "materials": lambda store, rows: store.checked_materials(rows, MOST_IMPORTED),
    "sales_items": lambda store, rows: store.checked_sales_items(rows, MOST_IMPORTED),
    "channel_items": lambda store, rows: store.checked_channel_items(rows, MOST_IMPORTED),
}


def catalog_of(folder: Path, clock: Clock) -> Catalog:
    """What the files `categories`, `materials`, `sales_items` and `channel_items` of a folder say, in any format.

    A kind without a file has no rows. Raises InvalidRequest with every fault of a kind, each with its file and line:
    what stands on it is not looked at any further.
    """
    with tempfile.TemporaryDirectory() as scratch:
        database = open_database(Path(scratch), STEPS, durable=False)
        try:
            store = CatalogStore(database, clock)
            for name in _CHECKS:
                for path in (folder / f"{name}{suffix}" for suffix in FORMATS):
                    if path.is_file():
                        _take(store, path, name)
            return store.catalog
        finally:
            database.close()


def _take(store: CatalogStore, path: Path, name: str) -> None:
    faults = Faults()
    for number, portion in enumerate(portions(path, kinds()[name], faults, MOST_IMPORTED)):
        checked = _CHECKS[name](store, portion.nouns)
        for fault in by_row(checked.violations.found):
            violation = FieldViolation(field=fault.field, value=fault.value, remedy=fault.remedy)
            faults.add(portion.lines[fault.row], violation)
        if not faults.count:
            checked.write(request_for("catalog_of", f"{path.name}-{number}"))
    if faults.count:
        told = [
            FieldViolation(field=f"{path}:{one.line}: {one.field}", value=one.value, remedy=one.remedy)
            for one in sorted(faults.found, key=lambda one: one.line)
        ]
        raise InvalidRequest(str(path), told)
