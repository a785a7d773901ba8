"""A combination as it is kept: a version of it, with its place in life."""

from dataclasses import dataclass
from datetime import datetime

from solver.catalog.combinations.model import Combination
from solver.catalog.life import LifeState


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCombination:
    """`version`, `state` and the times it is effective are explained in `solver.catalog.life`."""

    combination: Combination
    version: int = 0
    state: LifeState = LifeState.ACTIVE
    effective_from: datetime | None = None
    effective_until: datetime | None = None
