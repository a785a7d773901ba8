"""Which orders of many are unsound, and what a wave asks when they are left out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from solver.errors import FieldViolation
from solver.waves.wave import WaveTerms

_OF_ORDER = re.compile(r"orders\[(\d+)\]")


def is_of_order(violation: FieldViolation) -> bool:
    """True where a single order is wrong, not the whole request."""
    return _OF_ORDER.match(violation.field) is not None


def first_by_order(violations: Sequence[FieldViolation]) -> dict[int, FieldViolation]:
    """The first violation of each order, by its position."""
    wrong: dict[int, FieldViolation] = {}
    for violation in violations:
        match = _OF_ORDER.match(violation.field)
        if match:
            wrong.setdefault(int(match[1]), violation)
    return wrong


def terms_without(terms: WaveTerms, order_ids: Collection[str]) -> WaveTerms:
    """The terms without what they say of these orders."""
    return replace(
        terms,
        orders=tuple(one for one in terms.orders if one.order_id not in order_ids),
        work=tuple(one for one in terms.work if one.order_id not in order_ids),
    )
