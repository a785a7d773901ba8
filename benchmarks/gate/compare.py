"""Did a change make something slower? `python -m benchmarks.gate.compare --base REF` answers, benchmark by benchmark.

`REF` is a commit, a branch or a tag, which is checked out beside the files as they stand; or a file of baselines of
this class of machines. Exits with 1 where something is slower, with 2 where a benchmark found fault.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.gate.baselines import Baseline, measured, read_baseline
from benchmarks.gate.machine import this_machine
from benchmarks.gate.phases import BENCHMARKS
from benchmarks.gate.trees import NoSuchVersion, checked_out
from benchmarks.gate.turns import ROOT, block
from benchmarks.gate.verdicts import MATTERS, SURELY, Judged, Verdict, judged, judged_apart, ratio_of_block

BLOCKS, FURTHER_BLOCKS, TURNS = 6, 8, 9
VERDICTS = (
    f"slower, faster: surely by more than {SURELY:.0%}. same: surely by less than {MATTERS:.0%}. "
    "undecided: neither is sure; give more --blocks, or a quieter machine."
)
NO_BASELINE = "no baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Pairs of processes at first, further ones for what is not clear then, and the turns of each."""

    blocks: int = BLOCKS
    further_blocks: int = FURTHER_BLOCKS
    turns: int = TURNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every benchmark's verdict; `failed` could not be made in one of the versions, with the reason."""

    judged: tuple[Judged, ...]
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def slower(self) -> tuple[Judged, ...]:
        """What became slower."""
        return tuple(one for one in self.judged if one.verdict is Verdict.SLOWER)


def compared(old: Path, new: Path, names: Sequence[str], effort: Effort, first_block: int = 0) -> Comparison:
    """The product of one folder against that of another. What is not clear after the first blocks has further ones."""
    ratios: dict[str, list[float]] = {name: [] for name in names}
    failed: dict[str, str] = {}
    left, number = list(names), first_block
    for blocks in (effort.blocks, effort.further_blocks):
        for _ in range(blocks if left else 0):
            number += 1
            made = block(old, new, left, effort.turns, number)
            failed |= made.failed
            left = [name for name in left if name not in failed]
            for name in left:
                ratios[name].append(ratio_of_block(made.old[name].seconds, made.new[name].seconds))
            sys.stderr.write(f"block {number - first_block}: {len(left)} benchmarks\n")
        left = [name for name in left if judged(name, ratios[name], len(names)).verdict is not Verdict.SAME]
    verdicts = tuple(judged(name, found, len(names)) for name, found in ratios.items() if name not in failed)
    return Comparison(judged=verdicts, failed=failed)


def compared_with(baseline: Baseline, names: Sequence[str], effort: Effort) -> Comparison:
    """The product as it stands against what was measured before, each by the calibration loop of its time.

    What is not clear after the first processes has further ones; those of the baseline stay as few as they were.
    """
    known = [name for name in names if name in baseline.ratios]
    failed = {name: NO_BASELINE for name in names if name not in known}
    ratios: dict[str, tuple[float, ...]] = dict.fromkeys(known, ())
    left, first = known, 0
    for processes in (effort.blocks, effort.further_blocks):
        found, unmade = measured(ROOT, left, processes, effort.turns, first) if left else ({}, {})
        failed |= unmade
        first += processes
        ratios |= {name: ratios[name] + one.ratios for name, one in found.items()}
        verdicts = {
            name: judged_apart(name, baseline.ratios[name], ratios[name], len(known))
            for name in known
            if name not in failed
        }
        left = [name for name, one in verdicts.items() if one.verdict is not Verdict.SAME]
    return Comparison(judged=tuple(verdicts.values()), failed=failed)


def table(comparison: Comparison) -> Iterator[str]:
    """A row for each benchmark; those that changed first."""
    yield "| benchmark | verdict | takes, times the old | surely between | blocks |"
    yield "|---|---|---:|---:|---:|"
    rank = [Verdict.SLOWER, Verdict.FASTER, Verdict.UNDECIDED, Verdict.SAME]
    for one in sorted(comparison.judged, key=lambda one: (rank.index(one.verdict), one.name)):
        yield (
            f"| {one.name} | {one.verdict} | {one.times:.3f} | {_bound(one.low)} to {_bound(one.high)} | {one.blocks} |"
        )
    for name, reason in sorted(comparison.failed.items()):
        yield f"| {name} | not compared | | {reason.replace('|', '/')[:80]} | |"


def _bound(times: float) -> str:
    return f"{times:.3f}" if 0.01 < times < 100 else "?"


def chosen(*, quick: bool, only: Sequence[str] = ()) -> list[str]:
    """The names of the benchmarks: all, the short selection, or those whose name has one of these texts in it."""
    return [
        name
        for name, one in BENCHMARKS.items()
        if (one.quick or not quick) and (not only or any(text in name for text in only))
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--base", required=True, help="commit, branch, tag, or file of baselines")
    parser.add_argument("--quick", action="store_true", help="a benchmark or so of each phase")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="those with this in their names")
    parser.add_argument("--blocks", type=int, default=BLOCKS, help=f"pairs of processes at first (default: {BLOCKS})")
    parser.add_argument(
        "--further", type=int, default=FURTHER_BLOCKS, help=f"for what is not clear (default: {FURTHER_BLOCKS})"
    )
    parser.add_argument("--turns", type=int, default=TURNS, help=f"of each process (default: {TURNS})")
    options = parser.parse_args(arguments)
    effort = Effort(blocks=options.blocks, further_blocks=options.further, turns=options.turns)
    names = chosen(quick=options.quick, only=options.only)
    if not names:
        named = ", ".join(dict.fromkeys(name.partition(",")[0] for name in chosen(quick=options.quick, only=())))
        parser.error(f"no benchmark has {' or '.join(map(repr, options.only))} in its name; there are: {named}")
    try:
        if Path(options.base).is_file():
            baseline = read_baseline(Path(options.base), this_machine())
            sys.stdout.write(f"Against {baseline.told}; load average now {os.getloadavg()[0]:.1f}.\n\n")
            comparison = compared_with(baseline, names, effort)
        else:
            with checked_out(options.base) as old:
                comparison = compared(old, ROOT, names, effort)
    except (NoSuchVersion, ValueError) as error:
        parser.error(str(error))
    for line in table(comparison):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"\n{VERDICTS}\n")
    if any(reason != NO_BASELINE for reason in comparison.failed.values()):
        return 2
    return int(bool(comparison.slower))


if __name__ == "__main__":
    sys.exit(main())
