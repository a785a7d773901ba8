"""Does the gate see what it must, and nothing else? `python -m benchmarks.gate.proof` shows both.

Two checkouts of one commit are compared as any change would be. In some runs one function of one of them is patched to
take 20 % longer: that must be told as slower. In the others nothing differs: nothing may be told as slower or faster.
All of it takes half an hour; with `--kept FILE` every run is kept there when it ends, and counts when the command is
given again.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.gate.compare import Comparison, Effort, chosen, compared
from benchmarks.gate.trees import checked_out, commit_of
from benchmarks.gate.verdicts import Judged, Verdict

SLOWED, UNCHANGED = "slowed", "unchanged"
WANTED = {UNCHANGED: 20, SLOWED: 3}
FILE = Path("solver/sourcing/check.py")
FUNCTION = "violations_of"
TOUCHED = "check, "  # benchmarks named like this call the function
SHARE = 5  # a fifth of its own time longer
_SLOWER = f'''

_as_it_was = {FUNCTION}


def {FUNCTION}(problem: Problem, plan: Plan) -> list[str]:
    """The same a fifth slower."""
    from time import process_time_ns

    begun = process_time_ns()
    found = _as_it_was(problem, plan)
    until = process_time_ns() + (process_time_ns() - begun) // {SHARE}
    while process_time_ns() < until:
        pass
    return found
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The runs with the patch, and those without."""

    slowed: tuple[Comparison, ...]
    unchanged: tuple[Comparison, ...]

    @property
    def is_proof(self) -> bool:
        """The slower function was told in every run, and nothing else in any."""
        caught = all([one.name for one in _changed(run)] == _touched(run.slower) != [] for run in self.slowed)
        return caught and not any(_changed(run) for run in self.unchanged)


def slow_down(tree: Path) -> None:
    """Patch the function in this checkout. Raises ValueError where it is not there."""
    path = tree / FILE
    text = path.read_text("utf-8")
    if f"\ndef {FUNCTION}(problem: Problem, plan: Plan) -> list[str]:\n" not in text:
        raise ValueError(f"{FILE} has no function {FUNCTION} as it was; name another one in {__name__}")
    path.write_text(text + _SLOWER, "utf-8")


def shown(ref: str, names: Sequence[str], effort: Effort, wanted: Mapping[str, int], kept: Path | None) -> Shown:
    """Compare as often as is wanted of each kind, without what is kept; every run has processes of its own."""
    commit = commit_of(ref)
    found = {kind: runs[: wanted[kind]] for kind, runs in _kept(kept).items()}
    with checked_out(commit, "proof-old") as old, checked_out(commit, "proof-new") as new:
        for kind in (UNCHANGED, SLOWED):
            if kind == SLOWED:
                slow_down(new)
            while len(found[kind]) < wanted[kind]:
                sys.stderr.write(f"{kind}, run {len(found[kind]) + 1}\n")
                made = _run(old, new, names, effort, 1_000 * (2 * len(found[kind]) + (kind == SLOWED)))
                found[kind].append(made)
                _keep(kept, kind, made)
    return Shown(slowed=tuple(found[SLOWED]), unchanged=tuple(found[UNCHANGED]))


def _kept(path: Path | None) -> dict[str, list[Comparison]]:
    found: dict[str, list[Comparison]] = {UNCHANGED: [], SLOWED: []}
    for line in path.read_text("utf-8").splitlines() if path is not None and path.exists() else ():
        run = json.loads(line)
        judged = tuple(Judged(**{**one, "verdict": Verdict(one["verdict"])}) for one in run["judged"])
        found[run["kind"]].append(Comparison(judged=judged))
    return found


def _keep(path: Path | None, kind: str, run: Comparison) -> None:
    if path is not None:
        with path.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"kind": kind, "judged": [asdict(one) for one in run.judged]}) + "\n")


def _run(old: Path, new: Path, names: Sequence[str], effort: Effort, first_block: int) -> Comparison:
    found = compared(old, new, names, effort, first_block=first_block)
    for one in found.judged:
        sys.stderr.write(f"  {one.name}: {one.verdict} {one.times:.3f} ({one.low:.3f} to {one.high:.3f})\n")
    return found


def table(found: Shown) -> Iterator[str]:
    """A row for each run."""
    yield "| run | slower | faster | same | undecided | told as changed | furthest from 1 of the others |"
    yield "|---|---:|---:|---:|---:|---|---:|"
    for kind, runs in (("unchanged", found.unchanged), (f"`{FUNCTION}` a fifth slower", found.slowed)):
        for number, run in enumerate(runs, 1):
            counts = Counter(one.verdict for one in run.judged)
            told = ", ".join(f"{one.name}: {one.times:.2f} ({one.low:.2f} to {one.high:.2f})" for one in _changed(run))
            others = [one.times for one in run.judged if one not in _changed(run)]
            furthest = max(others, key=lambda times: abs(times - 1), default=1.0)
            cells = (counts[verdict] for verdict in (Verdict.SLOWER, Verdict.FASTER, Verdict.SAME, Verdict.UNDECIDED))
            yield f"| {kind} {number} | {' | '.join(map(str, cells))} | {told or 'none'} | {furthest:.3f} |"
    yield ""
    if found.is_proof:
        yield "The slower function was told in every run, and nothing else in any."
    else:
        yield "NOT SHOWN: something was told that did not change, or the slower function was not."


def _changed(run: Comparison) -> list[Judged]:
    return [one for one in run.judged if one.verdict in (Verdict.SLOWER, Verdict.FASTER)]


def _touched(found: Sequence[Judged]) -> list[str]:
    return [one.name for one in found if one.name.startswith(TOUCHED)]


def main() -> int:
    """Show it; fail where it is not so."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--ref", default="HEAD", help="the commit that is compared with itself (default: HEAD)")
    parser.add_argument("--slowed", type=int, default=WANTED[SLOWED], help="runs with the patch (default: 3)")
    parser.add_argument("--unchanged", type=int, default=WANTED[UNCHANGED], help="runs without (default: 20)")
    parser.add_argument("--blocks", type=int, default=5, help="pairs of processes of a run (default: 5)")
    parser.add_argument("--further", type=int, default=3, help="for what is not clear (default: 3)")
    parser.add_argument("--turns", type=int, default=9, help="of each process (default: 9)")
    parser.add_argument("--kept", type=Path, help="where runs are kept")
    options = parser.parse_args()
    effort = Effort(blocks=options.blocks, further_blocks=options.further, turns=options.turns)
    wanted = {UNCHANGED: options.unchanged, SLOWED: options.slowed}
    found = shown(options.ref, chosen(quick=True), effort, wanted, options.kept)
    for line in table(found):
        sys.stdout.write(f"{line}\n")
    return int(not found.is_proof)


if __name__ == "__main__":
    sys.exit(main())
