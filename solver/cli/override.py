"""`override plan` and `override list`: plans that a person decides."""

import argparse
import sys
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ids import plan_meant, shortened_rows
from solver.cli.plan import show
from solver.cli.tables import LEAST_ID_WIDTH
from solver.client import Client, OverrideCommand, PackedUnits, StatedPackage
from solver.errors import XunyuanError

_REMEDY = "give SOURCE,SERVICE,LINE=UNITS, as WH-1,truck-ground,1=2; LINE:SKU=UNITS for a part of a line"


class NotAPackage(XunyuanError):
    """A package that cannot be read."""

    reason = "NOT_A_PACKAGE"


def run(options: argparse.Namespace) -> int:
    """Put packages in the place of a plan, and show the plan that they make."""
    if bool(options.package) == bool(options.packages):
        raise NotAPackage("say what is to ship: --package, once for each, or --packages FILE")
    with connected(options) as client:
        plan_id = plan_meant(client, options.plan_id)
        packages = _read(options.packages) if options.packages else _stated(client, plan_id, options.package)
        command = OverrideCommand(
            plan_id=plan_id,
            packages=packages,
            reason=options.reason,
            override_rules=tuple(options.rule),
            validate_only=options.validate_only,
        )
        standing = client.overrides.override(command)
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(standing)).decode() + "\n")
    else:
        show(standing)
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Who decided which plan, why, and what it costs more than the optimiser's; 0 also where there are none."""
    with connected(options) as client:
        found = list(client.overrides.every(after_number=options.after))
    if options.json:
        sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
        return 0
    if not found:
        sys.stdout.write("no plan was decided by a person\n")
        return 0
    table = Table(pad_edge=False)
    table.add_column("number", justify="right")
    for heading in ("order", "plan", "instead of"):
        table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
    for heading in ("by", "at (UTC)"):
        table.add_column(heading, no_wrap=True)
    table.add_column("extra", justify="right")
    table.add_column("reason, rules broken", ratio=1, overflow="fold")
    rows = [
        (
            str(one.number),
            one.order_id,
            one.plan_id,
            one.replaces_plan_id,
            one.override.by,
            f"{one.override.at:%Y-%m-%d %H:%M}",
            str(one.override.extra_minor),
            "; ".join((one.override.reason, *one.override.rules)),
        )
        for one in found
    ]
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    Console().print(table)
    return 0


def _read(path: Path) -> tuple[StatedPackage, ...]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[StatedPackage, ...])
    except OSError as error:
        raise NotAPackage(f"{path}: {error.strerror}; name a JSON file with a list of packages") from error
    except msgspec.DecodeError as error:
        raise NotAPackage(f"{path}: {error}; see docs/overrides.md for what a package says") from error


def _stated(client: Client, plan_id: str, texts: list[str]) -> tuple[StatedPackage, ...]:
    """Packages as they are typed; a line whose SKU is not said has the one that the plan has for it."""
    planned: dict[str, set[str]] = {}
    for package in client.get_plan(plan_id).plan.packages:
        for packed in package.contents:
            planned.setdefault(packed.line_id, set()).add(packed.sku)
    return tuple(_package(text, planned) for text in texts)


def _package(text: str, planned: dict[str, set[str]]) -> StatedPackage:
    source_id, _, rest = text.partition(",")
    service_id, _, contents = rest.partition(",")
    if not (source_id and service_id and contents):
        raise NotAPackage(f"{text!r} is no package: {_REMEDY}")
    packed = tuple(_packed(one, planned, text) for one in contents.split(","))
    return StatedPackage(source_id=source_id, service_id=service_id, contents=packed)


def _packed(text: str, planned: dict[str, set[str]], package: str) -> PackedUnits:
    named, _, units = text.rpartition("=")
    line_id, _, sku = named.partition(":")
    if not line_id or not units.isdecimal():
        raise NotAPackage(f"{text!r} of {package!r} says no units of a line: {_REMEDY}")
    skus = {sku} if sku else planned.get(line_id, set())
    if len(skus) != 1:
        known = ", ".join(sorted(skus)) or "nothing"
        raise NotAPackage(f"line {line_id!r} of the plan ships {known}: say which, as {line_id}:SKU={units}")
    return PackedUnits(line_id=line_id, sku=next(iter(skus)), units=int(units))
