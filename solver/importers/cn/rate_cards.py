"""The carriers' rate cards from Wuxi: rows become bands, the bands of one destination a card, or are rejected whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.importers.cn.places import Gazetteer, Place
from solver.importers.intake import Intake
from solver.importers.refusal import RefusedError, refuse
from solver.importers.rows import Row
from solver.importers.values import exact_multiple, money_minor
from solver.network.model import Band, RateCard

FILE = "cn_tariffs/rate_cards_wuxi.csv"
ORIGIN = "无锡市"
DAY_MINUTES = 24 * 60
# The cards price by the kilogram and do not say how a fraction counts: every begun kilogram is assumed.
STEP_GRAMS = 1000
COLUMNS = (
    "origin",
    "carrier",
    "service",
    "dest_province",
    "dest_city",
    "weight_from_kg",
    "weight_to_kg",
    "fixed_price",
    "price_per_kg",
    "per_kg_basis",
    "min_chargeable_kg",
    "max_weight_kg",
    "lead_time",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLane:
    """One destination of one carrier's card. `transit_minutes` None: the card does not state a lead time."""

    carrier: str
    service: str
    place: Place
    card: RateCard
    transit_minutes: int | None
    min_billable_grams: int
    max_weight_grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _BandRow:
    row: Row
    above_grams: int
    band: Band
    min_billable_grams: int
    max_weight_grams: int
    transit_minutes: int | None


def read_lanes(data: Path, gazetteer: Gazetteer, intake: Intake) -> tuple[CardLane, ...]:
    """Every lane whose bands cover all weights from 0 without gap or overlap; the rest goes to the intake."""
    groups: dict[tuple[str, ...], list[_BandRow]] = {}
    for row in intake.rows(data, FILE, COLUMNS):
        try:
            band_row = _band_row(row)
        except RefusedError as refused:
            intake.reject(row, refused.reason, refused.text)
            continue
        key = tuple(row[column] for column in ("carrier", "service", "dest_province", "dest_city"))
        groups.setdefault(key, []).append(band_row)
    lanes: dict[tuple[str, str, str], CardLane] = {}
    limits: dict[tuple[str, str], tuple[int, int]] = {}
    for rows in groups.values():
        try:
            lane = _lane(rows, gazetteer)
            _check_limits(lane, limits)
            key = (lane.carrier, lane.service, lane.place.code)
            refuse("lane_given_twice", f"{rows[0].row['dest_city']} is {lane.place.name}", when=key in lanes)
            lanes[key] = lane
        except RefusedError as refused:
            for band_row in rows:
                intake.reject(band_row.row, refused.reason, refused.text)
    return tuple(lanes.values())


def _check_limits(lane: CardLane, limits: dict[tuple[str, str], tuple[int, int]]) -> None:
    """A service has one least and one greatest weight: those of its first lane."""
    own = (lane.min_billable_grams, lane.max_weight_grams)
    stands = limits.setdefault((lane.carrier, lane.service), own)
    refuse("limits_differ", f"least and greatest grams {own} after {stands}", when=own != stands)


def _band_row(row: Row) -> _BandRow:
    refuse("unknown_origin", f"origin={row['origin']}", when=row["origin"] != ORIGIN)
    to_grams = _grams(row, "weight_to_kg") if row["weight_to_kg"] else None
    return _BandRow(
        row=row,
        above_grams=_grams(row, "weight_from_kg"),
        band=_band(row, to_grams),
        min_billable_grams=_grams(row, "min_chargeable_kg") if row["min_chargeable_kg"] else 0,
        max_weight_grams=_grams(row, "max_weight_kg") if row["max_weight_kg"] else 0,
        transit_minutes=_transit_minutes(row["lead_time"]),
    )


def _band(row: Row, to_grams: int | None) -> Band:
    base_minor, basis = _money(row, "fixed_price"), row["per_kg_basis"]
    if not row["price_per_kg"]:
        refuse("unknown_basis", f"per_kg_basis={basis} without price_per_kg", when=bool(basis))
        return Band(up_to_grams=to_grams, base_minor=base_minor)
    excess = re.fullmatch(r"excess over (\d+) kg", basis)
    refuse("unknown_basis", f"per_kg_basis={basis}", when=excess is None and basis != "whole weight")
    return Band(
        up_to_grams=to_grams,
        base_minor=base_minor,
        from_grams=0 if excess is None else int(excess[1]) * 1000,
        step_grams=STEP_GRAMS,
        step_minor=_money(row, "price_per_kg"),
    )


def _lane(rows: Sequence[_BandRow], gazetteer: Gazetteer) -> CardLane:
    first = rows[0]
    for band_row in rows:
        for column in ("min_billable_grams", "max_weight_grams", "transit_minutes"):
            differs = getattr(band_row, column) != getattr(first, column)
            refuse("bands_disagree", f"{column} differs between the bands of one destination", when=differs)
    return CardLane(
        carrier=first.row["carrier"],
        service=first.row["service"],
        place=_place(first.row, gazetteer),
        card=RateCard(bands=_joined(sorted(rows, key=lambda band_row: band_row.above_grams))),
        transit_minutes=first.transit_minutes,
        min_billable_grams=first.min_billable_grams,
        max_weight_grams=first.max_weight_grams,
    )


def _joined(rows: Sequence[_BandRow]) -> tuple[Band, ...]:
    """The bands in ascending order, each beginning where the one before it ends."""
    reached_grams: int | None = 0
    for band_row in rows:
        begins, text = (
            band_row.above_grams,
            f"band from {band_row.row['weight_from_kg']} kg",
        )
        refuse("band_overlap", text, when=reached_grams is None or begins < reached_grams)
        refuse("band_gap", text, when=reached_grams is not None and begins > reached_grams)
        reached_grams = band_row.band.up_to_grams
        refuse("band_empty", text, when=reached_grams is not None and reached_grams <= begins)
    return tuple(band_row.band for band_row in rows)


def _place(row: Row, gazetteer: Gazetteer) -> Place:
    province = gazetteer.province(row["dest_province"])
    if province is None:
        raise RefusedError("unknown_place", f"dest_province={row['dest_province']}")
    if not row["dest_city"]:
        return province
    place = gazetteer.within(province, row["dest_city"])
    if place is None:
        raise RefusedError(
            "unknown_place",
            f"dest_province={row['dest_province']} dest_city={row['dest_city']}",
        )
    return place


def _transit_minutes(text: str) -> int | None:
    """`2-3天` takes the longer number of days; an empty text states nothing."""
    if not text:
        return None
    found = re.fullmatch(r"(?:\d+-)?(\d+)天", text)
    if found is None:
        raise RefusedError("unreadable_lead_time", f"lead_time={text}")
    return int(found[1]) * DAY_MINUTES


def _grams(row: Row, column: str) -> int:
    grams = exact_multiple(row[column], 1000)
    if grams is None or grams < 0:
        raise RefusedError("unreadable_number", f"{column}={row[column]}")
    return grams


def _money(row: Row, column: str) -> int:
    amount_minor = money_minor(row[column])
    if amount_minor is None:
        raise RefusedError("unreadable_number", f"{column}={row[column]}")
    return amount_minor
