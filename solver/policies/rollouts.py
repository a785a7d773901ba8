"""Rollouts as they are kept: changed once for each request, seen by every server at once."""

from collections.abc import Callable, Mapping, Sequence

from solver.clock import Clock
from solver.errors import NotFound, Violations
from solver.policies.rollout import (
    WHOLE_PERMILLE,
    Rollout,
    RolloutCommand,
    nothing_to_roll_back,
    rolled_back,
    rolled_out,
)
from solver.storage.database import Database, Transaction
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.validation import check_between, check_id

MOST_REASON_CHARACTERS = 1_000


class Rollouts:
    """What is live of each policy that was ever rolled out. `versions_of` knows the versions that are kept."""

    def __init__(self, database: Database, clock: Clock, versions_of: Callable[[str], Sequence[int]]) -> None:
        self._registry = Registry(database, clock, "policy_rollout", Rollout, lambda one: one.policy_id)
        self._clock = clock
        self._versions_of = versions_of

    @property
    def every(self) -> Mapping[str, Rollout]:
        """By policy id: the very same mapping until the next change."""
        return self._registry.nouns

    def roll_out(self, request: Request, command: RolloutCommand, *, by: str) -> Rollout:
        """Let a version be live for a share of orders, or for all. The first time the latest other one is live for all.

        Raises InvalidRequest, NotFound, RequestIdReused, StateConflict (LIVE_FOR_ALL), LostRace.
        """
        self._refuse_invalid(command)
        at = self._clock.now()

        def act(_: Transaction) -> list[Rollout]:
            return [rolled_out(self._standing(command), command, at=at, by=by)]

        self._registry.upsert_what(request, act)
        return self.every[command.policy_id]

    def roll_back(self, request: Request, policy_id: str, *, by: str, reason: str = "") -> Rollout:
        """Withdraw the newest version that is live. Raises StateConflict (NOTHING_TO_ROLL_BACK), RequestIdReused."""
        violations = Violations()
        check_id(policy_id, "policy_id", violations)
        _check_reason(reason, violations)
        violations.refuse_any("the roll-back")
        at = self._clock.now()

        def act(_: Transaction) -> list[Rollout]:
            rollout = self.every.get(policy_id)
            if rollout is None:
                raise nothing_to_roll_back(policy_id)
            return [rolled_back(rollout, at=at, by=by, reason=reason)]

        self._registry.upsert_what(request, act)
        return self.every[policy_id]

    def _standing(self, command: RolloutCommand) -> Rollout:
        known = self.every.get(command.policy_id)
        if known is not None:
            return known
        others = [version for version in self._versions_of(command.policy_id) if version != command.version]
        return Rollout(policy_id=command.policy_id, version=max(others, default=command.version))

    def _refuse_invalid(self, command: RolloutCommand) -> None:
        violations = Violations()
        check_id(command.policy_id, "policy_id", violations)
        check_between(command.permille, 0, WHOLE_PERMILLE, "permille", violations)
        _check_reason(command.reason, violations)
        violations.refuse_any("the rollout")
        versions = self._versions_of(command.policy_id)
        if command.version not in versions:
            listed = ", ".join(str(version) for version in versions) or "none"
            raise NotFound(
                f"there is no version {command.version} of policy {command.policy_id!r}; it has {listed}",
                metadata={"policy_id": command.policy_id, "version": str(command.version)},
            )


def _check_reason(reason: str, violations: Violations) -> None:
    sound = len(reason) <= MOST_REASON_CHARACTERS and (not reason or reason.isprintable())
    violations.require(sound, "reason", reason, f"give one line of at most {MOST_REASON_CHARACTERS:,} characters")
