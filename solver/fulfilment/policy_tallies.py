"""What plans under each version of a policy came to: counted with each plan that is held, in its transaction.

Plans under policies without a name are not counted; nor are those that take another's place.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from solver.sourcing.plan import Plan
from solver.storage.database import Reader, Transaction

POLICY_TALLY_SCHEMA = """
CREATE TABLE IF NOT EXISTS policy_tally (
    policy_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    currency TEXT NOT NULL,
    plans INTEGER NOT NULL,
    packages INTEGER NOT NULL,
    late_packages INTEGER NOT NULL,
    unfilled_units INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    PRIMARY KEY (policy_id, version, currency)
) STRICT;
OFTEN CHANGED policy_tally;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTally:
    """What the plans under a version came to, in a currency: their sum by that version's own terms."""

    policy_id: str
    version: int
    currency: str
    plans: int
    packages: int
    late_packages: int
    unfilled_units: int
    total_minor: int


def count(tx: Transaction, plans: Iterable[Plan]) -> None:
    """Count plans that are held for the first time, with one statement for each version."""
    sums: dict[tuple[str, int, str], list[int]] = {}
    for plan in plans:
        if plan.policy_id:
            of = sums.setdefault((plan.policy_id, plan.policy_version, plan.currency), [0, 0, 0, 0, 0])
            late = sum(package.late_minutes > 0 for package in plan.packages)
            counted = (1, len(plan.packages), late, plan.unfilled_units, plan.total_minor)
            of[:] = [before + more for before, more in zip(of, counted, strict=True)]
    if not sums:
        return
    tx.executemany(
        """INSERT INTO policy_tally
           (policy_id, version, currency, plans, packages, late_packages, unfilled_units, total_minor)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (policy_id, version, currency) DO UPDATE SET plans = policy_tally.plans + excluded.plans,
           packages = policy_tally.packages + excluded.packages,
           late_packages = policy_tally.late_packages + excluded.late_packages,
           unfilled_units = policy_tally.unfilled_units + excluded.unfilled_units,
           total_minor = policy_tally.total_minor + excluded.total_minor""",
        [(*key, *of) for key, of in sorted(sums.items())],
    )


def tallies(reader: Reader) -> list[PolicyTally]:
    """Every count, by policy, version and currency."""
    rows = reader.query(
        """SELECT policy_id, version, currency, plans, packages, late_packages, unfilled_units, total_minor
           FROM policy_tally ORDER BY policy_id, version, currency"""
    )
    return [
        PolicyTally(
            policy_id=policy_id,
            version=version,
            currency=currency,
            plans=plans,
            packages=packages,
            late_packages=late,
            unfilled_units=unfilled,
            total_minor=total,
        )
        for policy_id, version, currency, plans, packages, late, unfilled, total in rows
    ]
