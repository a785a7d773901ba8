"""Package slots: the columns of a package that may be opened on a candidate lane."""

from dataclasses import dataclass

from solver.network.model import Band
from solver.sourcing.candidates import Candidate
from solver.sourcing.problem import Line, LinePart, Problem
from solver.sourcing.program import Program
from solver.units import ceil_div


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBand:
    """A band that a slot's package may fall into: billable grams from `from_grams` to `to_grams`, and its columns."""

    band: Band
    from_grams: int
    to_grams: int
    use_band: int
    band_grams: int
    added_steps: int | None


@dataclass(slots=True, kw_only=True)
class Slot:
    """One package that may be opened on a candidate lane."""

    candidate: Candidate
    number: int
    open_package: int
    ship_units: dict[tuple[str, str], int]  # (line id, SKU) -> column
    bands: tuple[SlotBand, ...]

    @property
    def name(self) -> str:
        """Unique within the program; a part of the names of its columns and rows."""
        return f"{self.candidate.lane.source_id},{self.candidate.lane.service_id},{self.number}"


def parts_of(problem: Problem) -> list[tuple[Line, LinePart]]:
    """Every part of every line."""
    return [(line, part) for line in problem.lines for part in line.parts]


def open_slot(program: Program, problem: Problem, candidate: Candidate, number: int) -> Slot:
    """Add the columns of one more package on this lane."""
    lane = candidate.lane
    name = f"{lane.source_id},{lane.service_id},{number}"
    ship_units = {
        (line.line_id, part.sku): program.add_column(
            f"ship_units[{line.line_id},{part.sku},{name}]",
            upper_bound=min(candidate.reach[part.sku], line.quantity * part.units),
            cost_minor=candidate.offer.handling_per_unit_minor,
        )
        for line, part in parts_of(problem)
        if part.sku in candidate.reach
    }
    open_package = program.add_column(f"open_package[{name}]", upper_bound=1, cost_minor=candidate.opening_minor)
    return Slot(
        candidate=candidate,
        number=number,
        open_package=open_package,
        ship_units=ship_units,
        bands=tuple(_add_bands(program, candidate, name)),
    )


def _add_bands(program: Program, candidate: Candidate, name: str) -> list[SlotBand]:
    lane, most_grams = candidate.lane, candidate.most_grams
    whole_grams = bool(lane.volumetric_divisor_cm3_per_kg)  # volumetric weight is rounded up to whole grams
    bands, from_grams = [], 1
    for number, band in enumerate(lane.card.bands):
        to_grams = most_grams if band.up_to_grams is None else min(band.up_to_grams, most_grams)
        lowest = max(from_grams, lane.min_billable_grams, 0)
        from_grams = to_grams + 1
        if lowest > to_grams or band.closed:
            continue
        steps = ceil_div(max(0, to_grams - band.from_grams), band.step_grams) if band.step_minor else 0
        use_band = program.add_column(f"use_band[{name},{number}]", upper_bound=1, cost_minor=band.base_minor)
        bands.append(
            SlotBand(
                band=band,
                from_grams=lowest,
                to_grams=to_grams,
                use_band=use_band,
                band_grams=program.add_column(
                    f"band_grams[{name},{number}]", upper_bound=to_grams, integer=whole_grams
                ),
                added_steps=program.add_column(
                    f"added_steps[{name},{number}]", upper_bound=steps, cost_minor=band.step_minor
                )
                if steps
                else None,
            )
        )
    return bands
