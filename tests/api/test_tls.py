"""TLS as clients meet it: certificates exchanged under a running server, clients' own, and a port that others reach."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from solver.access.certificates import CertificateFiles, read_certificates, warning_of
from solver.access.model import Binding, CallerTerms, KeyWish
from solver.access.store import AccessStore
from solver.api.entrance import Security
from solver.api.secure_port import CertificateWatch
from solver.api.server import Server
from solver.app import Application
from solver.client import CallFailed, Client, ClientSecurity
from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8
from tests.running import HOST


class Files:
    """An authority, and the files of a server's certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = trustme.CA()
        self.ca = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(self.ca)
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self.write(self.authority.issue_cert("localhost", HOST))

    def write(self, issued: trustme.LeafCert) -> None:
        issued.private_key_pem.write_to_path(self.key)
        self.certificate.write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))

    def client(self, authority: trustme.CA) -> dict[str, Path]:
        """A client's own certificate."""
        issued, files = authority.issue_cert("oms.example"), {}
        for name, blobs in (("certificate", issued.cert_chain_pems), ("key", [issued.private_key_pem])):
            files[name] = self.folder / f"client {name}"
            files[name].write_bytes(b"".join(one.bytes() for one in blobs))
        return files

    def of_server(self, *, asks_clients: bool = False) -> CertificateFiles:
        return CertificateFiles(certificate=self.certificate, key=self.key, client_ca=self.ca if asks_clients else None)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[CertificateFiles], Server]]:
    """Starts a server with certificates, on all addresses of this machine; its administrator's token is in a file."""
    application = Application.open(tmp_path / "data", ManualClock(MONDAY_AT_8))
    store = AccessStore(application.database, application.clock)
    store.upsert_callers(
        request_for("UpsertCallers", "1"), [CallerTerms(caller_id="root", bindings=(Binding(role_id="admin"),))]
    )
    (tmp_path / "token").write_text(store.create_key(request_for("CreateKey", "1"), KeyWish(caller_id="root"))[1])
    servers: list[Server] = []

    def start(certificates: CertificateFiles) -> Server:
        servers.append(Server(application, "0.0.0.0:0", security=Security(certificates=certificates)))
        servers[0].start()
        return servers[0]

    yield start
    for one in servers:
        one.stop(0)
    application.close()


def client(server: Server, files: Files, ca: Path | None = None, own: dict[str, Path] | None = None) -> Client:
    token, own = (files.folder / "token").read_text(), own or {}
    security = ClientSecurity(token=token, ca=ca or files.ca, certificate=own.get("certificate"), key=own.get("key"))
    return Client(f"localhost:{server.port}", security=security)


def code(call: Callable[[], object]) -> str:
    with pytest.raises(CallFailed) as raised:
        call()
    return raised.value.code


Serve = Callable[[CertificateFiles], Server]


def test_a_port_that_others_reach_speaks_tls_and_asks_for_tokens(serve: Serve, files: Files) -> None:
    server = serve(files.of_server())
    with client(server, files) as root:
        assert root.audit_books() == ()
    with Client(f"localhost:{server.port}", security=ClientSecurity(ca=files.ca)) as nobody:
        assert code(nobody.audit_books) == "UNAUTHENTICATED"
    with Client(f"localhost:{server.port}") as plain:
        assert code(plain.audit_books) == "UNAVAILABLE"
    stranger = files.folder / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(stranger)
    with client(server, files, ca=stranger) as distrustful:
        assert code(distrustful.audit_books) == "UNAVAILABLE"


def test_new_connections_get_the_new_certificate_and_old_ones_go_on(serve: Serve, files: Files) -> None:
    server = serve(files.of_server())
    with client(server, files) as before:
        assert before.audit_books() == ()
        newer = Files(_folder(files.folder / "newer"))
        files.write(newer.authority.issue_cert("localhost"))
        with client(server, files, ca=newer.ca) as after:
            assert after.audit_books() == ()
        assert before.audit_books() == ()
    with _fresh(server, files, files.ca) as old_trust:
        assert code(old_trust.audit_books) == "UNAVAILABLE"


