"""Databases by themselves, without a service: backups, archives, and the audit of the books."""

import argparse
import sys
from collections.abc import Sequence

from solver.clock import SystemClock
from solver.fulfilment.archiving import archive_journal_parts
from solver.journal.archive_parts import file_name
from solver.journal.archive_proof import Proof
from solver.journal.archived import Archive
from solver.schema import STEPS
from solver.storage.backup import back_up, restore
from solver.storage.url import open_existing
from solver.upkeep import archived, audited, proven, rebuilt

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
    """Move old entries of the journal to files, all at once or in parts."""
    if options.into is not None:
        return _run_archive_parts(options)
    done = archived(options.url or options.data, options.before, options.file, _progress)
    if done is None:
        return _tell_nothing(options)
    word = "" if done.is_new else ", as before"
    sys.stdout.write(f"{done.archive} is {options.file}{word}; {done.kept_entries} entries stay as well\n")
    sys.stdout.write(f"its digest: {done.archive.digest}\n")
    return 0


def _run_archive_parts(options: argparse.Namespace) -> int:
    database, last = open_existing(options.url or options.data, STEPS), None
    try:
        for done in archive_journal_parts(
            database, options.before, options.into, SystemClock(), _progress, options.part_entries
        ):
            last = done.archive
            sys.stdout.write(f"{last} is {options.into / file_name(last.number)}; {done.kept_entries} entries stay\n")
            sys.stdout.flush()
    finally:
        database.close()
    if last is None:
        return _tell_nothing(options)
    sys.stdout.write(f"the books balance; the last digest: {last.digest}\n")
    return 0


def _tell_nothing(options: argparse.Namespace) -> int:
    sys.stdout.write(f"nothing was entered before {options.before.isoformat()} that is not archived yet\n")
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
