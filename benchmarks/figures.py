"""The figures that the documentation quotes: `make figures` prints them, `--write` puts them into docs/figures.md.

Every section is what its own command prints. What is counted is made two commands at a time, what is timed alone.
"""

import argparse
import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.section import Section
from benchmarks.sections import SECTIONS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "figures.md"
SHARED = ROOT.parent / "shared" / "data"
BUSY_LOAD = 0.5  # of other work, before the first command
WARM = "from solver.waves.warm import warm; warm()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a section's command printed, and whether it found fault."""

    text: str
    failed: bool
    seconds: float


def main() -> int:
    """Compute and print, or write; fail where a command found fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/figures.md instead of printing")
    parser.add_argument("--short", action="store_true", help="a few orders of each, to see that all of it runs")
    titles = [section.title for section in SECTIONS]
    parser.add_argument("--only", action="append", default=[], choices=titles, help="make this section again")
    options = parser.parse_args()
    commit, before = _commit(), os.getloadavg()[0]
    sections = [section for section in SECTIONS if SHARED.exists() or not section.asks_real_data]
    chosen = [section for section in sections if section.title in options.only or not options.only]
    made = _made(chosen, short=options.short)
    conditions = _conditions(commit, before, os.getloadavg()[0])
    texts = {
        section.title: _section(section, one, short=options.short) for section, one in zip(chosen, made, strict=True)
    }
    if options.only:
        page = renewed(PAGE.read_text("utf-8"), {title: f"{text}\n{conditions}\n" for title, text in texts.items()})
    else:
        page = "\n".join((*_heading(conditions, complete=len(sections) == len(SECTIONS)), *texts.values()))
    if options.write:
        PAGE.write_text(page, "utf-8")
    else:
        sys.stdout.write(page)
    return int(any(one.failed for one in made))


def _made(sections: Sequence[Section], *, short: bool) -> list[Made]:
    """What each command prints, in the sequence of the sections. All find the search compiled."""
    subprocess.run([sys.executable, "-c", WARM], cwd=ROOT, check=True)
    with ThreadPoolExecutor(2) as pair:
        counting = {section.title: pair.submit(_run, section, short=short) for section in sections if section.counts}
        counted = {title: future.result() for title, future in counting.items()}
    return [counted[section.title] if section.counts else _run(section, short=short) for section in sections]


def _run(section: Section, *, short: bool) -> Made:
    arguments = section.short if short else section.arguments
    sys.stderr.write(f"measuring: {section.title}\n")
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    sys.stderr.write(done.stderr)
    return Made(text=done.stdout.rstrip(), failed=done.returncode != 0, seconds=time.perf_counter() - begun)


def _heading(conditions: str, *, complete: bool) -> Iterator[str]:
    yield "# Figures"
    yield ""
    yield "Made by `.venv/bin/python -m benchmarks.figures --write` (`make figures` prints them). Each section is what"
    yield "its own command prints, says how long that took, and what was checked. Compare ratios within one section:"
    yield "absolute times depend on the machine and on what else runs on it. What is only counted was made two commands"
    yield "at a time, what is timed alone. A goal that is not reached stays beside its figure. A section that was made"
    yield "again by itself, with `--only TITLE`, ends with when."
    yield ""
    yield conditions
    yield ""
    if not complete:
        yield "The real data sets are not on this machine; their sections are left out."
        yield ""


def _section(section: Section, made: Made, *, short: bool) -> str:
    arguments = section.short if short else section.arguments
    lines = [f"## {section.title}", "", f"`python -m {arguments}` ({made.seconds:.0f} s)", ""]
    lines += [section.text.strip(), "", made.text, ""]
    if made.failed:
        lines += ["**This command found fault or broke down.**", ""]
    return "\n".join(lines)


def renewed(page: str, texts: Mapping[str, str]) -> str:
    """The page with these sections in place of those of the same title; a new one stands where it does in SECTIONS."""
    heading, *sections = page.split("\n## ")
    known = {section.partition("\n")[0]: "## " + section.rstrip("\n") + "\n" for section in sections}
    order = list(known)
    at = 0
    for section in SECTIONS:
        if section.title in known:
            at = order.index(section.title) + 1
        elif section.title in texts:
            order.insert(at, section.title)
            at += 1
    return "\n".join((heading, *((texts.get(title) or known[title]) for title in order)))


def _commit() -> str:
    """The commit, marked dirty where files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _conditions(commit: str, before: float, after: float) -> str:
    """When, from what and where: date, commit, machine, and what else ran."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, Python {platform.python_version()}, {os.cpu_count()} cores; "
        f"load average {before:.1f} before the first command, {after:.1f} after the last"
        f"{'; other work ran beside it' if before > BUSY_LOAD else ''}."
    )


if __name__ == "__main__":
    sys.exit(main())
