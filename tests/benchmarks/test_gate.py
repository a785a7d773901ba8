"""The gate: its benchmarks assert their answers, its table tells changes first, its proof can fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.gate.compare import Comparison, chosen, table
from benchmarks.gate.instructions import MATTERS, counter
from benchmarks.gate.phases import BENCHMARKS
from benchmarks.gate.proof import FILE, Shown, slow_down
from benchmarks.gate.pure import PURE
from benchmarks.gate.trees import NoSuchVersion, commit_of
from benchmarks.gate.turns import ROOT
from benchmarks.gate.verdicts import Judged, Verdict

PHASES = ("decode", "snapshot", "case", "exact engine", "program", "greedy", "check", "decision explained", "encode")


def one(name: str, verdict: Verdict, times: float = 1.0) -> Judged:
    return Judged(name=name, verdict=verdict, times=times, low=times - 0.02, high=times + 0.02, blocks=6)


SAME, SLOWER = one("decode, 3 lines", Verdict.SAME), one("check, small", Verdict.SLOWER, 1.2)


@pytest.mark.parametrize("name", chosen(quick=True))
def test_a_benchmark_of_the_short_selection_gets_its_right_answer(name: str) -> None:
    BENCHMARKS[name].make()()


def test_every_phase_of_a_decision_is_measured_and_the_books_too() -> None:
    assert {*PHASES, "hold", "post", "batch"} <= {benchmark.phase for benchmark in BENCHMARKS.values()}


def test_benchmarks_are_chosen_by_what_their_names_have_in_them() -> None:
    assert chosen(quick=False, only=["hold, 3"]) == ["hold, 3 lines"]
    assert chosen(quick=True, only=["hold, 3"]) == []


def test_the_table_tells_what_changed_first_and_what_was_not_compared_last() -> None:
    comparison = Comparison(judged=(SAME, SLOWER), failed={"post": "KeyError: 'x|y'"})
    assert list(table(comparison))[2:] == [
        "| check, small | slower | 1.200 | 1.180 to 1.220 | 6 |",
        "| decode, 3 lines | same | 1.000 | 0.980 to 1.020 | 6 |",
        "| post | not compared | | KeyError: 'x/y' | |",
    ]
    assert comparison.slower == (SLOWER,)


def test_the_proof_fails_where_the_patch_is_missed_or_anything_else_is_told() -> None:
    caught, calm = Comparison(judged=(SAME, SLOWER)), Comparison(judged=(SAME,))
    assert Shown(slowed=(caught,), unchanged=(calm,)).is_proof
    assert not Shown(slowed=(caught, calm), unchanged=(calm,)).is_proof
    assert not Shown(slowed=(caught,), unchanged=(calm, caught)).is_proof
    other = Comparison(judged=(SLOWER, replace(SAME, verdict=Verdict.FASTER)))
    assert not Shown(slowed=(other,), unchanged=(calm,)).is_proof


def test_the_patch_leaves_a_function_that_says_the_same_and_is_refused_where_there_is_none(tmp_path: Path) -> None:
    there = tmp_path / FILE
    there.parent.mkdir(parents=True)
    there.write_text((ROOT / FILE).read_text("utf-8"), "utf-8")
    slow_down(tmp_path)
    compile(there.read_text("utf-8"), "patched", "exec")
    assert there.read_text("utf-8").count("def violations_of(") == 2
    there.write_text("", "utf-8")
    with pytest.raises(ValueError, match="has no function violations_of"):
        slow_down(tmp_path)


def test_a_version_that_there_is_not_is_named() -> None:
    with pytest.raises(NoSuchVersion, match="there is no version 'no-such-branch'"):
        commit_of("no-such-branch")


def test_functions_whose_instructions_are_counted_do_the_same_every_time() -> None:
    assert MATTERS < 0.05
    for make in PURE.values():
        run = make()
        assert run() == run()
    command = counter()
    assert command is None or command[0] in ("perf", "valgrind")
