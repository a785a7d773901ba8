"""Databases by themselves, without a service: backups, and the audit of the books."""

import argparse
import sys

from solver.app import audited, rebuilt
from solver.schema import STEPS
from solver.storage.backup import back_up, restore

MOST_SHOWN = 20


def run_backup(options: argparse.Namespace) -> int:
    """Write everything to one file; a service may run meanwhile."""
    back_up(options.url or options.data, options.file, STEPS)
    sys.stdout.write(f"backed up to {options.file}\n")
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Make an empty database what a backup holds."""
    restore(options.file, options.url or options.data, STEPS)
    sys.stdout.write(f"restored from {options.file}\n")
    return 0


def run_audit(options: argparse.Namespace) -> int:
    """Rebuild the books, or what a SKU's accounts held at a time."""
    return _run_rebuild(options) if options.sku else _run_audit(options)


def _run_rebuild(options: argparse.Namespace) -> int:
    """Print what every account of the SKU held, those that held nothing left out."""
    found = [one for one in rebuilt(options.url or options.data, options.sku, options.at) if one.posted]
    for one in found:
        account, held = one.account, one.credits_pending
        name = "/".join(filter(None, (account.book, account.kind, account.holder)))
        sys.stdout.write(f"{name}: {one.posted}" + (f", of which {held} held\n" if held else "\n"))
    if not found:
        sys.stdout.write(f"no account held any {options.sku}\n")
    return 0


def _run_audit(options: argparse.Namespace) -> int:
    """Rebuild the books from their transfers; 1 where a row is wrong, and the first is named first."""
    entries, found = audited(options.url or options.data)
    for one in found[:MOST_SHOWN]:
        sys.stdout.write(f"{one.where}: {one.rule}: expected {one.expected}; found {one.found}\n")
    if len(found) > MOST_SHOWN:
        sys.stdout.write(f"and {len(found) - MOST_SHOWN} more\n")
    sys.stdout.write(f"{len(found)} rows are wrong\n" if found else f"the books balance: {entries} entries\n")
    return 1 if found else 0
