"""`access`: the first administrator, and whoever comes after, made in the database itself."""

from pathlib import Path

import pytest

from solver.access.certificates import CertificateFiles, read_certificates
from solver.access.door import Door
from solver.access.model import Allowance, Binding, CallerTerms, KeyState, Scope
from solver.access.store import AccessStore
from solver.api.entrance import Security
from solver.api.server import Server
from solver.app import Application
from solver.cli.main import main
from solver.clock import SystemClock
from solver.schema import STEPS
from solver.storage.url import open_existing
from tests.running import HOST, Running


def store_of(folder: Path) -> AccessStore:
    database = open_existing(folder, STEPS)
    try:
        return AccessStore(database, SystemClock())
    finally:
        database.close()


def made(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["access", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_first_administrator_is_made_where_there_is_no_database_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, token, said = made(capsys, "key", "create", "root", "--role", "admin", "--data", str(tmp_path))
    book = store_of(tmp_path).book
    [key] = [kept.key for kept in book.keys.values()]
    assert (code, key.caller_id, key.expires_at) == (0, "root", None)
    assert token.strip().startswith(f"xy_{key.key_id}_")
    assert said == f"key {key.key_id} of root; the token is shown this once:\n"
    assert book.callers["root"] == CallerTerms(caller_id="root", bindings=(Binding(role_id="admin"),))


def test_a_key_without_a_role_says_that_it_may_do_nothing_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, said = made(capsys, "key", "create", "shop", "--expires-days", "30", "--data", str(tmp_path))
    assert "it may do nothing yet: `access caller` gives roles" in said
    [key] = [kept.key for kept in store_of(tmp_path).book.keys.values()]
    assert key.expires_at is not None
    assert (key.expires_at - key.created_at).days in (29, 30)


def test_a_caller_is_given_roles_limits_and_an_allowance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["caller", "clerk", "--role", "stock_clerk", "--source", "W-1", "--source", "W-2", "--lines", "20"]
    assert made(capsys, *arguments, "--data", str(tmp_path))[:2] == (0, "clerk: stock_clerk\n")
    assert store_of(tmp_path).book.callers["clerk"] == CallerTerms(
        caller_id="clerk",
        bindings=(Binding(role_id="stock_clerk", scope=Scope(sources=("W-1", "W-2"))),),
        allowance=Allowance(lines=20),
    )
    code, _, said = made(capsys, "caller", "clerk", "--role", "clark", "--data", str(tmp_path))
    assert (code, "there is no such role" in said) == (1, True)


def test_a_role_of_ones_own_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = made(capsys, "role", "watch", "StockService:read", "--data", str(tmp_path))
    assert (code, said) == (0, "role watch: StockService:read\n")
    assert store_of(tmp_path).book.roles["watch"].permissions == ("StockService:read",)


def test_beside_a_running_server_keys_are_revoked_and_the_server_follows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Running(tmp_path, SystemClock())
    _, token, _ = made(capsys, "key", "create", "root", "--role", "admin", "--data", str(tmp_path))
    running.server.entrance.look()
    assert not running.server.entrance.stands_open
    [key_id] = running.server.entrance.store.book.keys
    for action, state in (("disable", KeyState.DISABLED), ("enable", KeyState.ENABLED), ("revoke", KeyState.REVOKED)):
        said = made(capsys, "key", action, key_id, "--data", str(tmp_path))[1]
        assert said == f"key {key_id} of root: {state}\n"
        running.server.entrance.look()
        assert running.server.entrance.store.book.keys[key_id].key.state is state
    assert not Door(running.server.entrance.store, SystemClock()).stands_open
    assert token.strip() not in capsys.readouterr().err
    running.close()


def test_a_key_that_is_not_there_is_told_with_where_keys_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(capsys, "key", "create", "oms", "--data", str(tmp_path))
    code, _, said = made(capsys, "key", "disable", "oms", "--data", str(tmp_path))
    assert (code, said) == (1, "there is no key 'oms'; name one that `access list` or ListKeys shows\n")


def test_a_line_of_the_log_is_printed_whole_on_a_narrow_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for caller in ("oms", "a-caller-with-a-name-that-takes-more-than-half-of-a-narrow-screen"):
        made(capsys, "key", "create", caller, "--role", "planner", "--data", str(tmp_path))
    _, log, _ = made(capsys, "log", "--data", str(tmp_path))
    assert "callers a-caller-with-a-name-that-takes-more-than-half-of-a-narrow-screen: planner" in log


def test_lists_and_the_log_show_everything_but_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, token, _ = made(capsys, "key", "create", "root", "--role", "admin", "--data", str(tmp_path))
    _, listed, _ = made(capsys, "list", "--data", str(tmp_path))
    _, log, _ = made(capsys, "log", "--data", str(tmp_path))
    key_id = token.split("_")[1]
    assert key_id in listed
    assert "2 lines of 2" in log
    assert token.strip()[-43:] not in listed + log


def test_certificates_serve_and_commands_reach_a_guarded_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, data = tmp_path / "tls", tmp_path / "data"
    for more in (["localhost", HOST], ["oms.example", "--client"]):
        assert made(capsys, "certificate", *more, "--folder", str(tls), "--days", "7")[0] == 0
    files = CertificateFiles(certificate=tls / "server.pem", key=tls / "server.key", client_ca=tls / "ca.pem")
    assert read_certificates(files).subject == "CN=localhost"
    assert {path.stat().st_mode & 0o077 for path in tls.iterdir()} == {0}
    _, token, _ = made(capsys, "key", "create", "root", "--role", "admin", "--data", str(data))
    (tmp_path / "token").write_text(token)
    application = Application.open(data, SystemClock())
    server = Server(application, "0.0.0.0:0", security=Security(certificates=files))
    server.start()
    own = ["--ca", str(tls / "ca.pem"), "--client-certificate", str(tls / "client.pem")]
    guarded = [*own, "--client-key", str(tls / "client.key"), "--target", f"localhost:{server.port}"]
    assert main(["policy", "list", *guarded, "--token-file", str(tmp_path / "token")]) == 0
    assert main(["policy", "list", *guarded]) == 1
    assert "put a token into XY_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv("XY_TOKEN", token)
    assert main(["policy", "list", *guarded]) == 0
    assert main(["policy", "list", *guarded, "--token-file", str(tmp_path / "nowhere")]) == 1
    capsys.readouterr()
    assert main(["policy", "list", "--tls", *guarded[2:]]) == 1
    assert "the certificate of the service is not trusted: name with --ca the file" in capsys.readouterr().err
    server.stop(0)
    application.close()
