"""Settings come from a file, the environment and the command line; what is wrong is told in all places at once."""

import argparse
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.settings.kinds import in_words
from solver.settings.options import add_options
from solver.settings.reading import Configuration, printed, read_configuration
from solver.settings.server import ServerSettings
from solver.settings.settings import SECTIONS, SETTINGS, Settings
from solver.settings.table import with_table

ROOT = Path(__file__).parents[2]
NO_VARIABLES: Mapping[str, str] = {}


def read(*arguments: str, environment: Mapping[str, str] = NO_VARIABLES) -> Configuration:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_options(parser)
    return read_configuration(parser.parse_args(arguments), environment)


def faults(*arguments: str, environment: Mapping[str, str] = NO_VARIABLES) -> list[str]:
    with pytest.raises(InvalidRequest) as raised:
        read(*arguments, environment=environment)
    return [str(one) for one in raised.value.violations]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "xunyuan.yaml"


def test_without_a_word_the_defaults_hold() -> None:
    configuration = read()
    assert configuration.settings == Settings()
    assert configuration.settings.server == ServerSettings(host="127.0.0.1", port=50151, processes=1, workers=8)
    assert configuration.places == {}


def test_the_later_place_counts(file: Path) -> None:
    file.write_text("server:\n  host: 10.0.0.1\n  port: 1001\n  workers: 3\nstorage: {data: elsewhere}\n")
    environment = {"XUNYUAN_SERVER_PORT": "1002", "XUNYUAN_SERVER_WORKERS": "4", "XUNYUAN_SERVER_HOST": ""}
    configuration = read("--config", str(file), "--workers", "5", environment=environment)
    server = configuration.settings.server
    assert (server.host, server.port, server.workers) == ("10.0.0.1", 1002, 5)
    assert configuration.settings.storage.where == Path("elsewhere")
    assert configuration.places == {
        "server.host": f"{file}:2: server.host",
        "server.port": "XUNYUAN_SERVER_PORT",
        "server.workers": "--workers",
        "storage.data": f"{file}:5: storage.data",
    }


def test_a_variable_may_name_the_file(file: Path) -> None:
    file.write_text('{"server": {"drain_seconds": 2.5, "port": null}, "storage": null}')
    server = read(environment={"XUNYUAN_CONFIG": str(file)}).settings.server
    assert (server.drain_seconds, server.port) == (2.5, 50151)


def test_every_fault_is_told_with_its_place(file: Path) -> None:
    file.write_text("server:\n  prot: 1\n  port: 70000\n  workers: [1]\nservr: {}\nstorage:\n  load: [a]\n")
    environment = {"XUNYUAN_SERVER_PROT": "secret", "XUNYUAN_SERVER_WATCHERS": "many", "XUNYUAN_SERVER_PORT": "1,000"}
    assert faults("--config", str(file), "--processes", "0", environment=environment) == [
        f"{file}:3: server.port: '70000': give a whole number from 0 to 65,535",
        f"{file}:2: server.prot: 'prot': there is no such field; did you mean port?",
        f"{file}:4: server.workers: 'a list': give a whole number from 1 to 256",
        f"{file}:5: servr: 'servr': there is no such field; did you mean server?",
        f"{file}:7: storage.load: 'a list': give a path",
        "XUNYUAN_SERVER_PORT: '1,000': give a whole number from 0 to 65,535",
        "XUNYUAN_SERVER_PROT: '...': there is no such setting; did you mean XUNYUAN_SERVER_PORT?",
        "XUNYUAN_SERVER_WATCHERS: 'many': give a whole number from 0 to 10,000",
        "--processes: '0': give a whole number from 1 to 64",
    ]


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e999", "-0.5", "3601", "soon", "true"])
def test_a_duration_is_a_number_within_its_limits(text: str) -> None:
    assert faults("--server-drain-seconds", text) == [
        f"--server-drain-seconds: {text!r}: give a number from 0 to 3,600"
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = str(tmp_path / "none.yaml")
    assert faults("--config", path) == [f"--config: '{path}': cannot be read: No such file or directory"]


@pytest.mark.parametrize("text", ["server: {port: 1", "- a\n- b\n", "server: 7\n", "server: {port: 1, port: 2}\n"])
def test_a_file_of_another_kind_is_told_with_its_line(file: Path, text: str) -> None:
    file.write_text(text)
    (fault,) = faults("--config", str(file))
    assert fault.startswith(f"{file}:1")


def test_a_folder_and_a_url_are_not_given_together() -> None:
    assert faults("--data", "var/x", "--url", "sqlite:y", environment={}) == [
        "--data: 'var/x': there is a url as well: give one of the two"
    ]


def test_what_kubernetes_says_about_a_service_of_our_name_is_no_setting() -> None:
    told = {
        "XUNYUAN_PORT": "tcp://10.0.0.1:50151",
        "XUNYUAN_PORT_50151_TCP": "tcp://10.0.0.1:50151",
        "XUNYUAN_PORT_50151_TCP_ADDR": "10.0.0.1",
        "XUNYUAN_SERVICE_HOST": "10.0.0.1",
        "XUNYUAN_SERVICE_PORT_GRPC": "50151",
    }
    assert read(environment=told).settings == Settings()


def test_printed_settings_are_a_file_that_means_the_same(file: Path) -> None:
    first = read("--port", "7", "--load", "folder: with, marks", "--invoice-platform", "practice")
    file.write_text(printed(first))
    assert read("--config", str(file)).settings == first.settings


def test_printed_settings_show_their_places_and_no_password() -> None:
    url = "postgresql://u:pw:1@h/db?sslmode=require&sslpassword=pw2"
    shown = printed(read("--url", url, environment={"XUNYUAN_SERVER_PORT": "7"}))
    assert "  port: 7  # XUNYUAN_SERVER_PORT\n" in shown
    assert "  workers: 8  # default\n" in shown
    assert '  url: "postgresql://u:********@h/db?sslmode=require&sslpassword=********"  # --url\n' in shown
    assert "pw" not in shown


def test_every_section_is_a_dataclass_of_settings_with_names_of_their_own() -> None:
    assert all(is_dataclass(kind) for kind in SECTIONS.values())
    settings = SETTINGS.values()
    assert len({one.variable for one in settings}) == len({one.option for one in settings}) == len(settings)
    assert {one.path for one in settings if one.default is None and not one.kind.may_lack} == set()
    stated = [one for one in settings if one.default is not None]
    assert [one.read(in_words(one.default)) for one in stated] == [one.default for one in stated]


def test_the_page_shows_every_setting() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert page == with_table(page), "run: python -m solver.settings.table docs/configuration.md"


def test_help_says_what_kind_of_value_an_option_takes_and_what_its_opposite_is() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    told = " ".join(parser.format_help().split())
    for said in (
        "--access-calls-per-second N ",
        "--tls-certificate PATH ",
        "--host TEXT ",
        "--no-reflection the opposite of --reflection",
    ):
        assert said in told
