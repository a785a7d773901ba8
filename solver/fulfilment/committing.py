"""What callers do with committed stock: checked, done once, and answered with the commitment as it stands now."""

from collections.abc import Callable, Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment import plan_losses
from solver.fulfilment.aftermath import Aftermath
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.stock.holding.commitment_model import Commitment, CommitmentRow, RejectedInto, ShortPick
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName, Keeper
from solver.stock.physical.states import StockState
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_ROWS, MOST_UNITS, check_between, check_id, check_rows, check_unique

_STATES = {RejectedInto.GOOD: StockState.GOOD, RejectedInto.FROZEN: StockState.FROZEN}


class Committing:
    """Committed stock of plans and of callers' holds. Exactly one of `plan_id` and `hold_id` says whose."""

    def __init__(self, *, database: Database, clock: Clock, commitments: Commitments, aftermath: Aftermath) -> None:
        self._database = database
        self._clock = clock
        self._aftermath = aftermath
        self._commitments = commitments

    def get(self, *, plan_id: str = "", hold_id: str = "") -> Commitment:
        """As it stands now.

        Raises InvalidRequest, NotFound, StateConflict (HOLD_HELD, HOLD_EXPIRED, HOLD_RELEASED).
        """
        violations = Violations()
        name = _name(plan_id, hold_id, violations)
        violations.refuse_any("the commitment's name")
        return self._find(name)

    def ship(
        self, request: Request, rows: Sequence[CommitmentRow] = (), *, plan_id: str = "", hold_id: str = ""
    ) -> Commitment:
        """Let these units leave; no rows: all that are there.

        Raises InvalidRequest, NotFound, RequestIdReused, StockShort where places have fewer units, and StateConflict
        (MORE_THAN_COMMITTED, NOTHING_COMMITTED, HOLD_HELD, HOLD_EXPIRED, HOLD_RELEASED).
        """
        violations = Violations()
        name = _name(plan_id, hold_id, violations)
        _check_rows(rows, violations)
        violations.refuse_any("the shipment")
        return self._act(request, name, PlanEventKind.SHIPPED, lambda tx: self._commitments.ship(tx, name, rows))

    def report_short(
        self, request: Request, picks: Sequence[ShortPick], *, plan_id: str = "", hold_id: str = ""
    ) -> Commitment:
        """Ship what was picked; what was not found leaves by a count difference. Raises what `ship` raises."""
        violations = Violations()
        name = _name(plan_id, hold_id, violations)
        check_rows(picks, "picks", violations)
        check_unique([f"{pick.site_id}/{pick.sku}" for pick in picks], "picks", violations)
        for position, pick in enumerate(picks):
            at = f"picks[{position}]"
            check_between(pick.missing_units, 1, MOST_UNITS, f"{at}.missing_units", violations)
            if pick.picked_units is not None:
                check_between(pick.picked_units, 0, MOST_UNITS, f"{at}.picked_units", violations)
        violations.refuse_any("the report")
        return self._act(
            request, name, PlanEventKind.SHORT_PICKED, lambda tx: self._commitments.report_short(tx, name, picks)
        )

    def reject(
        self,
        request: Request,
        rows: Sequence[CommitmentRow] = (),
        into: RejectedInto = RejectedInto.GOOD,
        *,
        plan_id: str = "",
        hold_id: str = "",
    ) -> Commitment:
        """Take back what the site refuses; no rows: all that is there. Raises what `ship` raises."""
        violations = Violations()
        name = _name(plan_id, hold_id, violations)
        _check_rows(rows, violations)
        violations.refuse_any("the rejection")
        return self._act(
            request,
            name,
            PlanEventKind.REJECTED,
            lambda tx: self._commitments.reject(tx, name, rows, _STATES[into]),
        )

    def cancel(
        self, request: Request, rows: Sequence[CommitmentRow] = (), *, plan_id: str = "", hold_id: str = ""
    ) -> Commitment:
        """Give units back, awaited ones first; no rows: all, and what was lost is not wanted either.

        Raises what `ship` raises.
        """
        violations = Violations()
        name = _name(plan_id, hold_id, violations)
        _check_rows(rows, violations)
        for position, row in enumerate(rows):
            violations.require(not row.lots, f"rows[{position}].lots", row.lots, "name no lots: the units stay there")
        violations.refuse_any("the cancellation")
        is_all = not rows
        return self._act(
            request,
            name,
            PlanEventKind.CANCELLED,
            lambda tx: self._commitments.cancel(tx, name, rows),
            gives_up=is_all,
        )

    def _act(
        self,
        request: Request,
        name: HoldName,
        kind: PlanEventKind,
        act: Callable[[Transaction], None],
        *,
        gives_up: bool = False,
    ) -> Commitment:
        def done(tx: Transaction) -> bytes:
            act(tx)
            if name.keeper is Keeper.PLAN:
                self._aftermath.follow(tx, name.name, kind)
                if gives_up:
                    plan_losses.forget(tx, name.name)
            return b""

        once(self._database, self._clock, request, done)
        return self._find(name)

    def _find(self, name: HoldName) -> Commitment:
        with self._database.read() as reader:
            return self._commitments.find(reader, name)


def _name(plan_id: str, hold_id: str, violations: Violations) -> HoldName:
    one = bool(plan_id) != bool(hold_id)
    violations.require(one, "plan_id", plan_id, "give either a plan_id or a hold_id")
    if one:
        check_id(plan_id or hold_id, "plan_id" if plan_id else "hold_id", violations)
    return HoldName.of_plan(plan_id) if plan_id else HoldName.of_caller(hold_id)


def _check_rows(rows: Sequence[CommitmentRow], violations: Violations) -> None:
    violations.require(len(rows) <= MOST_ROWS, "rows", f"{len(rows)} rows", f"send at most {MOST_ROWS:,}")
    for position, row in enumerate(rows):
        check_between(row.units, 1, MOST_UNITS, f"rows[{position}].units", violations)
