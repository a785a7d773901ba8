"""What is counted about orders that are handed over, and its tables."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.thumbs import better_rules
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from tests.sourcing.comparison import RULES_OF_THUMB


@dataclass(slots=True, kw_only=True)
class Cell:
    """One set of orders under one policy."""

    name: str
    policy_id: str
    orders: int = 0
    proven: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    worse: Counter[str] = field(default_factory=Counter)  # than which rule of thumb
    slowest_seconds: float = 0.0

    @property
    def handed_over(self) -> int:
        return self.reasons.total()

    def count(self, problem: Problem, plan: Plan, seconds: float) -> None:
        """A plan, after it was checked."""
        check(problem, plan)
        self.orders += 1
        self.proven += plan.is_proven
        self.slowest_seconds = max(self.slowest_seconds, seconds)
        self.worse.update(better_rules(problem, plan))
        if plan.fallback_reason:
            self.reasons[str(plan.fallback_reason)] += 1


def by_policy(cells: Iterable[Cell]) -> Iterator[str]:
    """A row for each set, a column for each policy: `handed over / asked`."""
    shares: dict[str, dict[str, str]] = {}
    for cell in cells:
        shares.setdefault(cell.name, {})[cell.policy_id] = f"{cell.handed_over} / {cell.orders}"
    policies = list(dict.fromkeys(policy_id for row in shares.values() for policy_id in row))
    yield f"| handed over / asked | {' | '.join(policies)} |"
    yield "|---" + "|---:" * len(policies) + "|"
    for name, row in shares.items():
        yield f"| {name} | {' | '.join(row[policy_id] for policy_id in policies)} |"


def by_reason(cells: Iterable[Cell]) -> Iterator[str]:
    """A row for each set and policy of which something was handed over, with the reasons."""
    yield "| set | policy | handed over | of its orders | why |"
    yield "|---|---|---:|---:|---|"
    for cell in cells:
        if cell.handed_over:
            yield f"| {cell.name} | {cell.policy_id} | {cell.handed_over} | {_share(cell)} | {counted(cell.reasons)} |"


def by_set(cells: Iterable[Cell]) -> Iterator[str]:
    """A row for each set, all policies together, with the reasons and what became of the orders."""
    yield "| set, all policies | plans | handed over | why | proven in the end | slowest, seconds |"
    yield "|---|---:|---:|---|---:|---:|"
    for cell in _summed(cells):
        why, slowest = counted(cell.reasons), f"{cell.slowest_seconds:.1f}"
        yield f"| {cell.name} | {cell.orders:,} | {_share(cell)} | {why} | {cell.proven:,} | {slowest} |"


def by_rule(cells: Iterable[Cell]) -> Iterator[str]:
    """A row for each set: how many of its plans each rule of thumb beats; none should."""
    yield f"| plans worse than | plans | {' | '.join(RULES_OF_THUMB)} |"
    yield "|---|---:" + "|---:" * len(RULES_OF_THUMB) + "|"
    for cell in _summed(cells):
        yield f"| {cell.name} | {cell.orders:,} | {' | '.join(str(cell.worse[rule]) for rule in RULES_OF_THUMB)} |"


def _summed(cells: Iterable[Cell]) -> Iterable[Cell]:
    sums: dict[str, Cell] = {}
    for cell in cells:
        total = sums.setdefault(cell.name, Cell(name=cell.name, policy_id=""))
        total.orders += cell.orders
        total.proven += cell.proven
        total.reasons += cell.reasons
        total.worse += cell.worse
        total.slowest_seconds = max(total.slowest_seconds, cell.slowest_seconds)
    return sums.values()


def _share(cell: Cell) -> str:
    return f"{100 * cell.handed_over / cell.orders:.1f} %"


def counted(counts: Counter[str]) -> str:
    """The names with their counts, the most frequent first."""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"
