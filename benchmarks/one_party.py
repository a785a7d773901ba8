"""All of one party, without keys, at prices that recur: the worst of what statements are made of, matched.

Usage: python -m benchmarks.one_party [--rows N] [--days N] [--prices N] [--seed N]

Of 100 rows of ours about 97 are shown, up to 5 days later, every sixth less a fee; two rows more are nobody's.
"""

import argparse
import random
import resource
import time
from datetime import date, timedelta
from fractions import Fraction

from solver.ledger.matching.model import Item
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.rules import FeeRule, MatchRules

START = date(2016, 1, 1)
CARD = FeeRule(name="card", rate=Fraction(25, 1000))
RULES = MatchRules(fees=(CARD, FeeRule(name="transfer", rate=Fraction(6, 1000))))


def item(name: str, day: int, minor: int) -> Item:
    return Item(item_id=name, on=START + timedelta(days=day), amount_minor=minor, currency="CNY", party="acme ltd")


def sides(rows: int, days: int, prices: int, seed: int) -> tuple[list[Item], list[Item]]:
    rng = random.Random(seed)
    amounts = [rng.randrange(500, 50_000) for _ in range(prices)]
    ours: list[Item] = []
    theirs: list[Item] = []
    for k in range(rows):
        day, minor, chance = rng.randrange(days), rng.choice(amounts), rng.random()
        ours.append(item(f"A{k}", day, minor))
        if chance >= 0.03:
            shown = minor - CARD.fee_minor(minor) if chance < 0.2 else minor
            theirs.append(item(f"B{k}", day + rng.choice((0, 0, 1, 1, 2, 3, 5)), shown))
    theirs += [item(f"C{k}", rng.randrange(days), rng.choice(amounts)) for k in range(rows // 50)]
    return ours, theirs


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--rows", type=int, default=10_000)
    reader.add_argument("--days", type=int, default=365)
    reader.add_argument("--prices", type=int, default=300)
    reader.add_argument("--seed", type=int, default=1)
    options = reader.parse_args()
    ours, theirs = sides(options.rows, options.days, options.prices, options.seed)
    began = time.process_time()
    found = reconcile(ours, theirs, RULES)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(ours):,} of ours, {len(theirs):,} of theirs, {options.prices} prices in {options.days} days: "
        f"{len(found.matches):,} matches, {len(found.questions):,} questions, {len(found.differences):,} differences; "
        f"{seconds:.1f} s of the processor, {peak:,.0f} MB."
    )


if __name__ == "__main__":
    main()
