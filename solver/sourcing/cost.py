"""What a set of shipments costs, level by level: whole numbers, from the case alone."""

from collections.abc import Iterable

import numpy as np

from solver.sourcing.case import Case, Ints, Shipment, Tariff


def cost_of(case: Case, shipments: Iterable[Shipment], unfilled: Ints) -> tuple[int, ...]:
    """The cost of a plan at each level; `unfilled` counts the units of each line that do not ship, [K].

    Raises ValueError where a tariff does not carry a package's weight. No other rule is looked at.
    """
    chosen = tuple(shipments)
    offers = [int(case.lane_offer[shipment.lane]) for shipment in chosen]
    sources = sorted({int(case.offer_source[offer]) for offer in offers})
    total = case.unfilled_cost @ unfilled
    total = total + case.further_package_cost * max(0, len(chosen) - 1)
    total = total + case.further_source_cost * max(0, len(sources) - 1)
    total = total + case.source_cost[:, sources].sum(axis=1)
    if len(case.stair_offer):
        total = total + case.stair_cost @ _units_beyond_stairs(case, chosen, offers)
    for shipment in chosen:
        total = total + package_cost(case, shipment)
    return tuple(int(amount) for amount in total)


def package_cost(case: Case, shipment: Shipment) -> Ints:
    """What one package costs by itself, [P]. Raises ValueError where its tariff does not carry its weight."""
    lane, units = shipment.lane, shipment.units
    cost: Ints = (
        case.package_cost[:, lane]
        + case.kind_cost[:, lane] * int(np.count_nonzero(units))
        + case.unit_cost[:, lane] @ units
        + weight_prices(case.tariffs[case.lane_tariff[lane]], billable_grams(case, shipment))
    )
    return cost


def billable_grams(case: Case, shipment: Shipment) -> int:
    """The weight that the lane's tariff bills: max(actual, volumetric, minimum)."""
    tariff = case.tariffs[int(case.lane_tariff[shipment.lane])]
    volumetric_grams = tariff.volumetric.grams_of(int(shipment.units @ case.unit_mm3))
    return max(int(shipment.units @ case.unit_grams), volumetric_grams, tariff.min_billable_grams)


def weight_prices(tariff: Tariff, grams: int) -> Ints:
    """What the weight costs at each level, [P]. Raises ValueError where the tariff does not carry it."""
    prices = [0 if card is None else card.price_minor(grams) for card in tariff.cards]
    if None in prices:
        raise ValueError(f"the tariff does not carry {grams} g")
    return np.array(prices, dtype=np.int64)


def _units_beyond_stairs(case: Case, shipments: tuple[Shipment, ...], offers: list[int]) -> Ints:
    beyond = np.zeros(len(case.stair_offer), dtype=np.int64)
    for stair in np.flatnonzero(np.isin(case.stair_offer, offers)).tolist():
        part = case.stair_part[stair]
        taken = sum(
            int(shipment.units[part])
            for shipment, offer in zip(shipments, offers, strict=True)
            if offer == case.stair_offer[stair]
        )
        beyond[stair] = max(0, taken - int(case.stair_after_units[stair]))
    return beyond
