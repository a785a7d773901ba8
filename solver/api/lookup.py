"""Reading many nouns by id, in the order asked."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from solver.errors import NotFound, Violations
from solver.validation import check_rows

Noun = TypeVar("Noun")


def look_up(nouns: Mapping[str, Noun], ids: Sequence[str], path: str, noun: str) -> list[Noun]:
    """One noun for each id. Raises InvalidRequest for none or too many ids, NotFound naming every unknown one."""
    violations = Violations()
    check_rows(ids, path, violations)
    violations.refuse_any(f"the list of {path}")
    unknown = [one for one in ids if one not in nouns]
    if unknown:
        raise NotFound(
            f"there is no {noun} {', '.join(repr(one) for one in unknown[:20])}",
            metadata={f"{path}[{position}]": one[:128] for position, one in enumerate(ids) if one not in nouns},
        )
    return [nouns[one] for one in ids]
