"""`promise`: when an order could be there and at what cost, by each option."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import msgspec
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ids import shortened_rows
from solver.cli.tables import LEAST_ID_WIDTH, WIDE
from solver.client import Delivery, DeliveryFee, DeliveryOption, OptionPromise, Promise, Term
from solver.errors import XunyuanError
from solver.money import format_minor
from solver.scenario.files import read_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a shop offers: a file with options and fees."""

    options: tuple[DeliveryOption, ...] = ()
    fees: tuple[DeliveryFee, ...] = ()


def run(options: argparse.Namespace) -> int:
    """Ask a running service, print the table."""
    order = replace(read_order(options.order), promised_at=None)
    offered = read_offered(options.options) if options.options else Offered()
    with connected(options) as client:
        promise = client.promise(
            order,
            policy_id=options.policy,
            policy_version=options.policy_version,
            options=offered.options,
            fees=offered.fees,
            valid_for=timedelta(minutes=options.valid_minutes),
        )
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(promise)).decode() + "\n")
        return 0
    console = Console()
    for part in page(promise, console.width):
        console.print(part)
    return 0


def page(promise: Promise, width: int) -> Iterator[RenderableType]:
    """A row for each delivery, then which are first.

    On a narrow screen option and delivery share a column, and so do each package's source and service; dates bear no
    year, and chances are left out where none is known.
    """
    narrow = width < WIDE
    shown = [(option, _named(option)) for option in promise.options]
    chances = not narrow or any(one.on_time_permille is not None for _, named in shown for _, one in named)
    yield f"for orders placed until {promise.valid_until:%Y-%m-%d %H:%M:%S} UTC; nothing is held"
    table = Table(pad_edge=False)
    table.add_column("option", overflow="fold", min_width=LEAST_ID_WIDTH)
    if not narrow:
        table.add_column("", no_wrap=True)
    table.add_column("promised (UTC)", no_wrap=not narrow)
    for heading in ("on time", "fee", "cost") if chances else ("fee", "cost"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("from", overflow="fold", min_width=LEAST_ID_WIDTH)
    rows: list[Sequence[str]] = []
    for option, named in shown:
        option_id = option.option_id
        if not named:
            rows.append([f"{option_id}\n  nothing"] if narrow else [option_id, "nothing"])
        for name, delivery in named:
            first = [f"{option_id}\n  {name}"] if narrow else [option_id, name]
            rows.append([*first, *_row(delivery, promise.currency, narrow=narrow, chances=chances)])
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    yield table
    if promise.earliest_option_id:
        yield escape(f"earliest: {promise.earliest_option_id}; cheapest: {promise.cheapest_option_id}")
    yield from (escape(note) for note in promise.notes)


def _named(option: OptionPromise) -> list[tuple[str, Delivery]]:
    """The option's deliveries; one row stands for both where they are the same."""
    earliest, cheapest = option.earliest, option.cheapest
    if earliest and cheapest and (earliest.promised_at, earliest.packages) == (cheapest.promised_at, cheapest.packages):
        return [("both", earliest)]
    return [(name, one) for name, one in (("earliest", earliest), ("cheapest", cheapest)) if one]


def _row(delivery: Delivery, currency: str, *, narrow: bool, chances: bool) -> tuple[str, ...]:
    chance = delivery.on_time_permille
    between = "\n  " if narrow else ", "
    packages = [f"{package.source_id}{between}{package.service_id}" for package in delivery.packages]
    units = "1 unit" if delivery.unpromised_units == 1 else f"{delivery.unpromised_units} units"
    missing = [f"{units} cannot be promised"] if delivery.unpromised_units else []
    return (
        f"{delivery.promised_at:{'%m-%d %H:%M' if narrow else '%Y-%m-%d %H:%M'}}",
        *(["-" if chance is None else f"{chance // 10}.{chance % 10} %"] if chances else []),
        format_minor(delivery.fee_minor, currency),
        format_minor(delivery.total_minor - delivery.cost_minor[Term.UNFILLED], currency),
        "\n".join([*packages, *missing]),
    )


def read_offered(path: Path) -> Offered:
    """Read a file with options and fees. Raises XunyuanError with what is wrong."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Offered)
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}; name a JSON file") from error
    except msgspec.DecodeError as error:
        raise XunyuanError(f"{path}: {error}") from error
