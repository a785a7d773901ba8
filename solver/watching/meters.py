"""What is counted of calls and plans, by method, in plain numbers: a call costs a microsecond or two."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.watching.call_notes import CallNotes, Phase, PlanFacts
from solver.watching.histogram import Counted

CALL_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
PHASE_BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
GAP_BOUNDS = (0.0, 0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5)
MOST_REASONS = 40  # further ones are counted as `other`: a label must not grow without end


@dataclass(slots=True)
class _Tally:
    """Counts by bound, without a lock of their own."""

    bounds: tuple[float, ...]
    counts: list[int] = field(init=False)
    total: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def counted(self) -> Counted:
        return Counted(bounds=self.bounds, counts=tuple(self.counts), total=self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """Everything that was counted until now.

    `calls` by method and status; `seconds` by method; `phases` by method and phase; `plans` by engine and reason of the
    fallback; `gaps` of plans that cost something, as a share of the cost, by engine; plans made anew as `conflicts`.
    """

    calls: dict[tuple[str, str], int]
    seconds: dict[str, Counted]
    phases: dict[tuple[str, str], Counted]
    plans: dict[tuple[str, str], int]
    gaps: dict[str, Counted]
    unfilled_plans: int
    conflicts: int


class Meters:
    """Counts calls. For any number of threads."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._calls: Counter[tuple[str, str]] = Counter()
        self._seconds: dict[str, _Tally] = {}
        self._phases: dict[tuple[str, Phase], _Tally] = {}
        self._plans: Counter[tuple[str, str]] = Counter()
        self._gaps: dict[str, _Tally] = {}
        self._unfilled_plans = 0
        self._conflicts = 0

    def note(self, method: str, status: str, seconds: float, notes: CallNotes | None) -> None:
        """A call ended."""
        phases = notes.phase_seconds() if notes is not None and notes.laps else None
        with self._gate:
            self._calls[method, status] += 1
            tally = self._seconds.get(method)
            if tally is None:
                tally = self._seconds[method] = _Tally(CALL_BOUNDS)
            tally.add(seconds)
            if phases is not None:
                self._note_phases(method, phases)
            if notes is not None and (notes.plans or notes.conflicts):
                self._conflicts += notes.conflicts
                self._note_plans(notes.plans)

    def note_refused(self, method: str, status: str) -> None:
        """A call ended that nobody worked on."""
        with self._gate:
            self._calls[method, status] += 1

    def metered(self) -> Metered:
        """What was counted."""
        with self._gate:
            return Metered(
                calls=dict(self._calls),
                seconds={method: tally.counted() for method, tally in self._seconds.items()},
                phases={
                    (method, phase.name.lower()): tally.counted() for (method, phase), tally in self._phases.items()
                },
                plans=dict(self._plans),
                gaps={engine: tally.counted() for engine, tally in self._gaps.items()},
                unfilled_plans=self._unfilled_plans,
                conflicts=self._conflicts,
            )

    def _note_phases(self, method: str, phases: dict[Phase, float]) -> None:
        for phase, seconds in phases.items():
            tally = self._phases.get((method, phase))
            if tally is None:
                tally = self._phases[method, phase] = _Tally(PHASE_BOUNDS)
            tally.add(seconds)

    def _note_plans(self, plans: Iterable[PlanFacts]) -> None:
        for plan in plans:
            key = plan.engine, plan.fallback_reason
            if key not in self._plans and len(self._plans) >= MOST_REASONS:
                key = plan.engine, "other"
            self._plans[key] += 1
            self._unfilled_plans += plan.unfilled_units > 0
            if plan.cost_minor > 0:
                gap = self._gaps.get(plan.engine)
                if gap is None:
                    gap = self._gaps[plan.engine] = _Tally(GAP_BOUNDS)
                gap.add(plan.gap_minor / plan.cost_minor)
