"""`stock import`: a CSV file of stock into a running service, all of it or its good rows, once."""

import argparse
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from solver.cli.connecting import connected
from solver.cli.stock_file import StockFile, read_stock_file
from solver.client import CallFailed, Client
from solver.errors import RequestIdReused, XunyuanError
from solver.stock.physical.import_model import ImportOutcome, RefusedRow


def run(options: argparse.Namespace) -> int:
    """Load the file; 0 when every row was loaded, 1 when some were refused."""
    body = _body(options.file)
    file = read_stock_file(body)
    with connected(options) as client:
        outcome = _load(client, options, file, request_id=f"stock-file-{hashlib.sha256(body).hexdigest()}")
    refused = sorted([*file.refused, *outcome.refused], key=lambda one: one.line)
    for one in refused:
        sys.stderr.write(f"{one}\n")
    if options.refused_to is not None and refused:
        _write_refused(options.refused_to, file, refused)
    sys.stdout.write(_summary(file, outcome, refused))
    return 1 if refused else 0


def _body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise XunyuanError(f"{path} cannot be read: {error.strerror}", reason="NO_SUCH_FILE") from error


def _load(client: Client, options: argparse.Namespace, file: StockFile, *, request_id: str) -> ImportOutcome:
    if not file.rows:
        return ImportOutcome(loaded_rows=0, entry_id=0, refused=())
    try:
        return client.warehouse.imports.load(
            file.rows,
            options.file.name,
            request_id=request_id,
            good_rows_only=options.good_rows,
            validate_only=options.check or (bool(file.refused) and not options.good_rows),
        )
    except CallFailed as failed:
        if failed.reason == RequestIdReused.reason:
            raise XunyuanError(
                "the good rows of this very file were loaded before; put those that are to be loaded now into a file "
                "of their own",
                reason=RequestIdReused.reason,
            ) from failed
        raise


def _write_refused(path: Path, file: StockFile, refused: Iterable[RefusedRow]) -> None:
    lines = dict.fromkeys(one.line for one in refused)
    path.write_text("\n".join([file.header, *(file.lines[line] for line in lines)]) + "\n", encoding="utf-8")


def _summary(file: StockFile, outcome: ImportOutcome, refused: Iterable[RefusedRow]) -> str:
    bad = len({one.line for one in refused})
    if outcome.loaded_rows:
        loaded = f"{outcome.loaded_rows} rows loaded by journal entry {outcome.entry_id}"
    else:
        loaded = "nothing loaded"
    return f"{len(file.lines)} rows read, {bad} bad, {loaded}\n"
