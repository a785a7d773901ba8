"""A wave as a WaveCase, with what its numbers stand for."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.sourcing.brief import Brief
from solver.sourcing.exact.levels import Scale
from solver.waves.case import WaveCase
from solver.waves.layout.structure import Why
from solver.waves.plan import Resource
from solver.waves.wave import Wave


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOut:
    """The arrays, and for every number in them what it is.

    Costs are levels joined by `scale`, of `measures`. `briefs` has the orders within the structure, `outside` those
    without rows, by number. Lanes and parts
    are numbered as in their order's own case, sources and resources as in `source_ids` and `resources`.
    """

    wave: Wave
    case: WaveCase
    briefs: Mapping[int, Brief]
    scale: Scale
    measures: tuple[str, ...]
    resources: tuple[Resource, ...]
    source_ids: tuple[str, ...]
    outside: Mapping[int, Why]
