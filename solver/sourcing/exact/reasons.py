"""Why the exact search gives up its proof. The caller then asks another engine."""

from enum import StrEnum


class GaveUp(StrEnum):
    """The reason of a finding that is not proven."""

    LEVELS_OVERFLOW = "levels_overflow"
    """The levels, or their costs, do not fit into one 62-bit number."""

    TOO_MANY_STATES = "too_many_states"
    """The quantities asked make more combinations than the search may hold."""

    TOO_MANY_PRICES = "too_many_prices"
    """The rate cards change their price at more weights than a table may hold."""

    SEARCH_BUDGET = "search_budget"
    """A rule couples packages so tightly that branch and bound did not end in time."""

    TOGETHER_SHARES_PARTS = "together_shares_parts"
    """A line that must leave from one source has a part in common with another line, and that decides."""
