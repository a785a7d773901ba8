"""Runs as a page in a file."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from solver.errors import InvalidRequest, XunyuanError
from solver.report.content import Gatherings, content_of
from solver.report.page import Language, page_of

_BYTES_PER_MB = 1_000_000


def write_page(path: Path, read: Gatherings, language: Language, console: Console) -> None:
    """Write the page and say how large it is. Raises XunyuanError where it cannot stand there."""
    text = page_of(*content_of(read), language)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}", reason=InvalidRequest.reason) from error
    orders = len(read.gathered[0].order_ids)
    console.print(escape(f"{path}: {orders:,} orders, {len(text.encode()) / _BYTES_PER_MB:.1f} MB"))
