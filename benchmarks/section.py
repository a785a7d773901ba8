"""A section of the page of figures: what it asks, the command that answers it, and how to read the answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`arguments` of `python -m`; `short` asks the same of a few orders. `counts`: no time matters in it."""

    title: str
    arguments: str
    short: str
    text: str
    counts: bool = False
    asks_real_data: bool = False
