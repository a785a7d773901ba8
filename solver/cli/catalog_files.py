"""`catalog import` and `catalog export`: files into a running service and out of it."""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from solver.cli.connecting import connected
from solver.client.catalog import CatalogClient, Imported
from solver.errors import FieldViolation
from solver.importers.catalog.nouns import Kind, kinds
from solver.importers.catalog.portions import Faults, Portion, portions
from solver.importers.catalog.writing import write_table

PORTION_ROWS = 50_000  # what one call takes, and keeps or refuses together
_SHOWN = 100


def run_import(options: argparse.Namespace) -> int:
    """Check every row of a file; where none has a fault, load it."""
    kind = kinds()[options.kind]
    with connected(options) as client:
        faults, written = load_file(client.catalog, options.file, kind, check_only=options.check)
    if options.faults is not None:
        _write_faults(options.faults, faults)
    if faults.count:
        sys.stderr.write("".join(_told(options.file, faults)))
        return 1
    sys.stdout.write(f"{options.file}: " + ("sound\n" if options.check else f"{written:,} {options.kind} written\n"))
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write what is in force of one kind."""
    with connected(options) as client:
        count = write_table(options.file, kinds()[options.kind], client.catalog.rows(options.kind))
    sys.stdout.write(f"{options.file}: {count:,} {options.kind}\n")
    return 0


def load_file(
    catalog: CatalogClient, path: Path, kind: Kind, *, check_only: bool = False, portion_rows: int = PORTION_ROWS
) -> tuple[Faults, int]:
    """Every fault of the file, and how many rows were written: none where there is any fault.

    A file of one portion is kept in one transaction. Of a longer one every portion is checked before the first is
    written; one that was cut short between two portions is simply loaded again.
    """
    faults = Faults()
    found = portions(path, kind, faults, portion_rows)
    first, second = next(found, None), next(found, None)
    if first is None:
        return faults, 0
    if second is None:
        only_check = check_only or bool(faults.count)
        answer = catalog.import_rows(kind.name, first.nouns, validate_only=only_check)
        _add(faults, first, answer)
        return faults, answer.written
    for portion in chain((first, second), found):
        _add(faults, portion, catalog.import_rows(kind.name, portion.nouns, validate_only=True))
    written = 0
    if not (faults.count or check_only):
        for portion in portions(path, kind, Faults(), portion_rows):
            answer = catalog.import_rows(kind.name, portion.nouns)
            _add(faults, portion, answer)
            written += answer.written
    return faults, written


def _add(faults: Faults, portion: Portion, answer: Imported) -> None:
    for fault in answer.faults:
        violation = FieldViolation(field=fault.field, value=fault.value, remedy=fault.remedy)
        faults.add(portion.lines[fault.row], violation)
    faults.count += answer.faults_left_out


def _told(path: Path, faults: Faults) -> Iterator[str]:
    for fault in sorted(faults.found, key=lambda one: one.line)[:_SHOWN]:
        where = f"{path}:{fault.line}: {fault.field}" if fault.field else f"{path}:{fault.line}"
        yield f"{where}: {fault.value}: {fault.remedy}\n"
    if faults.count > _SHOWN:
        yield f"and {faults.count - _SHOWN:,} more; --faults OUT writes them to a file\n"
    yield f"{faults.count:,} faults; nothing was written\n"


def _write_faults(path: Path, faults: Faults) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("line", "field", "value", "remedy"))
        for fault in sorted(faults.found, key=lambda one: one.line):
            writer.writerow((fault.line, fault.field, fault.value, fault.remedy))
