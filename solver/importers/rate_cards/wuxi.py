"""The carriers' rate cards from Wuxi: rows become bands, the bands of one destination a card, or are rejected whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.importers.intake import Intake
from solver.importers.rate_cards.bands import Piece, joined
from solver.importers.refusal import RefusedError, refuse
from solver.importers.rows import Row
from solver.importers.values import exact_multiple, money_minor
from solver.network.model import Band, RateCard

FILE = "cn_tariffs/rate_cards_wuxi.csv"
ORIGIN = "无锡市"
DAY_MINUTES = 24 * 60
# The cards price by the kilogram and do not say how a fraction counts: every begun kilogram is assumed.
STEP_GRAMS = 1000
CLOSED_RULE = "rate card: weights that no row prices are closed"
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
class WuxiCard:
    """One destination of one carrier's card, by the names in the file, with the rows it was made of.

    `transit_minutes` None: the card does not state a lead time. `city` is empty where a whole province is meant.
    """

    carrier: str
    service: str
    province: str
    city: str
    card: RateCard
    transit_minutes: int | None
    min_billable_grams: int
    max_weight_grams: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _BandRow:
    row: Row
    piece: Piece
    min_billable_grams: int
    max_weight_grams: int
    transit_minutes: int | None


def read_cards(data: Path, intake: Intake) -> tuple[WuxiCard, ...]:
    """Every destination's card whose bands do not overlap; the rest goes to the intake.

    Weights that no row prices are closed, unless a row of the destination could not be read: then it is rejected.
    """
    groups: dict[tuple[str, ...], list[_BandRow]] = {}
    spoiled: set[tuple[str, ...]] = set()
    for row in intake.rows(data, FILE, COLUMNS):
        key = tuple(row[column] for column in ("carrier", "service", "dest_province", "dest_city"))
        try:
            groups.setdefault(key, []).append(_band_row(row))
        except RefusedError as refused:
            spoiled.add(key)
            intake.reject(row, refused.reason, refused.text)
    cards: list[WuxiCard] = []
    limits: dict[tuple[str, str], tuple[int, int]] = {}
    for key, rows in groups.items():
        try:
            if rows:
                card = _card(rows, closes_gaps=key not in spoiled)
                _check_limits(card, limits)
                cards.append(card)
                _count_closed(card, intake)
        except RefusedError as refused:
            for band_row in rows:
                intake.reject(band_row.row, refused.reason, refused.text)
    return tuple(cards)


def _count_closed(card: WuxiCard, intake: Intake) -> None:
    if closed := sum(band.closed for band in card.card.bands):
        intake.repair(CLOSED_RULE, closed)


def _check_limits(card: WuxiCard, limits: dict[tuple[str, str], tuple[int, int]]) -> None:
    """A service has one least and one greatest weight: those of its first card."""
    own = (card.min_billable_grams, card.max_weight_grams)
    stands = limits.setdefault((card.carrier, card.service), own)
    refuse("limits_differ", f"least and greatest grams {own} after {stands}", when=own != stands)


def _band_row(row: Row) -> _BandRow:
    refuse("unknown_origin", f"origin={row['origin']}", when=row["origin"] != ORIGIN)
    to_grams = _grams(row, "weight_to_kg") if row["weight_to_kg"] else None
    return _BandRow(
        row=row,
        piece=Piece(
            above_grams=_grams(row, "weight_from_kg"),
            band=_band(row, to_grams),
            text=f"band from {row['weight_from_kg']} kg",
        ),
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


def _card(rows: Sequence[_BandRow], *, closes_gaps: bool) -> WuxiCard:
    first = rows[0]
    for band_row in rows:
        for column in ("min_billable_grams", "max_weight_grams", "transit_minutes"):
            differs = getattr(band_row, column) != getattr(first, column)
            refuse("bands_disagree", f"{column} differs between the bands of one destination", when=differs)
    return WuxiCard(
        carrier=first.row["carrier"],
        service=first.row["service"],
        province=first.row["dest_province"],
        city=first.row["dest_city"],
        card=RateCard(bands=joined([band_row.piece for band_row in rows], closes_gaps=closes_gaps)),
        transit_minutes=first.transit_minutes,
        min_billable_grams=first.min_billable_grams,
        max_weight_grams=first.max_weight_grams,
        rows=tuple(band_row.row for band_row in rows),
    )


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
