"""The policies that are kept, beside those that ship with the product: written once, read as one immutable mapping."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from solver.clock import Clock
from solver.errors import NotFound, StateConflict, Violations
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument
from solver.policies.rollout import Rollout
from solver.policies.rollouts import Rollouts
from solver.storage.database import Database
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.validation import check_rows

Documents = Mapping[tuple[str, int], PolicyDocument]


class PolicyStore:
    """Every version of every policy. A version, once kept, never changes.

    A policy that ships with the product counts as kept; its versions cannot be given another content either.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._registry = Registry(database, clock, "policy", PolicyDocument, _row_id)
        self._lock = threading.Lock()
        self.rollouts = Rollouts(database, clock, self.versions_of)
        self._index()

    @property
    def documents(self) -> Documents:
        """Everything that is kept, by id and version, in that order."""
        if self._registry.nouns is not self._known or self.rollouts.every is not self._live:
            self._index()
        return self._documents

    def versions_of(self, policy_id: str) -> list[int]:
        """The versions that are kept, in their order."""
        return [version for of, version in self.documents if of == policy_id]

    def get(self, policy_id: str, version: int = 0) -> PolicyDocument:
        """One version of a policy; 0: the latest. Raises NotFound."""
        wanted = version or max((known for of, known in self.documents if of == policy_id), default=0)
        document = self.documents.get((policy_id, wanted))
        if document is None:
            which = f"no version {version} of policy" if version else "no policy"
            metadata = {"policy_id": policy_id[:128], "version": str(version)}
            raise NotFound(f"there is {which} {policy_id!r}", metadata=metadata)
        return document

    def upsert(self, request: Request, documents: Sequence[PolicyDocument]) -> int:
        """Keep all or none; returns how many. A version that says what the kept one says is taken and changes nothing.

        Raises InvalidRequest where a version stands twice among `documents`, RequestIdReused, and StateConflict
        (POLICY_VERSION_EXISTS) where a kept version says anything else.
        """
        with self._lock:
            violations = Violations()
            check_rows(documents, "documents", violations)
            seen: set[tuple[str, int]] = set()
            for position, document in enumerate(documents):
                stated = f"{document.policy_id}, version {document.version}"
                once_only = document.key not in seen
                violations.require(once_only, f"documents[{position}]", stated, "stands twice; send it once")
                seen.add(document.key)
            violations.refuse_any("the list of policies")
            self._index()
            self._refuse_changes(documents)
            new = [document for document in documents if document.key not in self._documents]
            written = self._registry.upsert(request, new)
            self._index()
            return written

    def _refuse_changes(self, documents: Sequence[PolicyDocument]) -> None:
        for document in documents:
            kept = self._documents.get(document.key)
            if kept is not None and _said(kept) != _said(document):
                raise StateConflict(
                    f"version {document.version} of policy {document.policy_id} is kept and says something else; "
                    "a version never changes: give the new one a higher number",
                    reason="POLICY_VERSION_EXISTS",
                    metadata={"policy_id": document.policy_id, "version": str(document.version)},
                )

    def _index(self) -> None:
        known, live = self._registry.nouns, self.rollouts.every
        every = (*shipped_policies(), *known.values())  # what a user kept stands before what ships
        by_key = {document.key: _as_live(document, live.get(document.policy_id)) for document in every}
        self._documents: Documents = MappingProxyType({key: by_key[key] for key in sorted(by_key)})
        self._known, self._live = known, live


def _row_id(document: PolicyDocument) -> str:
    """The length tells the id's end, whatever the id contains."""
    return f"{len(document.policy_id)} {document.policy_id} {document.version}"


def _as_live(document: PolicyDocument, rollout: Rollout | None) -> PolicyDocument:
    if rollout is None:
        return document
    return replace(document, live_permille=rollout.live_permille(document.version))


def _said(document: PolicyDocument) -> PolicyDocument:
    """Without the way it is written, and what became of it: comments and layout are no content."""
    return replace(document, text="", live_permille=None)
