"""Master data of one kind: written as documents, read as one immutable mapping in memory."""

import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Generic, TypeVar

import msgspec

from solver.clock import Clock
from solver.errors import LostRace
from solver.storage import documents
from solver.storage.database import Database, Transaction
from solver.storage.editions import Editions
from solver.storage.once import Request, once

Noun = TypeVar("Noun")


class Registry(Generic[Noun]):
    """Nouns by id. A reader keeps the mapping he took: it never changes under him.

    Writes follow each other, so that memory shows what the database holds.
    """

    def __init__(
        self, database: Database, clock: Clock, kind: str, noun: type[Noun], id_of: Callable[[Noun], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._kind = kind
        self._id_of = id_of
        self._decoder = msgspec.json.Decoder(noun)
        self._lock = threading.Lock()  # of those who write; an act that only looks must never wait for it
        self._showing = threading.Lock()
        self._editions = Editions.of(database) if database.shared else None
        self._edition = -1
        self._read()

    @property
    def nouns(self) -> Mapping[str, Noun]:
        """Everything that is committed, by id: the very same mapping until the next upsert, here or elsewhere."""
        if self._editions is not None and self._editions.latest(self._kind) > self._edition:
            self._read()
        return self._shown

    def upsert(self, request: Request, nouns: Sequence[Noun]) -> int:
        """Write nouns, replacing those with the same id, once for each request; returns how many were written.

        Raises LostRace where another process changed nouns of this kind after they were read here.
        """
        return self.upsert_what(request, lambda _: nouns)

    def upsert_what(self, request: Request, act: Callable[[Transaction], Sequence[Noun]]) -> int:
        """As `upsert`, of nouns that follow from what an act reads and writes in the same transaction."""
        written = 0
        nouns: Sequence[Noun] = ()

        def stage(tx: Transaction) -> bytes:
            nonlocal written, nouns
            nouns = act(tx)
            encode = msgspec.json.Encoder().encode
            written = documents.next_edition(tx, self._kind)
            self._refuse_outdated(written)
            documents.put(tx, self._kind, ((self._id_of(noun), encode(noun)) for noun in nouns))
            return str(len(nouns)).encode()

        with self._lock:
            try:
                answer = once(self._database, self._clock, request, stage)
            except LostRace:
                self._read()
                raise
            if answer.fresh:
                with self._showing:
                    if written == self._edition + 1:  # unless it was read meanwhile
                        self._show(self._nouns | {self._id_of(noun): noun for noun in nouns}, written)
        return int(answer.body)

    def _read(self) -> None:
        """Take over what the database holds, unless it is older than what is shown."""
        with self._showing, self._database.read() as reader:
            edition = documents.editions(reader).get(self._kind, 0)
            if edition > self._edition:
                bodies = documents.load(reader, self._kind)
                self._show({noun_id: self._decoder.decode(body) for noun_id, body in bodies.items()}, edition)

    def _show(self, nouns: dict[str, Noun], edition: int) -> None:
        self._nouns, self._edition = nouns, edition
        self._shown = MappingProxyType(nouns)

    def _refuse_outdated(self, edition: int) -> None:
        if edition != self._edition + 1:
            raise LostRace(
                f"another server has changed the {self._kind} rows meanwhile; try again", metadata={"kind": self._kind}
            )
