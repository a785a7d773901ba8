"""Which rules stand in each other's way: a smallest set of them that alone keeps an order from being filled.

Rules only ever forbid, so an order that some rules let through is let through by fewer as well. Hence the sets of rules
that block it and the sets whose removal would free it meet: every blocking set holds a rule of every freeing set. The
search finds freeing sets one by one and takes a smallest set of rules that meets all of them; as soon as that blocks,
nothing smaller does (Ignatiev, Previti, Liffiton, Marques-Silva: Smallest MUS Extraction with Minimal Hitting Set
Dualization, CP 2015).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from solver.sourcing.explanation.hitting import smallest_hitting_set
from solver.sourcing.policy import Policy

MOST_QUESTIONS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Rules, by name, that together keep the order from being filled, though without any one of them it could be.

    With no rules at all it is short of goods or of ways, and no rule is to blame. `is_smallest`: no fewer rules block
    it; otherwise the questions ran out before that was proven. `questions` counts those asked.
    """

    rules: tuple[str, ...]
    is_smallest: bool
    questions: int


def smallest_conflict(
    policy: Policy, rules: Iterable[str], fills: Callable[[Policy], bool], *, most_questions: int = MOST_QUESTIONS
) -> Conflict | None:
    """A smallest set of the named rules that conflict; None where the order is filled with all of them in force.

    `fills` answers whether the order ships in full under a policy; it must not refuse under fewer rules what it grants
    under more. It is asked about policies that switch some of `rules` off; other rules stay as they are. At most
    `most_questions` are asked, but always as many as it takes to make the answer minimal: up to one for each rule and
    two. The same question gives the same answer.
    """
    names = tuple(sorted(set(rules)))
    oracle = _Oracle(policy=policy, names=frozenset(names), fills=fills)
    if not oracle.blocks(frozenset(names)):
        return None
    known = _minimal(oracle, names)
    smallest, is_proven = _smaller(oracle, names, known, most_questions)
    return Conflict(rules=tuple(sorted(smallest)), is_smallest=is_proven, questions=oracle.questions)


class _Oracle:
    """Answers whether a set of rules blocks the order; never asks what earlier answers imply."""

    def __init__(self, *, policy: Policy, names: frozenset[str], fills: Callable[[Policy], bool]) -> None:
        self.questions = 0
        self._policy = policy
        self._names = names
        self._fills = fills
        self._blocking: list[frozenset[str]] = []
        self._passing: list[frozenset[str]] = []

    def blocks(self, rules: frozenset[str]) -> bool:
        if any(rules >= known for known in self._blocking):
            return True
        if any(rules <= known for known in self._passing):
            return False
        self.questions += 1
        off = (*self._policy.off, *sorted(self._names - rules))
        is_blocked = not self._fills(replace(self._policy, off=off))
        (self._blocking if is_blocked else self._passing).append(rules)
        return is_blocked


def _minimal(oracle: _Oracle, names: tuple[str, ...]) -> frozenset[str]:
    """A blocking set of which no rule can be spared; all of `names` must block."""
    blocking = frozenset(names)
    if oracle.blocks(frozenset()):
        return frozenset()
    for name in names:
        if oracle.blocks(blocking - {name}):
            blocking -= {name}
    return blocking


def _smaller(
    oracle: _Oracle, names: tuple[str, ...], known: frozenset[str], most_questions: int
) -> tuple[frozenset[str], bool]:
    """The smallest blocking set, and whether it is proven to be; `known` is minimal."""
    freeing: list[frozenset[str]] = []
    while True:
        candidate = smallest_hitting_set(freeing)
        if len(candidate) >= len(known):
            return known, True
        if oracle.questions >= most_questions:
            return known, False
        if oracle.blocks(candidate):
            return candidate, True
        freeing.append(_freed_by(oracle, names, candidate, most_questions))


def _freed_by(oracle: _Oracle, names: tuple[str, ...], passing: frozenset[str], most_questions: int) -> frozenset[str]:
    """Rules whose removal frees the order: as few as the questions left allow, none of them in `passing`."""
    for name in names:
        if name not in passing and oracle.questions < most_questions and not oracle.blocks(passing | {name}):
            passing |= {name}
    return frozenset(names) - passing
