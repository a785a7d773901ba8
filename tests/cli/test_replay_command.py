"""`replay` as a command: interrupted by Ctrl-C and gone on with, on several draws, in waves; what it refuses."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from rich.console import Console

from solver.cli import main as command
from solver.cli import making_ready
from solver.cli.interrupts import Interrupts
from solver.replay.replay import Replay
from solver.replay.run_files import ORDERS_FILE, RUN_FILE, read_run

FIRST_LIGHT = Path(__file__).resolve().parents[2] / "scenarios" / "first_light"
HEAD = """\
name: little
title: A little of first light
currency: CNY
base: {base}
horizon: {{starts_at: 2026-03-06T00:00:00+08:00, ends_at: 2026-03-07T00:00:00+08:00}}
generator: {{orders_per_day: {orders}, seed: 5}}
"""


@pytest.fixture
def little(tmp_path: Path) -> Path:
    folder = tmp_path / "little"
    folder.mkdir()
    write_head(folder)
    return folder


def write_head(folder: Path, orders: int = 12) -> None:
    base = os.path.relpath(FIRST_LIGHT, folder)
    (folder / "scenario.yaml").write_text(HEAD.format(base=base, orders=orders))


def replay(*arguments: object) -> int:
    return command.main(["replay", *map(str, arguments)])


def interrupt_after(monkeypatch: pytest.MonkeyPatch, portions: int) -> None:
    """Ctrl-C while the run is at work: it is heard when a portion is done."""
    run = Replay.run

    def interrupted(self: Replay) -> Iterator[int]:
        for number, done in enumerate(run(self), start=1):
            if number == portions:
                signal.raise_signal(signal.SIGINT)
            yield done

    monkeypatch.setattr(Replay, "run", interrupted)
    monkeypatch.setattr("solver.replay.replay.PORTION", 2)


def test_ctrl_c_leaves_a_run_that_resume_goes_on_with(
    little: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replay(little, "--out", tmp_path / "whole") == 0
    with monkeypatch.context() as patched:
        interrupt_after(patched, 2)
        assert replay(little, "--out", tmp_path / "parted") == 130
    folder = tmp_path / "parted" / "little" / "scenario"
    assert f"--resume {folder}" in capsys.readouterr().out
    assert command.main(["compare", str(folder), str(folder)]) == 1
    assert f"interrupted; finish it first: python -m solver replay --resume {folder}" in capsys.readouterr().err
    write_head(little, orders=13)
    assert replay("--resume", folder) == 1
    assert "is not what it was when the run was interrupted" in capsys.readouterr().err
    write_head(little)
    assert replay("--resume", folder) == 0
    for name in (RUN_FILE, ORDERS_FILE):
        assert (folder / name).read_bytes() == (tmp_path / "whole" / "little" / "scenario" / name).read_bytes()
    assert replay("--resume", folder) == 1
    assert "no interrupted run" in capsys.readouterr().err


def test_draws_are_told_with_their_spread(little: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies: Sequence[str] = ("--policy", "cheapest", "--policy", "fastest")
    assert replay(little, *policies, "--repeat", 2, "--waves", 4, "--out", tmp_path) == 0
    told = capsys.readouterr().out
    assert "mean of 2 draws" in told
    assert "fastest less cheapest, draw by draw: paid_per_order" in told
    among = tmp_path / "little"
    fastest, second = read_run(among / "fastest"), read_run(among / "repeat-2" / "fastest")
    assert [one.number for one in fastest.repetitions] == [1, 2]
    assert fastest.repetitions[1].figures == second.metrics.figures
    assert (fastest.base, fastest.wave, second.repetitions) == ("cheapest", "4", ())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name the folder of a scenario"),
        (("--waves", "soon"), "such as 100, or minutes"),
        (("--executor", "abacus"), "no executor is called 'abacus'"),
        (("--history",), "little has no history"),
    ],
)
def test_what_makes_no_sense_is_refused(
    little: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    scenario = (little,) if arguments else ()
    assert replay(*scenario, *arguments, "--out", tmp_path) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "little" / "scenario").exists(), "refused before anything was run"


def test_ctrl_c_before_there_is_anything_to_keep_ends_with_a_word(
    little: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(making_ready, "warm", interrupted)
    assert replay(little) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_the_second_ctrl_c_ends_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts(Console()) as interrupts:
        signal.raise_signal(signal.SIGINT)
        assert interrupts.is_asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    assert "once more to end at once" in capsys.readouterr().out


def test_compiling_that_takes_long_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = threading.Event()
    say = Console.print

    def heard(self: Console, *what: object) -> None:
        say(self, *what)
        told.set()

    monkeypatch.setattr(Console, "print", heard)
    monkeypatch.setattr(making_ready, "NOTICE_SECONDS", 0.0)
    monkeypatch.setattr(making_ready, "warm", lambda: told.wait(60) or pytest.fail("nothing was said"))
    making_ready.make_ready(Console())
    assert capsys.readouterr().out.startswith("compiling the search")


def test_figures_of_many_runs_are_whole_on_a_narrow_screen(
    little: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    policies = ("--policy", "cheapest", "--policy", "store-first", "--policy", "complete-then-nearest")
    assert replay(little, *policies, "--nearest", "--out", tmp_path) == 0
    shown = capsys.readouterr().out
    assert "\u2026" not in shown
    assert "cross_province_share" in shown
    assert max(map(len, shown[shown.index("┏") : shown.index("└")].splitlines())) == 80
    assert "money in CNY" in shown
    heading = shown[shown.index("┏") : shown.index("┡")]
    assert {"complete-", "then-", "nearest", "store-"} <= set(heading.replace("┃", " ").split())
