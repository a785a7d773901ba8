"""Corrupted truth matched again: what is found, what a person is asked, and that nothing wrong is posted.

Usage: python -m benchmarks.reconciliation [--rows N] [--seed N] [--held-out] [--crowded] [--small N] [--data DIR]

`--held-out` takes a seed and a mix that nobody looked at while the matcher was made; `--crowded` lets the real
sellers sell it all: twelve times as much each, at 100,000 rows. `--small N` takes the rows of the real statements
alone, N times, with a seed of its own each, and adds the tables up: of some 600 rows one link is 0.2 %.
"""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from benchmarks.corruption import (
    HELD_OUT_MIX,
    MIX,
    Payment,
    Row,
    World,
    corrupted,
    grown,
    olist_payments,
    statement_payments,
)
from solver.ledger.matching.model import Item, Reconciliation
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.rules import FeeRule, MatchRules

RULES = MatchRules(
    keys=(("order", "order"),),
    prefixes=("T200P",),
    days_before=3,
    days_after=10,
    fees=(FeeRule(name="card", rate=Fraction(25, 1000)), FeeRule(name="transfer", rate=Fraction(6, 1000))),
)
HELD_OUT_SEED = 982_451_653


@dataclass(slots=True)
class Score:
    """Links of one kind of corruption."""

    true: Counter[str] = field(default_factory=Counter)
    posted: Counter[str] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    alike: list[tuple[str, str]] = field(default_factory=list)  # of one order and amount, each without its partner

    def add(self, other: "Score") -> None:
        """Another world's links."""
        for mine, more in ((self.true, other.true), (self.posted, other.posted), (self.offered, other.offered)):
            mine.update(more)
        self.wrong += other.wrong
        self.alike += other.alike


def items_of(rows: Iterable[Row]) -> list[Item]:
    return [
        Item(
            item_id=row.row_id,
            on=row.on,
            amount_minor=row.cents,
            currency="BRL",
            keys={name: key for name, key in (("order", row.number), ("payment", row.reference)) if key},
            party=row.party,
        )
        for row in rows
    ]


def judge(world: World, found: Reconciliation) -> Score:
    """Which true links were posted, or are among what a person is offered, and which posted ones are no true ones.

    Rows that nothing tells apart (the same order, amount and side) stand for each other, and a refund belongs to any
    payment of its order: statements do not say to which.
    """
    score = Score()
    cents = {row.row_id: row.cents for row in world.theirs}

    def link(one: str, other: str) -> tuple[str, str]:
        side = world.orders if cents[other] < 0 else world.twins
        return side[one], world.twins[other]

    true = {link(one, other) for one, other in world.links}
    posted: set[tuple[str, str]] = set()
    for match in found.matches:
        pairs = [(one, other) for one in match.ours for other in match.theirs]
        posted.update(link(one, other) for one, other in pairs)
        for one, other in pairs:
            if link(one, other) not in true:
                (score.alike if _are_alike(world, one, other) else score.wrong).append((one, other))
    offered = {
        link(one, other)
        for question in found.questions
        for match in question.candidates
        for one in match.ours
        for other in match.theirs
    }
    for (one, other), kind in world.links.items():
        score.true[kind] += 1
        score.posted[kind] += link(one, other) in posted
        score.offered[kind] += link(one, other) not in posted and link(one, other) in offered
    return score


def _are_alike(world: World, one: str, other: str) -> bool:
    """Whether both are shown with one order and amount: two payments alike, of which each side lacks another."""
    return world.twins[one].removeprefix("ours/") == world.twins[other].removeprefix("theirs/")


def alone_told(world: World, found: Reconciliation) -> Counter[tuple[str, str]]:
    """What became of rows without a partner: the kind of difference that names them first, or `matched`, `asked`."""
    told = {ref.split("/", 1)[1]: str(one.kind) for one in found.differences for ref in one.refs[:1]}
    matched = {one for match in found.matches for one in (*match.ours, *match.theirs)}
    asked = {ref.split("/", 1)[1] for question in found.questions for ref in question.refs}
    return Counter(
        (kind, "matched" if row in matched else "asked" if row in asked else told.get(row, "nothing"))
        for row, kind in world.alone.items()
    )


def run(
    name: str, worlds: Sequence[tuple[int, list[Payment]]], mix: dict[str, float], *, running: bool, seeds: str
) -> Score:
    """The tables of one world, or those of several, added up; each with its seed."""
    score, told_alone = Score(), Counter[tuple[str, str]]()
    rows, questions, seconds = [0, 0], 0, 0.0
    for seed, payments in worlds:
        world = corrupted(payments, mix, seed, running_numbers=running)
        ours, theirs = items_of(world.ours), items_of(world.theirs)
        began = time.process_time()
        found = reconcile(ours, theirs, RULES)
        seconds += time.process_time() - began
        score.add(judge(world, found))
        told_alone.update(alone_told(world, found))
        rows, questions = [rows[0] + len(ours), rows[1] + len(theirs)], questions + len(found.questions)
    links, posted, offered = (sum(one.values()) for one in (score.true, score.posted, score.offered))
    print(f"\n{name}: {rows[0]:,} rows of ours, {rows[1]:,} of theirs, {links:,} true links, {seeds}.\n")
    print("| corruption | links | posted | offered | lost | found |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind, many in sorted(score.true.items()):
        lost = many - score.posted[kind] - score.offered[kind]
        share = (many - lost) / many
        print(f"| {kind} | {many:,} | {score.posted[kind]:,} | {score.offered[kind]:,} | {lost:,} | {share:.2%} |")
    lost, share = links - posted - offered, (posted + offered) / links
    print(f"| all | {links:,} | {posted:,} | {offered:,} | {lost:,} | {share:.2%} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = "; ".join(f"{kind} as {as_what} {many:,}" for (kind, as_what), many in sorted(told_alone.items()))
    print(
        f"\nPosted {posted / links:.3%}; wrong links posted: {len(score.wrong)}; of payments alike in order and amount,"
    )
    print(f"each without its partner: {len(score.alike)}. Questions: {questions:,}.")
    print(f"Rows without a partner are told: {told}.")
    print(f"{seconds:.1f} s of the processor; at most {peak:,.0f} MB in the whole process.")
    return score


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--rows", type=int, default=100_000)
    reader.add_argument("--seed", type=int, default=None)
    reader.add_argument("--held-out", action="store_true")
    reader.add_argument("--crowded", action="store_true")
    reader.add_argument("--data", type=Path, default=Path("../shared/data"))
    reader.add_argument("--small", type=int, default=0)
    options = reader.parse_args()
    mix, seed = (HELD_OUT_MIX, HELD_OUT_SEED) if options.held_out else (MIX, 1)
    seed = seed if options.seed is None else options.seed
    real = [] if options.small else olist_payments(options.data / "olist/sample_a")
    statements = statement_payments(options.data / "statements")
    many = options.small or 1
    small = [(one, grown(statements, 600, one, crowded=options.crowded)) for one in range(seed, seed + many)]
    seeds = f"seed {seed}" if many == 1 else f"seeds {seed} to {seed + many - 1}"
    for running in (False, True):
        how = "running numbers" if running else "random numbers"
        if real:
            large = [(seed, grown(real, options.rows, seed, crowded=options.crowded))]
            run(f"Olist payments, {how}", large, mix, running=running, seeds=seeds)
        run(f"Rows of real statements, {how}", small, mix, running=running, seeds=seeds)


if __name__ == "__main__":
    main()
