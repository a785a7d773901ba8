"""The search made ready before it is timed."""

import threading

from rich.console import Console

from solver.sourcing.snapshot import warm

NOTICE_SECONDS = 5.0  # a search that is compiled already is ready long before


def make_ready(console: Console) -> None:
    """Compile the search, or load it; where that takes long, say so. So no order's decision is charged with it."""
    text = "compiling the search, as after every change of it; this takes some minutes"
    notice = threading.Timer(NOTICE_SECONDS, console.print, [text])
    notice.daemon = True
    notice.start()
    try:
        warm()
    finally:
        notice.cancel()