def test_files_that_are_not_good_leave_the_old_certificate_in_use_and_are_told_once(
    serve: Serve, files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(files.of_server())
    files.key.write_bytes(files.authority.issue_cert("localhost").private_key_pem.bytes())
    with caplog.at_level(logging.ERROR, "solver.api.secure_port"):
        for number in range(2):
            with _fresh(server, files, files.ca, number) as root:
                assert root.audit_books() == ()
    [told] = [one.message for one in caplog.records]
    assert told.startswith("the certificate that was read before stays in use: ")
    assert "is not the key of" in told


def test_where_clients_need_certificates_those_without_and_those_of_strangers_are_not_connected(
    serve: Serve, files: Files
) -> None:
    server = serve(files.of_server(asks_clients=True))
    with client(server, files) as without:
        assert code(without.audit_books) == "UNAVAILABLE"
    with client(server, files, own=files.client(trustme.CA())) as stranger:
        assert code(stranger.audit_books) == "UNAVAILABLE"
    with client(server, files, own=files.client(files.authority)) as known:
        assert known.audit_books() == ()


def test_a_certificate_that_expires_is_told_ahead_and_when_it_has(
    files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    ends = datetime(2026, 6, 1, tzinfo=UTC)
    files.write(files.authority.issue_cert("localhost", not_before=ends - timedelta(days=90), not_after=ends))
    certificates = read_certificates(files.of_server())
    assert (certificates.begins_at, certificates.expires_at) == (ends - timedelta(days=90), ends)
    assert warning_of(certificates, ends - timedelta(days=30)) is None
    assert "expires at 2026-06-01T00:00:00+00:00, in 29 days" in str(
        warning_of(certificates, ends - timedelta(days=29, hours=1))
    )
    assert "expired at 2026-06-01T00:00:00+00:00, clients refuse it" in str(warning_of(certificates, ends))
    assert "does not count before" in str(warning_of(certificates, ends - timedelta(days=91)))
    clock = ManualClock(ends - timedelta(days=1))
    watch = CertificateWatch(files.of_server(), clock)
    with caplog.at_level(logging.WARNING, "solver.api.secure_port"):
        for _ in range(3):
            watch.tell_expiry()
        clock.advance(timedelta(days=1))
        watch.tell_expiry()
    assert [one.levelname for one in caplog.records] == ["WARNING", "ERROR"]


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda files: files.certificate.unlink(), "tls.certificate"),
        (lambda files: files.certificate.write_text("none"), "tls.certificate"),
        (lambda files: files.key.unlink(), "tls.key"),
        (lambda files: files.key.write_text("none"), "tls.key"),
        (lambda files: trustme.CA().issue_cert("x").private_key_pem.write_to_path(files.key), "tls.key"),
        (lambda files: files.ca.write_text("none"), "tls.client_ca"),
    ],
)
def test_files_that_cannot_serve_are_refused_by_name(files: Files, spoil: Callable[[Files], None], field: str) -> None:
    spoil(files)
    with pytest.raises(InvalidRequest) as raised:
        read_certificates(files.of_server(asks_clients=True))
    assert [one.field for one in raised.value.violations] == [field]
    assert "PRIVATE" not in str(raised.value)


def test_a_token_does_not_leave_this_machine_in_plain_text() -> None:
    with pytest.raises(InvalidRequest, match="must not travel in plain text"):
        Client("shop.example:50151", security=ClientSecurity(token="secret"))
    assert "secret" not in repr(ClientSecurity(token="secret"))


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _fresh(server: Server, files: Files, ca: Path, number: int = 0) -> Client:
    """A client with a connection of its own: gRPC shares those of channels that are alike."""
    target = f"{HOST}:{server.port}" if number else f"localhost:{server.port}"
    copy = files.folder / f"ca {number}.pem"
    copy.write_bytes(ca.read_bytes() + b"\n" * (number + 1))
    return Client(target, security=ClientSecurity(token=(files.folder / "token").read_text(), ca=copy))
