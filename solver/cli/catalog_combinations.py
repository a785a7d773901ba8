"""`catalog combine`: combinations as people write them, checked with file and line, into a running service."""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.written import read_noun
from solver.cli.connecting import connected
from solver.client import CallFailed
from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.scenario.yaml_lines import YamlDocument, read_yaml
from solver.validation import MOST_ROWS

_PATH = re.compile(r"^combinations\[(\d+)\]\.?(?:combination\.?)?(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A combination, and where each of its fields stands."""

    combination: Combination
    document: YamlDocument


def run_combine(options: argparse.Namespace) -> int:
    """Keep every combination of the file as the version that follows, or none."""
    written = read_combinations(options.file)
    with connected(options) as client:
        try:
            kept = client.combinations.upsert([one.combination for one in written])
        except CallFailed as failed:
            if not failed.violations:
                raise
            at = [_at_line(one, options.file, written) for one in failed.violations]
            raise InvalidRequest(f"{options.file}", at) from failed
    sys.stdout.write(f"{options.file}: {kept:,} combinations written\n")
    return 0


def read_combinations(path: Path) -> list[Written]:
    """The combinations of a YAML file, one after the other with `---` between them, or of JSON Lines.

    Raises InvalidRequest with file and line of everything that is not of a combination's form.
    """
    violations, found = Violations(), []
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        unread = FieldViolation(field=str(path), value="unreadable", remedy=f"{error}; name a YAML file in UTF-8")
        raise InvalidRequest(f"{path}", [unread]) from error
    for document in _documents(text, path, violations):
        told = Violations()
        combination = read_noun(dict(document.values), Combination, "", told)
        violations.found += [replace(one, field=_place(path, document, one.field)) for one in told.found]
        if combination is not None:
            found.append(Written(combination=combination, document=document))
    violations.require(len(found) <= MOST_ROWS, str(path), f"{len(found)} combinations", f"write at most {MOST_ROWS:,}")
    violations.refuse_any(f"{path}")
    return found


def _documents(text: str, path: Path, violations: Violations) -> Iterator[YamlDocument]:
    """Each with its lines as they are in the whole file."""
    lines = text.splitlines()
    starts = [0, *(at + 1 for at, line in enumerate(lines) if line.rstrip() == "---")]
    if path.suffix == ".jsonl":
        starts = list(range(len(lines)))
    ends = [*(start - (path.suffix != ".jsonl") for start in starts[1:]), len(lines)]
    for start, end in zip(starts, ends, strict=True):
        part = lines[start:end]
        if any(line.strip() and not line.lstrip().startswith("#") for line in part):
            document = read_yaml("\n" * start + "\n".join(part) + "\n", str(path), violations)
            if document is not None:
                yield document


def _at_line(violation: FieldViolation, path: Path, written: list[Written]) -> FieldViolation:
    match = _PATH.match(violation.field)
    if match is None or int(match[1]) >= len(written):
        return violation
    return replace(violation, field=_place(path, written[int(match[1])].document, match[2]))


def _place(path: Path, document: YamlDocument, field: str) -> str:
    line = document.line_of(field) if field else min(document.lines.values())
    return f"{path}:{line}: {field}" if field else f"{path}:{line}"
