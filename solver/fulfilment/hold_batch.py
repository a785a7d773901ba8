"""Many holds in one transaction: each held or refused by itself, or all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from solver.errors import InvalidRequest, StateConflict, StockShort
from solver.fulfilment.hold_model import HoldOutcome, HoldWish
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.holding.holds import Holds
from solver.stock.holding.placing import WantedHold
from solver.stock.model import StockHold
from solver.storage.database import Reader, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one hold of a batch was refused."""

    reason: str
    text: str
    metadata: dict[str, str] = field(default_factory=dict)


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Refusal | None])


def place_batch(
    holds: Holds, tx: Transaction, wishes: Sequence[HoldWish], *, all_or_none: bool
) -> tuple[bytes, tuple[HoldOutcome, ...]]:
    """Hold the wishes in their order; the answer to be kept, which says of each whether it was refused, and what it is.

    Raises InvalidRequest; with `all_or_none` also the error of the first that is refused, naming what every other is
    short of as well. The caller's transaction must then end without effect.
    """
    placed = holds.place_each(tx, [wanted_of(wish) for wish in wishes])
    for one in placed:
        if isinstance(one, InvalidRequest):
            raise one
    errors = [None if isinstance(one, StockHold | InvalidRequest) else one for one in placed]
    if all_or_none:
        _refuse_together(wishes, errors)
    kept = [
        None if error is None else Refusal(reason=error.reason, text=str(error), metadata=error.metadata)
        for error in errors
    ]
    outcomes = (
        HoldOutcome(hold_id=wish.hold_id, hold=one) if isinstance(one, StockHold) else _refused(wish, refusal)
        for wish, one, refusal in zip(wishes, placed, kept, strict=True)
    )
    return _encoder.encode(kept), tuple(outcomes)


def wanted_of(wish: HoldWish) -> WantedHold:
    """The wish in the words of stock."""
    terms = HoldTerms(channel=wish.channel, order_id=wish.order_id)
    return WantedHold(hold_id=wish.hold_id, claims=wish.claims, hold_for=wish.hold_for, terms=terms)


def outcomes_of(holds: Holds, reader: Reader, wishes: Sequence[HoldWish], answer: bytes) -> tuple[HoldOutcome, ...]:
    """What became of each wish of a batch that was answered before, the holds as they stand now."""
    return tuple(
        HoldOutcome(hold_id=wish.hold_id, hold=holds.find(reader, wish.hold_id))
        if refusal is None
        else _refused(wish, refusal)
        for wish, refusal in zip(wishes, _decoder.decode(answer), strict=True)
    )


def _refused(wish: HoldWish, refusal: Refusal | None) -> HoldOutcome:
    assert refusal is not None, "what is not held is refused"
    return HoldOutcome(
        hold_id=wish.hold_id,
        refused_reason=refusal.reason,
        refused_text=refusal.text,
        refused_metadata=refusal.metadata,
    )


def _refuse_together(wishes: Sequence[HoldWish], errors: Sequence[StockShort | StateConflict | None]) -> None:
    refused = [(wish.hold_id, error) for wish, error in zip(wishes, errors, strict=True) if error is not None]
    for _, error in refused:
        if isinstance(error, StateConflict):
            raise error
    if refused:
        metadata = {
            f"{hold_id}: {place}": figures for hold_id, error in refused for place, figures in error.metadata.items()
        }
        listed = "; ".join(f"{place}: {figures}" for place, figures in metadata.items())
        raise StockShort(
            f"none of the {len(wishes)} holds is held: {len(refused)} ask for more than is available: {listed}",
            metadata=metadata,
        )
