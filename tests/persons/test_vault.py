"""Personal data is kept sealed, shown masked, and gone without a trace once it is erased."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, RequestIdReused, StateConflict
from solver.persons.model import Recipient, RecipientCommand
from solver.persons.seal import ERASED_KEY, Seal, read_key
from solver.persons.vault import Vault
from solver.schema import STEPS
from solver.storage.backup import back_up
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.url import open_database

AT = datetime(2026, 3, 1, tzinfo=UTC)
MEI = Recipient(name="王小梅", phone="13800138000", street_lines=("中山北路 3300 号", "Room 1204"))
_numbers = count(1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(AT)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


@pytest.fixture
def vault(database: Database, clock: ManualClock) -> Vault:
    return Vault(database, clock, Seal(b"k" * 32))


def asked(method: str = "SetRecipient") -> Request:
    return request_for(method, f"request {next(_numbers)}")


def keep(vault: Vault, order_id: str = "A", customer_id: str = "c-1", recipient: Recipient = MEI) -> None:
    vault.keep(asked(), RecipientCommand(order_id=order_id, customer_id=customer_id, recipient=recipient))


def reveal(vault: Vault, order_id: str = "A") -> Recipient:
    return vault.reveal(asked("RevealRecipient"), order_id, reason="call the customer", by="lin")


def test_what_was_kept_is_shown_masked_and_in_clear_with_a_reason(vault: Vault, database: Database) -> None:
    keep(vault)
    assert vault.masked("A") == Recipient(name="王**", phone="***00", street_lines=("***", "***"))
    assert reveal(vault) == MEI
    with database.read() as reader:
        looks = reader.query("SELECT order_id, by, reason FROM person_look")
    assert looks == [("A", "lin", "call the customer")]


def test_nothing_that_is_printed_shows_a_person() -> None:
    command = RecipientCommand(order_id="A", customer_id="c-1", recipient=MEI)
    for text in (repr(MEI), str(MEI), f"{MEI}", repr(command), repr([MEI])):
        assert not any(secret in text for secret in ("小梅", "13800138", "中山", "1204"))
    assert repr(MEI) == "Recipient(name='王**', phone='***00', street_lines=2)"
    assert Recipient(name="", phone="123").masked() == Recipient(name="", phone="***")


def test_a_person_is_erased_with_all_orders_and_no_other(vault: Vault) -> None:
    keep(vault, "A")
    keep(vault, "B")
    keep(vault, "C", "c-2", Recipient(name="Li"))
    assert vault.erase(asked("ErasePerson"), "c-1", by="lin") == 2
    for order_id in ("A", "B"):
        with pytest.raises(NotFound):
            vault.masked(order_id)
    assert reveal(vault, "C").name == "Li"
    [erasure] = vault.erasures()
    assert (erasure.by, erasure.orders, erasure.at) == ("lin", 2, AT)
    assert erasure.mark == Seal(b"k" * 32).mark("c-1")
    assert "c-1" not in repr(erasure)
    with pytest.raises(NotFound):
        vault.erase(asked("ErasePerson"), "c-1", by="lin")
    keep(vault, "D")
    assert reveal(vault, "D") == MEI


def test_a_repeated_erasure_answers_as_before(vault: Vault) -> None:
    keep(vault)
    named = asked("ErasePerson")
    assert vault.erase(named, "c-1", by="lin") == 1
    assert vault.erase(named, "c-1", by="lin") == 1
    assert len(vault.erasures()) == 1


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_no_byte_is_left_in_the_files_and_in_a_backup(tmp_path: Path, clock: ManualClock) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    database = open_database(folder / "books.db", STEPS)
    vault = Vault(database, clock, Seal(b"k" * 32))
    for number in range(300):  # so that pages fill, part and are rebuilt
        keep(vault, f"order-{number}", f"customer-{number}", MEI)
    plain = [text.encode() for text in (MEI.name, MEI.phone, *MEI.street_lines)]
    assert not any(text in bytes_in(folder) for text in plain)  # not even before
    with database.read() as reader:
        keys: dict[str, bytes] = dict(
            reader.query("SELECT customer_id, sealed FROM person JOIN person_key USING (number)")
        )
        rows = reader.query("SELECT order_id, sealed FROM person_recipient")
    sealed = {order_id.removeprefix("order-"): bytes(body) for order_id, body in rows}
    erased = ["0", "7", "150", "299"]
    assert all(bytes(keys[f"customer-{one}"]) in bytes_in(folder) for one in erased)
    for one in erased:
        vault.erase(asked("ErasePerson"), f"customer-{one}", by="lin")
    back_up(folder / "books.db", tmp_path / "backup.db", STEPS)
    for where in (bytes_in(folder), (tmp_path / "backup.db").read_bytes()):
        for one in erased:
            assert bytes(keys[f"customer-{one}"]) not in where
            assert sealed[one] not in where
            assert re.search(rf"customer-{one}(?!\d)".encode(), where) is None
        assert bytes(keys["customer-1"]) in where
    database.close()
    assert not any(bytes(keys[f"customer-{one}"]) in bytes_in(folder) for one in erased)


def test_an_erased_key_is_zeros_where_it_lay(vault: Vault, database: Database) -> None:
    keep(vault)
    vault.erase(asked("ErasePerson"), "c-1", by="lin")
    with database.read() as reader:
        [(body,)] = reader.query("SELECT sealed FROM person_key")
        assert bytes(body) == ERASED_KEY
        assert reader.query("SELECT * FROM person") == []
        assert reader.query("SELECT * FROM person_recipient") == []


def test_without_the_services_key_nothing_opens(vault: Vault, database: Database, clock: ManualClock) -> None:
    keep(vault)
    other = Vault(database, clock, Seal(b"x" * 32))
    with pytest.raises(StateConflict, match=r"give persons\.key_file the key that sealed it") as refused:
        other.masked("A")
    assert refused.value.reason == "PERSON_SEALED"
    with pytest.raises(StateConflict, match="sealed it"):
        keep(other, "B")


def test_a_sealed_recipient_opens_for_its_own_order_alone(vault: Vault, database: Database) -> None:
    keep(vault, "A")
    keep(vault, "B", "c-1", Recipient(name="Li"))
    with database.write() as tx:
        [(body,)] = tx.query("SELECT sealed FROM person_recipient WHERE order_id = 'A'")
        tx.execute("UPDATE person_recipient SET sealed = ? WHERE order_id = 'B'", (bytes(body),))
    with pytest.raises(Exception, match=r"^$"):  # what the library says: nothing
        vault.masked("B")


def test_a_service_without_a_key_takes_no_personal_data(database: Database, clock: ManualClock) -> None:
    bare = Vault(database, clock, None)
    for act in (lambda: keep(bare), lambda: bare.masked("A"), lambda: bare.erase(asked(), "c-1", by="lin")):
        with pytest.raises(StateConflict) as refused:
            act()
        assert refused.value.reason == "NO_PERSONAL_DATA"
        assert "persons.key_file" in str(refused.value)
    assert bare.forget(timedelta(0)) == 0


def test_what_was_asked_leaves_no_digest_that_could_be_guessed(vault: Vault, database: Database) -> None:
    command = RecipientCommand(order_id="A", customer_id="c-1", recipient=MEI)
    named = request_for("SetRecipient", "one", command)
    vault.keep(named, command)
    vault.keep(named, command)
    with database.read() as reader:
        [(digest,)] = reader.query("SELECT body_digest FROM request")
    assert bytes(digest) != named.body_digest
    with pytest.raises(RequestIdReused):
        vault.keep(request_for("SetRecipient", "one", "another"), command)


def test_recipients_are_forgotten_in_time(vault: Vault, clock: ManualClock) -> None:
    keep(vault, "A", "c-1")
    keep(vault, "B", "c-2")
    clock.advance(timedelta(days=10))
    keep(vault, "C", "c-2")
    clock.advance(timedelta(days=21))
    assert vault.forget(timedelta(days=30)) == 2
    for order_id in ("A", "B"):
        with pytest.raises(NotFound):
            vault.masked(order_id)
    assert reveal(vault, "C") == MEI
    assert [(one.by, one.orders) for one in vault.erasures()] == [("retention", 1)]
    assert vault.forget(timedelta(days=30)) == 0


def test_unsound_recipients_are_refused_without_saying_them(vault: Vault) -> None:
    bad = Recipient(name=" ", phone="1" * 201, street_lines=("a\nb",) * 6)
    with pytest.raises(InvalidRequest) as refused:
        keep(vault, recipient=bad)
    fields = [one.field for one in refused.value.violations]
    assert fields[:3] == ["recipient.name", "recipient.street_lines", "recipient.phone"]
    assert "111" not in str(refused.value)
    with pytest.raises(InvalidRequest):
        vault.reveal(asked(), "A", reason="", by="lin")


def test_the_services_key_is_32_bytes_in_base64(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n")
    assert read_key(file) == b"k" * 32
    for text in ("short", "a2s=", "ü"):
        file.write_text(text)
        with pytest.raises(InvalidRequest, match="openssl rand -base64 32"):
            read_key(file)
    with pytest.raises(InvalidRequest, match="FileNotFoundError"):
        read_key(tmp_path / "none")
