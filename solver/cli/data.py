"""Databases by themselves, without a service: backups, archives, and the audit of the books."""

import argparse
import sys
from collections.abc import Sequence

from solver.app import archived, audited, proven, rebuilt
from solver.journal.archive_proof import Proof
from solver.journal.archived import Archive
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


def run_archive(options: argparse.Namespace) -> int:
    """Move old entries of the journal to a file; no server may run meanwhile."""
    done = archived(options.url or options.data, options.before, options.file, _progress)
    if done is None:
        sys.stdout.write(f"nothing was entered before {options.before.isoformat()} that is not archived yet\n")
        return 0
    word = "" if done.is_new else ", as before"
    sys.stdout.write(f"{done.archive} is {options.file}{word}; {done.kept_entries} entries stay as well\n")
    sys.stdout.write(f"its digest: {done.archive.digest}\n")
    return 0


def _progress(what: str, entries: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what}: {entries:,} of {of:,} entries" + ("\n" if entries == of else ""))


def run_audit(options: argparse.Namespace) -> int:
    """Rebuild the books, or what a SKU's accounts held at a time."""
    return _run_rebuild(options) if options.sku else _run_audit(options)


def _run_rebuild(options: argparse.Namespace) -> int:
    """Print what every account of the SKU held, those that held nothing left out."""
    found = [
        one for one in rebuilt(options.url or options.data, options.sku, options.at, options.archive) if one.posted
    ]
    for one in found:
        account, held = one.account, one.credits_pending
        name = "/".join(filter(None, (account.book, account.kind, account.holder)))
        sys.stdout.write(f"{name}: {one.posted}" + (f", of which {held} held\n" if held else "\n"))
    if not found:
        sys.stdout.write(f"no account held any {options.sku}\n")
    return 0


def _run_audit(options: argparse.Namespace) -> int:
    """Rebuild the books from their transfers; 1 where a row is wrong, and the first is named first."""
    where = options.url or options.data
    entries, found = audited(where)
    proof = proven(where, options.archive)
    wrong = (*found, *proof.broken)
    for one in wrong[:MOST_SHOWN]:
        sys.stdout.write(f"{one.where}: {one.rule}: expected {one.expected}; found {one.found}\n")
    if len(wrong) > MOST_SHOWN:
        sys.stdout.write(f"and {len(wrong) - MOST_SHOWN} more\n")
    sys.stdout.write(f"{len(wrong)} rows are wrong\n" if wrong else f"the books balance: {entries} entries\n")
    _tell_of_archives(proof)
    return 1 if wrong else 0


def _tell_of_archives(proof: Proof) -> None:
    if proof.proven and not proof.broken:
        sys.stdout.write(f"proven from its file: {_listed(proof.proven)}\n")
    if proof.missing:
        sys.stdout.write(f"not proven, for want of its file (--archive): {_listed(proof.missing)}\n")


def _listed(archives: Sequence[Archive]) -> str:
    return ", ".join(map(str, archives))
