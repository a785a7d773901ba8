"""Package slots: the columns of a package that may be opened on a candidate lane."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from solver.network.model import Band
from solver.sourcing.case import Case, Tariff
from solver.sourcing.mip.candidates import Candidate, parts_apart
from solver.sourcing.mip.program import Program
from solver.units import ceil_div


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Billable grams from `from_grams` to `to_grams`, all in one band of each level's card (None: it has none)."""

    bands: tuple[Band | None, ...]
    from_grams: int
    to_grams: int

    def prices_at(self, grams: int) -> tuple[int, ...]:
        """The price of a weight of this stretch at each level."""
        return tuple(0 if band is None else band.price_minor(grams) for band in self.bands)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBand:
    """A stretch that a slot's package may fall into, and its columns."""

    stretch: Stretch
    use_band: int
    band_grams: int
    added_steps: Mapping[int, int]  # level -> column, where the level's card has steps there


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One package that may be opened on a candidate lane."""

    candidate: Candidate
    number: int
    source: int
    open_package: int
    ship_units: Mapping[int, int]  # part -> column
    hold_kind: Mapping[int, int]  # part -> column, where it matters which parts a package holds
    bands: tuple[SlotBand, ...]

    @property
    def name(self) -> str:
        """Unique within the program; a part of the names of its columns and rows."""
        return f"{self.candidate.lane},{self.number}"


def open_slot(program: Program, case: Case, candidate: Candidate, number: int) -> Slot:
    """Add the columns of one more package on this lane."""
    lane, name = candidate.lane, f"{candidate.lane},{number}"
    parts = [int(part) for part in np.flatnonzero(candidate.reach)]
    ship_units = {
        part: program.add_column(
            f"ship_units[{part},{name}]",
            upper_bound=int(candidate.most_units[part]),
            cost=case.unit_cost[:, lane, part].tolist(),
        )
        for part in parts
    }
    hold_kind = {
        part: program.add_column(f"hold_kind[{part},{name}]", upper_bound=1, cost=case.kind_cost[:, lane].tolist())
        for part in _kinds_that_matter(case, lane, parts)
    }
    open_package = program.add_column(f"open_package[{name}]", upper_bound=1, cost=case.package_cost[:, lane].tolist())
    return Slot(
        candidate=candidate,
        number=number,
        source=int(case.offer_source[case.lane_offer[lane]]),
        open_package=open_package,
        ship_units=ship_units,
        hold_kind=hold_kind,
        bands=tuple(_add_bands(program, case, candidate, name)),
    )


def _kinds_that_matter(case: Case, lane: int, parts: list[int]) -> list[int]:
    """The parts of which it must be known whether the package holds any: they are paid for, or kept apart."""
    if case.kind_cost[:, lane].any():
        return parts
    apart = parts_apart(case)
    return [part for part in parts if apart[part, parts].any()]


def _add_bands(program: Program, case: Case, candidate: Candidate, name: str) -> list[SlotBand]:
    tariff = case.tariffs[case.lane_tariff[candidate.lane]]
    whole_grams = bool(tariff.volumetric.mm3)  # volumetric weight is rounded to whole grams
    bands = []
    for number, stretch in enumerate(stretches(tariff, candidate.least_grams, candidate.most_grams)):
        base = [0 if band is None else band.base_minor for band in stretch.bands]
        bands.append(
            SlotBand(
                stretch=stretch,
                use_band=program.add_column(f"use_band[{name},{number}]", upper_bound=1, cost=base),
                band_grams=program.add_column(
                    f"band_grams[{name},{number}]", upper_bound=stretch.to_grams, integer=whole_grams
                ),
                added_steps=_add_steps(program, stretch, f"{name},{number}"),
            )
        )
    return bands


def _add_steps(program: Program, stretch: Stretch, name: str) -> dict[int, int]:
    columns = {}
    for level, band in enumerate(stretch.bands):
        steps = ceil_div(max(0, stretch.to_grams - band.from_grams), band.step_grams) if band else 0
        if band and band.step_minor and steps:
            cost = [band.step_minor if other == level else 0 for other in range(len(stretch.bands))]
            columns[level] = program.add_column(f"added_steps[{name},{level}]", upper_bound=steps, cost=cost)
    return columns


def stretches(tariff: Tariff, least_grams: int, most_grams: int) -> list[Stretch]:
    """The weights that the tariff carries, cut wherever a band of any level's card ends; none where it has no card."""
    cards = [card for card in tariff.cards if card is not None]
    if not cards:
        return []
    ends = {band.up_to_grams for card in cards for band in card.bands if band.up_to_grams is not None}
    found, from_grams = [], least_grams
    for to_grams in sorted({end for end in ends if least_grams <= end < most_grams} | {most_grams}):
        bands = [None if card is None else card.band_of(to_grams) for card in tariff.cards]
        is_carried = all(card is None or band is not None for card, band in zip(tariff.cards, bands, strict=True))
        if is_carried:
            found.append(Stretch(bands=tuple(bands), from_grams=from_grams, to_grams=to_grams))
        from_grams = to_grams + 1
    return found
