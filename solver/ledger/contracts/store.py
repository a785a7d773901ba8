"""The contracts of a service: every version of each, as it was written."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.clock import Clock
from solver.errors import NotFound, StateConflict, Violations
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.model import Contract
from solver.storage.database import Database
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.validation import check_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A document as it is stored; what it says is read from it anew."""

    contract_id: str
    version: int
    text: str


class ContractStore:
    """Contracts, of which a version never changes once it is kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._registry = Registry(database, clock, "contract", _Kept, _row_id)
        self._shown: tuple[object, ContractBook] | None = None

    @property
    def book(self) -> ContractBook:
        """Every contract that is kept: the very same book until another one is kept."""
        kept = self._registry.nouns
        shown = self._shown
        if shown is None or shown[0] is not kept:
            contracts = [parse(one.text, f"{one.contract_id} v{one.version}") for one in kept.values()]
            shown = self._shown = (kept, ContractBook(sorted(contracts, key=lambda one: one.key)))
        return shown[1]

    def get(self, contract_id: str, version: int = 0) -> Contract:
        """One version of a contract; 0: the latest. Raises NotFound."""
        contracts = self.book.contracts
        wanted = version or max((known for of, known in contracts if of == contract_id), default=0)
        found = contracts.get((contract_id, wanted))
        if found is None:
            which = f"no version {version} of contract" if version else "no contract"
            metadata = {"contract_id": contract_id[:128], "version": str(version)}
            raise NotFound(f"there is {which} {contract_id!r}", metadata=metadata)
        return found

    def upsert(self, request: Request, contracts: Sequence[Contract]) -> int:
        """Keep all or none; returns how many. A version that was written in the same way before changes nothing.

        Raises InvalidRequest where a version stands twice, RequestIdReused, and StateConflict
        (CONTRACT_VERSION_EXISTS) where a kept version was written otherwise.
        """
        violations = Violations()
        check_rows(contracts, "documents", violations)
        seen: set[tuple[str, int]] = set()
        for position, one in enumerate(contracts):
            violations.require(one.key not in seen, f"documents[{position}]", one.name, "stands twice; send it once")
            seen.add(one.key)
        violations.refuse_any("the list of contracts")
        known = self.book.contracts
        for one in contracts:
            kept = known.get(one.key)
            if kept is not None and kept.text != one.text:
                raise StateConflict(
                    f"{one.name} is kept and written otherwise; it never changes: give the new one a higher number",
                    reason="CONTRACT_VERSION_EXISTS",
                    metadata={"contract_id": one.contract_id, "version": str(one.version)},
                )
        new = [
            _Kept(contract_id=one.contract_id, version=one.version, text=one.text)
            for one in contracts
            if one.key not in known
        ]
        return self._registry.upsert(request, new)


def _row_id(kept: _Kept) -> str:
    """The length tells the id's end, whatever the id contains."""
    return f"{len(kept.contract_id)} {kept.contract_id} {kept.version}"
