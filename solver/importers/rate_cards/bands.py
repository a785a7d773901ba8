"""Pieces of a card, as rows state them, put together to bands without a hole."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.importers.refusal import refuse
from solver.network.model import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A band with the weight above which it holds. `text` names it where it cannot stand."""

    above_grams: int
    band: Band
    text: str


def joined(pieces: Sequence[Piece], *, closes_gaps: bool = True) -> tuple[Band, ...]:
    """The bands in ascending order; weights between them that no piece covers are a closed band.

    Raises RefusedError for an overlap, an empty band, and for a gap where it is not to be closed.
    """
    bands: list[Band] = []
    reached_grams: int | None = 0
    for piece in sorted(pieces, key=lambda piece: piece.above_grams):
        begins, ends = piece.above_grams, piece.band.up_to_grams
        refuse("band_overlap", piece.text, when=reached_grams is None or begins < reached_grams)
        if reached_grams is not None and begins > reached_grams:
            refuse("band_gap", piece.text, when=not closes_gaps)
            bands.append(Band(up_to_grams=begins, base_minor=0, closed=True))
        refuse("band_empty", piece.text, when=ends is not None and ends <= begins)
        bands.append(piece.band)
        reached_grams = ends
    return tuple(bands)
