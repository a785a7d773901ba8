"""One journal of double entry in two phases: post at once, or hold now and confirm, release or expire later."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from solver.clock import Clock, from_micros, to_micros
from solver.errors import BrokenInvariant, FieldViolation, InvalidRequest, StateConflict
from solver.journal import accounts, alongside, amounts, balances, entries, history
from solver.journal.alongside import SetAside
from solver.journal.amounts import Amount
from solver.journal.archived import refuse_archived_holds
from solver.journal.audit import audit
from solver.journal.model import (
    AccountKey,
    Balance,
    Book,
    ByUnit,
    Discrepancy,
    Entry,
    EntryState,
    FreeHold,
    NewHold,
    NewPost,
    Phase,
    Transfer,
)
from solver.journal.resolving import as_hold, confirm_each, stands_no_more, state_of
from solver.storage.database import Reader, Transaction

Watcher: TypeAlias = Callable[[Transaction, Entry, Sequence[Transfer]], None]
ExpiryWatcher: TypeAlias = Callable[[Transaction, Entry, Entry], None]  # the hold, and the entry that voids it


class Journal:
    """Entries are appended and never changed; balances are kept in the same transaction.

    The journal's time is the later of the clock and its last entry, so a clock turned back never reorders entries.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._account_ids: accounts.KnownIds = {}
        self._watchers: list[Watcher] = []
        self._expiry_watchers: list[ExpiryWatcher] = []

    def watch(self, told: Watcher) -> None:
        """From now on tell of every entry that `post` writes, in its transaction, just after it was written."""
        self._watchers.append(told)

    def watch_expiries(self, told: ExpiryWatcher) -> None:
        """From now on tell of every hold that `expire_due` voids, in its transaction; those alongside are not told."""
        self._expiry_watchers.append(told)

    def now(self, reader: Reader) -> datetime:
        """The journal's time. Expiries are to be counted from this, not from the clock."""
        return from_micros(self.now_us(reader))

    def now_us(self, reader: Reader) -> int:
        """The same in microseconds since 1970."""
        clock_us = to_micros(self._clock.now())
        last_us = entries.last_at_us(reader)
        return clock_us if last_us is None else max(clock_us, last_us)

    def post(self, tx: Transaction, kind: str, subject: str, transfers: Sequence[Transfer]) -> Entry:
        """Move every transfer at once.

        Raises GuardRefused, with nothing written, when guarded accounts would fall short; all of them are named.
        """
        if not transfers:
            raise BrokenInvariant(f"entry {kind} of {subject} moves nothing")
        entry = self._append(tx, Phase.POST, kind, subject, transfers, self.now(tx))
        for told in self._watchers:
            told(tx, entry, transfers)
        return entry

    def post_each(self, tx: Transaction, posts: Sequence[NewPost]) -> list[tuple[Entry, list[accounts.Move]]]:
        """As `post` for each, all or none, with as many statements as one takes; and of each its moves in account ids.

        GuardRefused is of all together.
        """
        for one in posts:
            if not one.transfers:
                raise BrokenInvariant(f"entry {one.kind} of {one.subject} moves nothing")
        if not posts:
            return []
        now = self.now(tx)
        moves = iter(self._open_moves(tx, Phase.POST, [transfer for one in posts for transfer in one.transfers]))
        made = entries.append_posts(tx, now, posts)
        of_each = [list(islice(moves, len(one.transfers))) for one in posts]
        self._move(tx, Phase.POST, [(entry.entry_id, of) for entry, of in zip(made, of_each, strict=True)])
        return list(zip(made, of_each, strict=True))

    def hold(
        self, tx: Transaction, kind: str, subject: str, transfers: Sequence[Transfer], expires_at: datetime
    ) -> Entry:
        """Set every transfer aside until confirmed, released or expired. Without transfers the hold still stands.

        Raises GuardRefused as `post` does; StateConflict (HOLD_EXISTS) when the subject has had a hold of this kind;
        InvalidRequest when `expires_at` is not later than the journal's time. Nothing is written then.
        """
        [entry] = self.hold_each(tx, kind, [NewHold(subject=subject, transfers=transfers, expires_at=expires_at)])
        return entry

    def hold_each(self, tx: Transaction, kind: str, holds: Sequence[NewHold]) -> list[Entry]:
        """As `hold` for each, all or none, with as many statements as one takes. GuardRefused is of all together."""
        made, of_each = self._append_holds(tx, kind, holds, self.now(tx))
        self._move(tx, Phase.HOLD, of_each)
        for entry, one in zip(made, holds, strict=True):
            entries.remember(tx, entry.entry_id, one.transfers)
        balances.keep_pending(
            tx, [(entry.entry_id, to_micros(one.expires_at)) for entry, one in zip(made, holds, strict=True)]
        )
        return made

    def hold_free(self, tx: Transaction, kind: str, holds: Sequence[FreeHold]) -> None:
        """As `hold_each`, of what the caller has seen to be free in this transaction (`free_of`).

        The database refuses what is not free.
        """
        now = self.now(tx)
        self._refuse_holds(tx, kind, holds, now)
        expiries = list(map(to_micros, [one.expires_at for one in holds]))
        subjects = [one.subject for one in holds]
        entry_ids = entries.append_holds(tx, kind, to_micros(now), zip(subjects, expiries, strict=True))
        self._move(tx, Phase.HOLD, list(zip(entry_ids, [one.moves for one in holds], strict=True)))
        balances.keep_pending(tx, list(zip(entry_ids, expiries, strict=True)))

    def commit_each(self, tx: Transaction, kind: str, holds: Sequence[NewHold]) -> list[Entry]:
        """`hold_each` and then `confirm_each` of all of them: the same entries, and each balance moves once."""
        now = self.now(tx)
        made, of_each = self._append_holds(tx, kind, holds, now)
        entries.append_resolutions(tx, Phase.CONFIRM, now, made)
        self._move(tx, Phase.POST, of_each)
        return made

    def hold_alongside(self, tx: Transaction, entry_id: int, transfers: Sequence[Transfer]) -> Entry:
        """Set more aside until a hold that no entry resolved yet is, in the same way as that. Raises GuardRefused.

        Where that hold has come to its expiry meanwhile, so has this one: neither counts, and both are swept.
        """
        kind, subject = alongside.name_of_next(tx, entry_id)
        expires_at = self._hold(tx, entry_id).expires_at
        assert expires_at is not None
        entry = self._append(tx, Phase.HOLD, kind, subject, transfers, self.now(tx), expires_at)
        balances.keep_pending(tx, [(entry.entry_id, to_micros(expires_at))])
        return entry

    def set_aside(self, reader: Reader, book: Book, kind: str, units: Collection[str]) -> list[SetAside]:
        """What pending holds are about to take out of accounts of this kind. Sweep before: due holds count."""
        return alongside.set_aside(reader, book, kind, units)

    def transfers_of_hold(self, reader: Reader, entry_id: int) -> tuple[Transfer, ...]:
        """A hold's transfers, and after them those of the holds alongside.

        Raises StateConflict (HOLD_ARCHIVED) for a hold of which nothing is open, where it was archived.
        """
        holds = [entry_id, *(other.entry_id for other in alongside.alongside(reader, entry_id))]
        found = tuple(transfer for hold in holds for transfer in entries.transfers_of(reader, hold))
        if not found:
            refuse_archived_holds(reader, [entry_id])
        return found

    def transfers_of_holds(self, reader: Reader, entry_ids: Collection[int]) -> dict[int, tuple[Transfer, ...]]:
        """`transfers_of_hold` by hold, with as many statements as one takes. Raises what that raises, for any."""
        others = alongside.alongside_each(reader, entry_ids)
        groups = {one: [one, *(other.entry_id for other in others.get(one, ()))] for one in entry_ids}
        found = entries.transfers_of_each(reader, [hold for group in groups.values() for hold in group])
        of_each = {one: tuple(transfer for hold in group for transfer in found[hold]) for one, group in groups.items()}
        if empty := [one for one, transfers in of_each.items() if not transfers]:
            refuse_archived_holds(reader, empty)
        return of_each

    def confirm(self, tx: Transaction, entry_id: int) -> Entry:
        """Post what the hold set aside, and the holds alongside; returns the confirming entry.

        Raises NotFound for what is not a hold, and StateConflict (HOLD_EXPIRED at or after its expiry, HOLD_RELEASED,
        HOLD_CONFIRMED) for one that no longer stands. Nothing is written then.
        """
        return self._resolve_standing(tx, entry_id, Phase.CONFIRM)

    def confirm_each(self, tx: Transaction, entry_ids: Sequence[int]) -> list[Entry | EntryState]:
        """`confirm` for each, one after the other, with as many statements as one takes.

        The confirming entry; or the state that the hold is in instead, and nothing is written for it. Raises NotFound,
        with nothing written at all, where one of them is no hold.
        """
        return confirm_each(tx, entry_ids, self.now(tx))

    def release(self, tx: Transaction, entry_id: int) -> Entry:
        """Void what the hold set aside; returns the releasing entry. Raises what `confirm` raises."""
        return self._resolve_standing(tx, entry_id, Phase.RELEASE)

    def expire_due(self, tx: Transaction) -> tuple[str, ...]:
        """Void every hold whose expiry has come, each by an entry of its own.

        Returns their subjects, earliest expiry first.
        """
        subjects = []
        now = self.now(tx)
        for entry_id in balances.due_holds(tx, to_micros(now)):
            hold = self._hold(tx, entry_id)
            voided = self._resolve(tx, hold, Phase.EXPIRE, now)
            if not alongside.is_alongside(hold):
                subjects.append(hold.subject)
                for told in self._expiry_watchers:
                    told(tx, hold, voided)
        return tuple(subjects)

    def state(self, reader: Reader, entry_id: int) -> EntryState:
        """Where a hold stands now. Raises NotFound for what is not a hold."""
        return self._state(reader, self._hold(reader, entry_id), self.now(reader))

    def find_hold(self, reader: Reader, kind: str, subject: str) -> Entry | None:
        """The one hold of this kind and subject, standing or resolved."""
        return entries.hold_of(reader, kind, subject)

    def has_due(self, reader: Reader) -> bool:
        """True when a pending hold's expiry has come; `expire_due` would void it."""
        expiry_us = balances.next_expiry_us(reader)
        return expiry_us is not None and expiry_us <= self.now_us(reader)

    def due_out_of(self, reader: Reader, book: Book, kind: str) -> list[tuple[str, str]]:
        """Holder and unit of every account of a kind that holds to be voided by `expire_due` were to take from."""
        return balances.due_out_of(reader, self.now_us(reader), book, kind)

    def find(self, reader: Reader, entry_id: int) -> Entry | None:
        """The entry with this id, if there is one."""
        return entries.by_id(reader, entry_id)

    def find_each(self, reader: Reader, entry_ids: Collection[int]) -> dict[int, Entry]:
        """The entries that there are of these, by id."""
        return entries.by_ids(reader, entry_ids)

    def entries(self, reader: Reader, subject: str) -> tuple[Entry, ...]:
        """Every entry about this subject, oldest first."""
        return entries.by_subject(reader, subject)

    def transfers(self, reader: Reader, entry_id: int) -> tuple[Transfer, ...]:
        """An entry's transfers; a resolving entry has none of its own, they stand with the hold."""
        return entries.transfers_of(reader, entry_id)

    def balances(
        self,
        reader: Reader,
        book: Book,
        kinds: Collection[str] | None = None,
        holders: Collection[str] | None = None,
        units: Collection[str] | None = None,
    ) -> tuple[Balance, ...]:
        """Balances of the accounts that pass every filter given, ordered by kind, unit and holder."""
        return balances.balances(reader, self.now_us(reader), book, kinds, holders, units)

    def available(self, reader: Reader, book: Book, kind: str, units: Collection[str]) -> ByUnit:
        """unit -> holder -> available amount of the accounts of one kind, for the hot path."""
        return balances.available_by_unit(reader, self.now_us(reader), book, kind, units)

    def free_of(
        self, reader: Reader, keys: Collection[AccountKey], also: Collection[AccountKey] = ()
    ) -> dict[AccountKey, int]:
        """What each of these accounts has that no hold is about to take out. Sweep before: due holds count.

        `also` are accounts that the transaction is about to move; they are looked at in the same statement.
        """
        return accounts.free_of(reader, keys, self._account_ids, also)

    def opened(self, tx: Transaction, keys: Collection[AccountKey]) -> Mapping[AccountKey, int]:
        """The ids of these accounts, no key twice, and perhaps of others; new ones are opened, in this order."""
        return accounts.opened(tx, keys, self._account_ids)

    def held(self, reader: Reader, book: Book, kind: str, units: Collection[str]) -> ByUnit:
        """unit -> holder -> held amount of the accounts of one kind; holders with nothing held are left out."""
        return balances.held_by_unit(reader, self.now_us(reader), book, kind, units)

    def free_amounts(
        self,
        reader: Reader,
        book: Book,
        kinds: Collection[str],
        units: Collection[str],
        holders: Collection[str] | None = None,
    ) -> list[Amount]:
        """Kind, holder, unit and free amount of every account; due holds no longer count, so one may stand twice."""
        return amounts.free_amounts(reader, self.now_us(reader), book, kinds, units, holders)

    def any_account(self, reader: Reader, kinds: Mapping[Book, Collection[str]], units: Collection[str]) -> bool:
        """True where there is an account of one of these kinds and units."""
        return amounts.any_account(reader, kinds, units)

    def units(self, reader: Reader, book: Book) -> set[str]:
        """Every unit that has an account in a book."""
        return amounts.units_of(reader, book)

    def free_sums(self, reader: Reader, book: Book, kind: str, units: Collection[str]) -> dict[str, int]:
        """unit -> what all accounts of one kind have free together; units without an account are left out."""
        return amounts.free_sums(reader, self.now_us(reader), book, kind, units)

    def balance_at(self, reader: Reader, account: AccountKey, at: datetime) -> Balance:
        """What an account held at any time, rebuilt from its movements. Reads the whole journal."""
        return history.balance_at(reader, account, at)

    def balances_at(self, reader: Reader, unit: str, at: datetime) -> tuple[Balance, ...]:
        """What every account of a unit held at any time, rebuilt from its movements. Reads the whole journal."""
        return history.balances_at(reader, unit, at)

    def audit(self, reader: Reader) -> tuple[Discrepancy, ...]:
        """Every broken rule found by rebuilding the books from their transfers; empty when they balance.

        What was archived is taken as the opening says; `prove` (solver.journal.archive_proof) proves that.
        """
        return audit(reader)

    def _append(
        self,
        tx: Transaction,
        phase: Phase,
        kind: str,
        subject: str,
        transfers: Sequence[Transfer],
        now: datetime,
        expires_at: datetime | None = None,
    ) -> Entry:
        moves = self._open_moves(tx, phase, transfers)
        entry = entries.append(tx, phase, kind, subject, now, expires_at=expires_at)
        self._move(tx, phase, [(entry.entry_id, moves)])
        return entry

    def _append_holds(
        self, tx: Transaction, kind: str, holds: Sequence[NewHold], now: datetime
    ) -> tuple[list[Entry], list[tuple[int, list[accounts.Move]]]]:
        """The entries of new holds, and of each its transfers, which move nothing yet. Raises as `hold_each`."""
        self._refuse_holds(tx, kind, holds, now)
        moves = iter(self._open_moves(tx, Phase.HOLD, [transfer for one in holds for transfer in one.transfers]))
        expiries = [(one.subject, to_micros(one.expires_at)) for one in holds]
        entry_ids = entries.append_holds(tx, kind, to_micros(now), expiries)
        made = [
            Entry(
                entry_id=entry_id, phase=Phase.HOLD, kind=kind, subject=one.subject, at=now, expires_at=one.expires_at
            )
            for entry_id, one in zip(entry_ids, holds, strict=True)
        ]
        return made, [
            (number, list(islice(moves, len(one.transfers)))) for number, one in zip(entry_ids, holds, strict=True)
        ]

    def _refuse_holds(self, tx: Transaction, kind: str, holds: Sequence[NewHold | FreeHold], now: datetime) -> None:
        """Raise for a hold that would be over at once, or whose subject had one."""
        for one in holds:
            if one.expires_at <= now:
                remedy = f"must be later than the journal's time {now.isoformat()}"
                violation = FieldViolation(field="expires_at", value=one.expires_at.isoformat(), remedy=remedy)
                raise InvalidRequest(f"hold {one.subject}", [violation])
        for subject in entries.held_subjects(tx, kind, [one.subject for one in holds]):
            raise StateConflict(
                f"hold {subject} exists already", reason="HOLD_EXISTS", metadata={"kind": kind, "subject": subject}
            )

    def _open_moves(self, tx: Transaction, phase: Phase, transfers: Sequence[Transfer]) -> list[accounts.Move]:
        return accounts.open_moves(tx, phase, transfers, self._account_ids)

    def _move(self, tx: Transaction, phase: Phase, of_entries: Sequence[tuple[int, Sequence[accounts.Move]]]) -> None:
        entries.append_transfers(tx, of_entries)
        accounts.move(tx, phase, [moved for _, moves in of_entries for moved in moves])

    def _hold(self, reader: Reader, entry_id: int) -> Entry:
        return as_hold(entries.by_id(reader, entry_id), entry_id)

    def _state(self, reader: Reader, hold: Entry, now: datetime) -> EntryState:
        resolution = entries.resolution_of(reader, hold.entry_id)
        return state_of(hold, None if resolution is None else resolution.phase, now)

    def _resolve_standing(self, tx: Transaction, entry_id: int, phase: Phase) -> Entry:
        # One reading of the clock: a hold must not expire between the check and the entry that relies on it.
        now = self.now(tx)
        hold = self._hold(tx, entry_id)
        state = self._state(tx, hold, now)
        if state is not EntryState.HELD:
            raise stands_no_more(hold, state)
        resolution = self._resolve(tx, hold, phase, now)
        for other in alongside.alongside(tx, entry_id):
            self._resolve(tx, other, phase, now)
        return resolution

    def _resolve(self, tx: Transaction, hold: Entry, phase: Phase, now: datetime) -> Entry:
        entry = entries.append(tx, phase, hold.kind, hold.subject, now, resolves=hold.entry_id)
        accounts.move(tx, phase, entries.moves_of(tx, hold.entry_id))
        tx.execute("DELETE FROM journal_pending WHERE entry_id = ?", (hold.entry_id,))
        return entry
