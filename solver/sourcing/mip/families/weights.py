"""Constraint families on the billable weight of a package, and what its rate cards charge for it."""

from itertools import pairwise

from solver.sourcing.case import Case, Tariff
from solver.sourcing.mip.slots import Slot
from solver.sourcing.mip.variables import Formulation


def open_packages_use_one_band(formulation: Formulation) -> None:
    """An open package is priced by exactly one band of its rate card."""
    for slot in formulation.slots:
        if slot.bands:
            terms = {slot_band.use_band: 1.0 for slot_band in slot.bands}
            formulation.program.add_row(
                f"open_packages_use_one_band[{slot.name}]", terms | {slot.open_package: -1.0}, at_least=0, at_most=0
            )


def bands_bound_the_billable_weight(formulation: Formulation) -> None:
    """The billable weight lies within the band that is used."""
    for slot in formulation.slots:
        for number, slot_band in enumerate(slot.bands):
            stretch = slot_band.stretch
            formulation.program.add_row(
                f"bands_bound_the_billable_weight[{slot.name},{number},from]",
                {slot_band.band_grams: 1.0, slot_band.use_band: -float(stretch.from_grams)},
                at_least=0,
            )
            formulation.program.add_row(
                f"bands_bound_the_billable_weight[{slot.name},{number},to]",
                {slot_band.band_grams: 1.0, slot_band.use_band: -float(stretch.to_grams)},
                at_most=0,
            )


def billable_weight_covers_the_contents(formulation: Formulation) -> None:
    """The billable weight is at least the actual and at least the volumetric weight of what is in the package."""
    case = formulation.case
    for slot in formulation.slots:
        billable = {slot_band.band_grams: 1.0 for slot_band in slot.bands}
        dropped, _ = _rounding_grams(_tariff_of(case, slot))
        weights = [
            ("actual", _contents_grams(case, slot), 0.0),
            ("volumetric", _contents_volumetric_grams(case, slot), dropped),
        ]
        for kind, grams, less in weights:
            if billable and grams:
                row = billable | _negated(grams) | ({slot.open_package: less} if less else {})
                formulation.program.add_row(f"billable_weight_covers_the_contents[{slot.name},{kind}]", row, at_least=0)


def billable_weight_is_not_inflated(formulation: Formulation) -> None:
    """The billable weight is one of the actual, the volumetric and the minimum weight.

    Only needed where a heavier package may be cheaper at some level, or carried where a lighter one is not: elsewhere
    the objective keeps the weight down by itself.
    """
    for slot in formulation.slots:
        if not _may_inflate(slot):
            continue
        tariff, name = _tariff_of(formulation.case, slot), f"billable_weight_is_not_inflated[{slot.name}"
        billable = {slot_band.band_grams: 1.0 for slot_band in slot.bands}
        most = float(slot.candidate.most_grams)
        _, added = _rounding_grams(tariff)
        weights = [
            ("actual", _contents_grams(formulation.case, slot), 0.0),
            ("volumetric", _contents_volumetric_grams(formulation.case, slot), added),
            ("minimum", {}, float(tariff.min_billable_grams)),
        ]
        switches: dict[int, float] = {slot.open_package: -1.0}
        for kind, grams, allowed in weights:
            if not grams and not allowed:
                continue
            switch = formulation.program.add_column(f"billed_by[{slot.name},{kind}]", upper_bound=1)
            switches[switch] = 1.0
            formulation.program.add_row(
                f"{name},{kind}]", billable | _negated(grams) | {switch: most - allowed}, at_most=most
            )
        formulation.program.add_row(f"{name},one]", switches, at_least=0, at_most=0)


def steps_pay_for_the_additional_weight(formulation: Formulation) -> None:
    """Every begun step of weight above the band's first weight is paid, at each level that charges for it."""
    for slot in formulation.slots:
        for number, slot_band in enumerate(slot.bands):
            for level, added_steps in slot_band.added_steps.items():
                band = slot_band.stretch.bands[level]
                assert band is not None, "only a band has steps"
                formulation.program.add_row(
                    f"steps_pay_for_the_additional_weight[{slot.name},{number},{level}]",
                    {
                        added_steps: float(band.step_grams),
                        slot_band.band_grams: -1.0,
                        slot_band.use_band: float(band.from_grams),
                    },
                    at_least=0,
                )


def _tariff_of(case: Case, slot: Slot) -> Tariff:
    return case.tariffs[int(case.lane_tariff[slot.candidate.lane])]


def _contents_grams(case: Case, slot: Slot) -> dict[int, float]:
    return {column: float(case.unit_grams[part]) for part, column in slot.ship_units.items()}


def _contents_volumetric_grams(case: Case, slot: Slot) -> dict[int, float]:
    rule = _tariff_of(case, slot).volumetric
    if not rule.mm3:
        return {}
    each = {column: int(case.unit_mm3[part]) for part, column in slot.ship_units.items()}
    return {column: mm3 * rule.grams / rule.mm3 for column, mm3 in each.items() if mm3}


def _negated(terms: dict[int, float]) -> dict[int, float]:
    return {column: -coefficient for column, coefficient in terms.items()}


def _rounding_grams(tariff: Tariff) -> tuple[float, float]:
    """No less than rounding to whole grams lowers, and the most that it raises, a volumetric weight."""
    rule = tariff.volumetric
    if not rule.mm3:
        return 0.0, 0.0
    return 0.0 if rule.spare or rule.mm3 == 1 else 1.0, rule.spare / rule.mm3


def _may_inflate(slot: Slot) -> bool:
    """True where a price falls just after some band's end at any level, or weights below a band are closed."""
    stretches = [slot_band.stretch for slot_band in slot.bands]
    if not stretches:
        return False
    if stretches[0].from_grams > slot.candidate.least_grams:
        return True
    return any(
        after.from_grams > before.to_grams + 1
        or any(
            later < earlier
            for earlier, later in zip(before.prices_at(before.to_grams), after.prices_at(after.from_grams), strict=True)
        )
        for before, after in pairwise(stretches)
    )
