"""`stock watch`: what shops show, as it changes."""

import argparse
import contextlib
import sys
from collections.abc import Iterator

import msgspec

from solver.cli.connecting import connected
from solver.stock.feed.model import FeedMessage


def run(options: argparse.Namespace) -> int:
    """Print values as they come, each with its number; resume with the last line that says `through`."""
    with connected(options) as client, contextlib.suppress(KeyboardInterrupt):
        for message in client.feed.watch(options.channel, options.shop, after_number=options.after):
            for line in _json(message) if options.json else _lines(message):
                sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            if options.once and message.through_number is not None:
                break
    return 0


def _json(message: FeedMessage) -> Iterator[str]:
    yield msgspec.json.encode(message).decode()


def _lines(message: FeedMessage) -> Iterator[str]:
    """Number, shop, SKU and units; signs of life are left out."""
    if message.begins_snapshot:
        yield "snapshot"
    for value in message.values:
        yield f"{value.number}  {value.shop_id}  {value.sku}  {'delisted' if value.is_delisted else value.units}"
    if message.through_number is not None and (message.values or message.begins_snapshot):
        yield f"through {message.through_number}"
