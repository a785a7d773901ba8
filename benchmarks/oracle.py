"""All engines on the same random orders over every term and every rule, and brute force where the order is small.

`python -m benchmarks.oracle --orders 20000` compares and prints what it found; a problem that goes wrong is named by
the call that makes it.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.sourcing.problem import Problem
from tests.sourcing.anything import any_problem
from tests.sourcing.comparison import Kind, compared
from tests.sourcing.every_plan import best_of_every_plan
from tests.sourcing.least import best_strictly, plans_to_try, without

MOST_PLANS_TO_TRY = 20_000
LAST_STAGE = 20
SIZES: Mapping[str, Mapping[str, int]] = {
    "tiny": {"most_pieces": 3, "most_sources": 2},
    "small": {},
    "six": {"most_pieces": 6, "most_sources": 4, "most_skus": 4},
    "medium": {"most_pieces": 12, "most_sources": 6, "most_services": 3, "most_skus": 6},
    "large": {"most_pieces": 400, "most_skus": 4},
}
TURN = ("tiny", *["small"] * 4, *["six"] * 4, "medium") * 3 + ("tiny", *["small"] * 4, *["six"] * 4, "large")


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleResult:
    """How often something was wrong with the answers to so many orders, and why the exact engine handed over.

    `different` counts orders on which the engines, or an engine and brute force, do not agree; `tried_all` how many
    were held against every plan of the case, `recounted` against every plan of the problem by the judge's recounts.
    """

    orders: int
    tried_all: int
    recounted: int
    different: int
    unproven: int
    unsound: int
    worse_than_baseline: int
    fallback_reasons: Mapping[str, int]


def against_brute_force(orders: int, seed: int) -> OracleResult:
    """Compare `orders` problems of all sizes; what is wrong goes to the standard error as well."""
    counts = Counter[str]()
    reasons = Counter[str]()
    for number in range(seed, seed + orders):
        size = TURN[number % len(TURN)]
        problem = any_problem(number, **SIZES[size])
        tries_all = size not in ("medium", "large") and plans_to_try(problem) <= MOST_PLANS_TO_TRY
        verdict = compared(problem, tries_all=tries_all)
        wrong = [(found.kind, found.text) for found in verdict.wrong]
        if size == "tiny":
            wrong += [(Kind.DIFFERENT, text) for text in _recounted(problem)]
        for text in (text for _, text in wrong):
            sys.stderr.write(f"any_problem({number}, **{dict(SIZES[size])}): {text}\n")
        counts.update({kind for kind, _ in wrong})
        counts.update({"tried_all": tries_all, "recounted": size == "tiny"})
        reasons.update(map(str, verdict.fallback_reasons))
    return OracleResult(
        orders=orders,
        tried_all=counts["tried_all"],
        recounted=counts["recounted"],
        different=counts[Kind.DIFFERENT],
        unproven=counts[Kind.UNPROVEN],
        unsound=counts[Kind.UNSOUND],
        worse_than_baseline=counts[Kind.BEATEN],
        fallback_reasons=dict(sorted(reasons.items())),
    )


def _recounted(problem: Problem) -> list[str]:
    """Where the best plan by the case is not the best by the recounts, with and without what may be relaxed."""
    asked = {stage: without(problem, stage) for stage in (0, LAST_STAGE)}
    pairs = {stage: (best_strictly(one), best_of_every_plan(one)) for stage, one in asked.items()}
    return [f"the case's best is {one}, by recounts {other}" for one, other in pairs.values() if one != other]


def table(result: OracleResult) -> Iterator[str]:
    """What was compared, and what was wrong."""
    handed_over = ", ".join(f"{name} {count}" for name, count in result.fallback_reasons.items()) or "none"
    yield "| what | orders |"
    yield "|---|---:|"
    yield f"| asked of the exact engine, the program and the rules of thumb | {result.orders:,} |"
    yield f"| also held against every plan of the order's arrays | {result.tried_all:,} |"
    yield f"| also held against every plan of the order as it was stated | {result.recounted:,} |"
    yield f"| the answers differ | {result.different} |"
    yield f"| not proven optimal | {result.unproven} |"
    yield f"| a rule is broken, or the costs do not add up | {result.unsound} |"
    yield f"| worse than greedy, nearest first, the priority list or fewest packages | {result.worse_than_baseline} |"
    yield f"| handed over by the exact engine: {handed_over} | {sum(result.fallback_reasons.values())} |"


def main() -> int:
    """Compare, print, and fail where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    result = against_brute_force(options.orders, options.seed)
    for line in table(result):
        sys.stdout.write(f"{line}\n")
    return int(bool(result.different + result.unproven + result.unsound + result.worse_than_baseline))


if __name__ == "__main__":
    sys.exit(main())
