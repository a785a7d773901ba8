"""What is asked about a basket, and what is answered, in numbers as the compiled code has them."""

from collections.abc import Iterator
from typing import NamedTuple

from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.answers import Answers

ANY_TIME = g.NONE
UNFILLED_MINOR = 1 << 44  # a unit's where as few as can be are to stay unfilled; no plan costs as much


class Asked(NamedTuple):
    """A decision by one option, whose packages arrive by a moment; `fills`: with as few unfilled units as can be."""

    option: int
    by_micros: int = ANY_TIME
    fills: bool = False


class Answer(NamedTuple):
    """What was decided: lanes (source << SERVICE_BITS | service) and contents of packages, and units left by line.

    `is_settled`: from fewer lanes, all of these among them, the very same would be chosen.
    """

    lanes: tuple[int, ...]
    contents: tuple[int, ...]
    unfilled: tuple[int, ...]
    total_minor: int
    is_settled: bool = False

    @property
    def unfilled_units(self) -> int:
        """Units of lines that do not ship."""
        return sum(self.unfilled)


def listed(answers: Answers, *, is_settled: bool) -> Iterator[Answer]:
    """Every row that was written, by its number."""
    totals, packages, lines = answers.total.tolist(), answers.package_start.tolist(), answers.unfilled_start.tolist()
    lanes, contents = answers.package_lane[: packages[-1]].tolist(), answers.package_state[: packages[-1]].tolist()
    unfilled = answers.unfilled.tolist()
    for number, total in enumerate(totals):
        of_packages, of_lines = slice(*packages[number : number + 2]), slice(*lines[number : number + 2])
        shipped = tuple(lanes[of_packages]), tuple(contents[of_packages])
        yield Answer(*shipped, tuple(unfilled[of_lines]), total, is_settled)


def in_money(answer: Answer, *, fills: bool) -> Answer:
    """The answer with what it really costs."""
    weight = UNFILLED_MINOR * answer.unfilled_units if fills else 0
    return answer._replace(total_minor=answer.total_minor - weight) if weight else answer
