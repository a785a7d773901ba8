"""The simulation is no test unless it turns red where the guards are gone: they are taken away on purpose here.

Three stand behind each other: a hold measures what is there, the journal refuses an entry that takes too much, and the
schema has a CHECK. Each of them must do alone. Mistakes in single acts must turn it red as well.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

import solver.app
from solver.journal import accounts
from solver.journal.model import Phase, Transfer
from solver.schema import STEPS
from solver.stock import serving, sweeping
from solver.stock.accounts import committed, good
from solver.stock.expected import arrivals
from solver.stock.holding import hold_changes
from solver.stock.holding.claiming import Shelf
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.contents import divided
from solver.stock.model import Claim
from solver.stock.stock import Stock
from solver.storage import once, once_each
from tests.faults.simulation.model import Known, Oversold
from tests.faults.simulation.run import Simulation
from tests.faults.simulation.servers import SimulatedServer, first_folder

CHECK = ",\n    CHECK (guarded = 0 OR debits_posted - credits_posted - credits_pending >= 0)"
TICKS = 100
MOST_RUNS = 20


def hold_without_measure(patch: pytest.MonkeyPatch) -> None:
    def unmeasured(self: Shelf, claims: Iterable[Claim]) -> tuple[list[Transfer], list[object]]:
        transfers = [
            Transfer(debit=committed(one.site_id, one.sku), credit=good(one.site_id, one.sku), amount=one.units)
            for one in claims
        ]
        self._look_at(one.credit for one in transfers)
        return transfers, []

    patch.setattr(Shelf, "_from_sites", unmeasured)


def post_without_guard(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accounts, "_shortages", lambda *_: ())


def hold_without_guard(patch: pytest.MonkeyPatch) -> None:
    """What is counted as lost is measured by the journal alone; holds are not, here."""
    guarded = accounts._shortages
    patch.setattr(accounts, "_shortages", lambda phase, *of: () if phase is Phase.HOLD else guarded(phase, *of))


def keep_without_check(patch: pytest.MonkeyPatch) -> None:
    bare = [step.replace(CHECK, "") if isinstance(step, str) else step for step in STEPS]
    assert bare[0] != STEPS[0]
    patch.setattr(solver.app, "STEPS", bare)


GUARDS = (hold_without_measure, post_without_guard, keep_without_check)


def run(folder: Path, seed: int) -> None:
    server = SimulatedServer(first_folder(folder / str(seed)))
    try:
        Simulation(seed, [server]).run(TICKS)
    finally:
        server.close()


def test_without_any_guard_the_clients_find_out_that_too_much_was_sold(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for remove in GUARDS:
        remove(monkeypatch)
    monkeypatch.setattr(SimulatedServer, "audit", lambda _: [])  # by what they are told alone
    with pytest.raises(Oversold):
        run(tmp_path, seed)


def test_without_any_guard_the_audit_finds_it_too(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for remove in GUARDS:
        remove(monkeypatch)
    monkeypatch.setattr(Known, "prove_safe", lambda _: None)
    with pytest.raises(AssertionError, match="guarded_accounts_stay_above_zero"):
        run(tmp_path, seed)


@pytest.mark.parametrize("kept", GUARDS, ids=["measured", "guarded", "checked"])
def test_each_guard_alone_is_enough(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, kept: Callable[[pytest.MonkeyPatch], None]
) -> None:
    others: Sequence[Callable[[pytest.MonkeyPatch], None]] = [guard for guard in GUARDS if guard is not kept]
    for remove in others:
        is_journal = remove is post_without_guard and kept is hold_without_measure
        (hold_without_guard if is_journal else remove)(monkeypatch)
    run(tmp_path, seed)


def test_without_the_memory_of_requests_clients_find_out_that_they_were_served_twice(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "answered_before", lambda *_: None)
    monkeypatch.setattr(once, "remember", lambda *_: None)
    monkeypatch.setattr(once_each, "recall_each", lambda *_: {})
    monkeypatch.setattr(once_each, "remember_each", lambda *_: None)
    with pytest.raises(AssertionError, match="after it was acknowledged"):
        run(tmp_path, seed)


def short_picks_take_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Commitments, "_miss", lambda *_: None)


def splits_keep_what_they_give(patch: pytest.MonkeyPatch) -> None:
    def doubled(transfers: list[Transfer], *rest: Any, **how: Any) -> Any:
        return divided(transfers, *rest, **how)[0], transfers

    patch.setattr(hold_changes, "divided", doubled)


def arrivals_forget_who_waits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(arrivals, "_keep", lambda *_: None)


def plans_are_confirmed_in_name_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Stock, "confirm", lambda *_: None)


def what_becomes_free_is_kept_from_who_waits(patch: pytest.MonkeyPatch) -> None:
    for module in (serving, sweeping):
        patch.setattr(module, "give", lambda *_: None)


MISTAKES = (
    what_becomes_free_is_kept_from_who_waits,
    short_picks_take_nothing,
    splits_keep_what_they_give,
    arrivals_forget_who_waits,
    plans_are_confirmed_in_name_alone,
)


@pytest.mark.parametrize("make", MISTAKES, ids=[one.__name__ for one in MISTAKES])
def test_a_mistake_in_one_act_turns_the_simulation_red(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, make: Callable[[pytest.MonkeyPatch], None]
) -> None:
    make(monkeypatch)
    for each in range(seed, seed + MOST_RUNS):  # one run need not come by it
        print(f"--seed {each}")  # noqa: T201 - shown with a failure
        try:
            run(tmp_path, each)
        except AssertionError:
            return
    pytest.fail(f"{MOST_RUNS} runs did not find it")
