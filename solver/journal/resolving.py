"""Where holds stand, and many of them confirmed with as many statements as one takes."""

from collections.abc import Sequence
from datetime import datetime

from solver.errors import NotFound, StateConflict
from solver.journal import accounts, alongside, entries
from solver.journal.model import Entry, EntryState, Phase
from solver.storage.database import Transaction

_RESOLVED_STATES = {
    Phase.CONFIRM: EntryState.CONFIRMED,
    Phase.RELEASE: EntryState.RELEASED,
    Phase.EXPIRE: EntryState.EXPIRED,
}
ENDED = {
    EntryState.CONFIRMED: "is confirmed already",
    EntryState.RELEASED: "was released before: what it held is free again",
    EntryState.EXPIRED: "has expired: what it held is free again",
}
"""What is said of a hold that is to be resolved and was."""


def as_hold(entry: Entry | None, entry_id: int) -> Entry:
    """The entry, which is to be a hold. Raises NotFound."""
    if entry is None or entry.phase is not Phase.HOLD:
        raise NotFound(f"the journal has no hold {entry_id}")
    return entry


def state_of(hold: Entry, resolved: Phase | None, now: datetime) -> EntryState:
    """Where a hold stands that was `resolved` so, or not."""
    if resolved is not None:
        return _RESOLVED_STATES[resolved]
    assert hold.expires_at is not None
    return EntryState.EXPIRED if hold.expires_at <= now else EntryState.HELD


def stands_no_more(hold: Entry, state: EntryState) -> StateConflict:
    """Why nothing can be done to the hold any more."""
    return StateConflict(
        f"hold {hold.subject} {ENDED[state]}",
        reason=f"HOLD_{state.name}",
        metadata={"kind": hold.kind, "subject": hold.subject},
    )


def confirm_each(tx: Transaction, entry_ids: Sequence[int], now: datetime) -> list[Entry | EntryState]:
    """See `Journal.confirm_each`."""
    found, resolved = entries.by_ids(tx, entry_ids), entries.resolutions_of(tx, entry_ids)
    standing: dict[int, Entry] = {}
    answers: list[Entry | EntryState] = []
    for entry_id in entry_ids:
        hold = as_hold(found.get(entry_id), entry_id)
        state = EntryState.CONFIRMED if entry_id in standing else state_of(hold, resolved.get(entry_id), now)
        if state is EntryState.HELD:
            standing[entry_id] = hold
        answers.append(hold if state is EntryState.HELD else state)
    made = _resolve_each(tx, list(standing.values()), Phase.CONFIRM, now)
    return [made[one.entry_id] if isinstance(one, Entry) else one for one in answers]


def _resolve_each(tx: Transaction, holds: Sequence[Entry], phase: Phase, now: datetime) -> dict[int, Entry]:
    """By hold, the entry that resolves it; the holds alongside are resolved as well."""
    if not holds:
        return {}
    others = alongside.alongside_each(tx, [hold.entry_id for hold in holds])
    every = [one for hold in holds for one in (hold, *others.get(hold.entry_id, ()))]
    made = entries.append_resolutions(tx, phase, now, every)
    ids = [one.entry_id for one in every]
    accounts.move(tx, phase, entries.moves_of_all(tx, ids))
    tx.execute_rows("DELETE FROM journal_pending WHERE entry_id IN ({rows})", [(entry_id,) for entry_id in ids])
    return dict(zip(ids, made, strict=True))
