"""The service's key is changed: what lay under the old one lies under the new one, and opens with it alone."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.persons import resealing
from solver.persons.resealing import reseal_persons
from solver.persons.seal import ERASED_KEY, CannotOpen, Seal, seal_of
from solver.persons.vault import Vault
from solver.storage.database import Database
from solver.webhooks.kept_secrets import KeptSecrets
from solver.webhooks.model import Secrets
from tests.persons.test_vault import AT, MEI, asked, keep, reveal

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
PERSONS = 5


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(AT)


@pytest.fixture
def database(store_url: str, clock: ManualClock) -> Iterator[Database]:
    opened = Application.open(store_url, clock)
    yield opened.database
    opened.close()


@pytest.fixture
def old(database: Database, clock: ManualClock) -> Vault:
    """Five persons under the old key, one of them erased."""
    vault = Vault(database, clock, Seal(OLD))
    for number in range(PERSONS):
        keep(vault, f"order {number}", f"customer {number}")
    vault.erase(asked("ErasePerson"), "customer 1", by="lin")
    return vault


def keys(database: Database) -> list[bytes]:
    with database.read() as reader:
        return [bytes(sealed) for (sealed,) in reader.query("SELECT sealed FROM person_key ORDER BY number")]


def test_with_both_keys_what_is_old_opens_and_what_is_new_needs_the_new_one(
    old: Vault, database: Database, clock: ManualClock
) -> None:
    both = Vault(database, clock, Seal(NEW, OLD))
    assert reveal(both, "order 0") == MEI
    keep(both, "order 9", "customer 9")
    assert reveal(both, "order 9") == MEI
    with pytest.raises(StateConflict, match=r"persons\.previous_key_file") as refused:
        old.masked("order 9")
    assert refused.value.reason == "PERSON_SEALED"


def test_after_resealing_the_new_key_opens_all_and_the_old_one_nothing(
    old: Vault, database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    before = keys(database)
    assert reseal_persons(database, Seal(NEW, OLD)) == PERSONS - 1
    after = keys(database)
    assert [one == two for one, two in zip(before, after, strict=True)] == [False, True, False, False, False]
    assert after[1] == ERASED_KEY
    new = Vault(database, clock, Seal(NEW))
    assert [reveal(new, f"order {number}") for number in (0, 2, 3, 4)] == [MEI] * 4
    with pytest.raises(StateConflict, match="sealed"):
        old.masked("order 0")
    assert reseal_persons(database, Seal(NEW, OLD)) == 0


def test_a_key_under_neither_ends_it_and_what_is_done_stays_done(
    old: Vault, database: Database, clock: ManualClock
) -> None:
    untouched = keys(database)
    with pytest.raises(CannotOpen):
        reseal_persons(database, Seal(NEW, OTHER))
    assert keys(database) == untouched
    assert reveal(old, "order 0") == MEI


def test_secrets_of_webhooks_are_resealed_with_them_by_the_command(
    old: Vault,
    database: Database,
    clock: ManualClock,
    store_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    secrets = Secrets(current="whsec_now", previous="whsec_before", previous_until=AT)
    with database.write() as tx:
        tx.execute(
            """INSERT INTO webhook_endpoint (endpoint_id, url, filter, secret, previous_secret, disabled, disabled_why,
               queued_number) VALUES ('shop', 'https://shop.example.com', '', '', '', 0, '', 0)"""
        )
        KeptSecrets(Seal(OLD)).keep(tx, "shop", secrets)
    files = {}
    for name, key in (("old", OLD), ("new", NEW)):
        files[name] = tmp_path / name
        files[name].write_text(base64.b64encode(key).decode())
    command = ["persons", "reseal", "--key-file", str(files["new"]), "--previous-key-file", str(files["old"])]
    assert main([*command, "--url", store_url]) == 0
    told = f"sealed anew: the keys of {PERSONS - 1} persons, the secrets of 1 endpoints\n"
    assert capsys.readouterr().out == told
    with database.read() as reader:
        assert KeptSecrets(seal_of(files["new"])).find(reader, "shop") == secrets
        with pytest.raises(StateConflict, match="is sealed"):
            KeptSecrets(seal_of(files["old"])).find(reader, "shop")
    assert main([*command, "--url", store_url]) == 0
    assert capsys.readouterr().out == "sealed anew: the keys of 0 persons, the secrets of 0 endpoints\n"
    assert main([*command[:3], str(files["old"]), "--previous-key-file", str(files["old"]), "--url", store_url]) == 1
    assert "under neither of the two" in capsys.readouterr().err
