"""Master data of one kind: written as documents, read as one immutable mapping in memory."""

import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Generic, TypeVar

import msgspec

from solver.clock import Clock
from solver.storage import documents
from solver.storage.database import Database, Transaction
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
        self._lock = threading.Lock()
        decoder = msgspec.json.Decoder(noun)
        with database.read() as reader:
            bodies = documents.load(reader, kind)
        self._nouns: dict[str, Noun] = {noun_id: decoder.decode(body) for noun_id, body in bodies.items()}
        self._shown = MappingProxyType(self._nouns)

    @property
    def nouns(self) -> Mapping[str, Noun]:
        """Everything that is committed, by id: the very same mapping until the next upsert."""
        return self._shown

    def upsert(self, request: Request, nouns: Sequence[Noun]) -> int:
        """Write nouns, replacing those with the same id, once for each request; returns how many were written."""

        def stage(tx: Transaction) -> bytes:
            encode = msgspec.json.Encoder().encode
            documents.put(tx, self._kind, ((self._id_of(noun), encode(noun)) for noun in nouns))
            return str(len(nouns)).encode()

        with self._lock:
            answer = once(self._database, self._clock, request, stage)
            if answer.fresh:
                self._nouns = self._nouns | {self._id_of(noun): noun for noun in nouns}
                self._shown = MappingProxyType(self._nouns)
        return int(answer.body)
