"""Which contract is in force for an order: of a platform by channel, of a partner by source, of a carrier by name."""

from collections.abc import Iterable, Mapping
from datetime import date

from solver.errors import StateConflict
from solver.ledger.contracts.model import Contract, Role


class ContractBook:
    """Contracts in all their versions. Of each only the highest version that is valid on the day counts."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        self.contracts: Mapping[tuple[str, int], Contract] = {one.key: one for one in contracts}
        self.named: Mapping[str, Contract] = {one.name: one for one in self.contracts.values()}
        self._known: dict[tuple[str, str, str, date], Contract | None] = {}
        self._in_force: dict[date, tuple[Contract, ...]] = {}

    def in_force(self, day: date) -> tuple[Contract, ...]:
        """Every contract that is valid on a day, by id."""
        found = self._in_force.get(day)
        if found is None:
            latest: dict[str, Contract] = {}
            for (contract_id, _), one in sorted(self.contracts.items()):
                if one.is_valid_on(day):
                    latest[contract_id] = one
            found = self._in_force[day] = tuple(latest.values())
        return found

    def of_platform(self, channel: str, day: date) -> Contract | None:
        """The platform's that an order of a channel pays; one that names the channel goes before one for all.

        Raises StateConflict (CONTRACTS_OVERLAP) where two contracts are for it: which of them is never guessed. So do
        the others.
        """
        return self._find("platform", channel, channel, day)

    def of_source(self, source_id: str, channel: str, day: date) -> Contract | None:
        """The dealer's or store's that ships from a source."""
        return self._find("source", source_id, channel, day)

    def of_carrier(self, carrier_id: str, channel: str, day: date) -> Contract | None:
        """The carrier's."""
        return self._find("carrier", carrier_id, channel, day)

    def _find(self, what: str, name: str, channel: str, day: date) -> Contract | None:
        key = (what, name, channel, day)
        if key not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[key] = self._the_one(what, name, channel, day)
        return self._known[key]

    def _the_one(self, what: str, name: str, channel: str, day: date) -> Contract | None:
        fitting = [one for one in self.in_force(day) if _is_for(one, what, name, channel)]
        closest = [one for one in fitting if one.channels] or fitting
        if len(closest) > 1:
            names = ", ".join(one.name for one in closest)
            raise StateConflict(
                f"on {day} several contracts are for {what} {name!r}: {names}; end all but one, or give them channels",
                reason="CONTRACTS_OVERLAP",
                metadata={"contracts": names[:500]},
            )
        return closest[0] if closest else None


def _is_for(contract: Contract, what: str, name: str, channel: str) -> bool:
    if contract.channels and channel not in contract.channels:
        return False
    if what == "platform":
        return contract.role is Role.PLATFORM and contract.commission is not None
    if what == "carrier":
        return contract.role is Role.CARRIER and name in (contract.carriers or (contract.party,))
    return contract.role in (Role.DEALER, Role.STORE) and name in (contract.sources or (contract.party,))
