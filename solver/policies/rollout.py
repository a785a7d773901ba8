"""Which versions of a policy are live: one for all orders, and perhaps a newer one for a share of them.

Whether an order is within the share follows from its id and the policy's: the same on every server, at every try, and
whoever is within a share is within every larger one.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from solver.errors import StateConflict

WHOLE_PERMILLE = 1_000
MOST_STEPS = 1_000  # of a history


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutCommand:
    """Let a version be live for so many of a thousand orders; 1,000: for all, in place of the one before."""

    policy_id: str
    version: int
    permille: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutStep:
    """What was decided when, by whom and why: from then on `version` was live, and `canary_version` for a share."""

    at: datetime
    by: str
    version: int
    canary_version: int = 0
    canary_permille: int = 0
    rolled_back: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """What is live of a policy. `before` are the versions that were live for all, to which it can be rolled back."""

    policy_id: str
    version: int
    canary_version: int = 0
    canary_permille: int = 0
    before: tuple[int, ...] = ()
    steps: tuple[RolloutStep, ...] = ()

    def live_permille(self, version: int) -> int:
        """For how many of a thousand orders a version is live."""
        if version == self.version:
            return WHOLE_PERMILLE
        return self.canary_permille if version == self.canary_version else 0


def bucket_of(policy_id: str, order_id: str) -> int:
    """Where an order stands among a thousand, 0 to 999: within a share that is larger than this."""
    digest = hashlib.sha256(f"{policy_id}\n{order_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % WHOLE_PERMILLE


def rolled_out(rollout: Rollout, command: RolloutCommand, *, at: datetime, by: str) -> Rollout:
    """After a command. A version that is live for all ends whatever share there was."""
    if command.permille == WHOLE_PERMILLE:
        is_new = command.version != rollout.version
        before = (*rollout.before, rollout.version) if is_new else rollout.before
        made = replace(rollout, version=command.version, canary_version=0, canary_permille=0, before=before)
    elif command.version == rollout.version:
        raise StateConflict(
            f"version {command.version} of policy {command.policy_id} is live for all orders; "
            "let another version be live for all (1,000), or roll back",
            reason="LIVE_FOR_ALL",
            metadata={"policy_id": command.policy_id, "version": str(command.version)},
        )
    else:
        canary = command.version if command.permille else 0
        made = replace(rollout, canary_version=canary, canary_permille=command.permille)
    return _noted(made, at=at, by=by, reason=command.reason)


def rolled_back(rollout: Rollout, *, at: datetime, by: str, reason: str) -> Rollout:
    """Without the newest version: without the share where there is one, else with the version before for all.

    Raises StateConflict (NOTHING_TO_ROLL_BACK).
    """
    if rollout.canary_version:
        made = replace(rollout, canary_version=0, canary_permille=0)
    elif rollout.before:
        made = replace(rollout, version=rollout.before[-1], before=rollout.before[:-1])
    else:
        raise nothing_to_roll_back(rollout.policy_id)
    return _noted(made, at=at, by=by, reason=reason, rolled_back=True)


def nothing_to_roll_back(policy_id: str) -> StateConflict:
    """No version was live before."""
    return StateConflict(
        f"no version of policy {policy_id} was rolled out before this one; roll out the one that is meant",
        reason="NOTHING_TO_ROLL_BACK",
        metadata={"policy_id": policy_id},
    )


def _noted(made: Rollout, *, at: datetime, by: str, reason: str, rolled_back: bool = False) -> Rollout:
    step = RolloutStep(
        at=at,
        by=by,
        version=made.version,
        canary_version=made.canary_version,
        canary_permille=made.canary_permille,
        rolled_back=rolled_back,
        reason=reason,
    )
    return replace(made, steps=(*made.steps, step)[-MOST_STEPS:])
