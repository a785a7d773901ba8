"""What is done with personal data: kept, shown masked, shown with a reason, erased by key, and forgotten in time."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

import msgspec

from solver.clock import Clock
from solver.errors import NotFound, StateConflict, Violations
from solver.persons import rows
from solver.persons.model import MOST_CHARACTERS, MOST_STREET_LINES, Erasure, Recipient, RecipientCommand
from solver.persons.seal import CannotOpen, Seal
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, once
from solver.validation import check_id

EraseElsewhere: TypeAlias = Callable[[Transaction, str, Collection[str]], set[str]]
"""Erases a customer, and whoever these orders were for, from what others keep; the orders of which something was."""

_AT_ONCE = 500
_BY_TIME = "retention"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Recipient).decode


class Vault:
    """Recipients by order, each under its person's key. Without a `seal` nothing is taken and nothing is there.

    `erase_elsewhere` is told of whoever is erased, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        seal: Seal | None,
        erase_elsewhere: EraseElsewhere = lambda *_: set(),
    ) -> None:
        self._database = database
        self._clock = clock
        self._seal = seal
        self._erase_elsewhere = erase_elsewhere

    def keep(self, request: Request, command: RecipientCommand) -> None:
        """Keep an order's recipient, in place of the one before.

        Raises InvalidRequest, RequestIdReused, StateConflict (NO_PERSONAL_DATA, PERSON_SEALED).
        """
        seal = self._sealing()
        _refuse_invalid(command)
        now = self._clock.now()

        def act(tx: Transaction) -> bytes:
            known = rows.person_of(tx, command.customer_id)
            if known is None:
                key = seal.new_key()
                known = (rows.add_person(tx, command.customer_id, key), key)
            number, key = known
            try:
                sealed = seal.seal(key, _encode(command.recipient), command.order_id)
            except CannotOpen as error:
                raise _sealed_otherwise(error) from error
            rows.keep_recipient(tx, command.order_id, number, sealed, now)
            return b""

        once(self._database, self._clock, self.private(request), act)

    def masked(self, order_id: str) -> Recipient:
        """An order's recipient, masked. Raises NotFound, StateConflict (NO_PERSONAL_DATA, PERSON_SEALED)."""
        with self._database.read() as reader:
            return self._recipient(reader, order_id).masked()

    def reveal(self, request: Request, order_id: str, *, reason: str, by: str) -> Recipient:
        """An order's recipient, in clear; that it was looked at is kept. Raises what `masked` raises."""
        violations = Violations()
        check_id(reason, "reason", violations)
        violations.refuse_any("the look at personal data")

        def act(tx: Transaction) -> bytes:
            self._recipient(tx, order_id)
            rows.note_look(tx, order_id, by, self._clock.now(), reason)
            return b""

        once(self._database, self._clock, request, act)
        with self._database.read() as reader:
            return self._recipient(reader, order_id)

    def erase(self, request: Request, customer_id: str, *, by: str) -> int:
        """Erase a person: his key is overwritten, with it all that was sealed, and what is kept elsewhere forgotten.

        Of how many orders there was something. Raises NotFound, InvalidRequest, StateConflict (NO_PERSONAL_DATA).
        """
        seal = self._sealing()
        violations = Violations()
        check_id(customer_id, "customer_id", violations)
        violations.refuse_any("the erasure")

        def act(tx: Transaction) -> bytes:
            orders = rows.orders_of(tx, customer_id)
            erased = {*orders, *self._erase_elsewhere(tx, customer_id, orders)}
            if not rows.erase(tx, customer_id) and not erased:
                about = {"customer_id": customer_id[:128]}
                raise NotFound("there is no personal data of this customer", metadata=about)
            rows.note_erasure(tx, seal.mark(customer_id), self._clock.now(), by, len(erased))
            return str(len(erased)).encode()

        answer = once(self._database, self._clock, self.private(request), act)
        self._database.empty_log()
        return int(answer.body)

    def erasures(self) -> list[Erasure]:
        """All that was erased, the oldest first."""
        with self._database.read() as reader:
            return rows.erasures(reader)

    def forget(self, older_than: timedelta) -> int:
        """Forget recipients that were kept so long ago, and erase whoever has none left; how many recipients."""
        if self._seal is None:
            return 0
        seal, before = self._seal, self._clock.now() - older_than
        forgotten = 0
        while customers := self._old_customers(before):
            for customer_id in customers:
                act = partial(self._erase_old, seal=seal, customer_id=customer_id)
                forgotten += self._database.run(act)

        def part(tx: Transaction) -> int:
            return rows.forget_orders(tx, before, _AT_ONCE)

        while some := self._database.run(part):
            forgotten += some
        if forgotten:
            self._database.empty_log()
        return forgotten

    def private(self, request: Request) -> Request:
        """The same with a digest that tells nothing of what was sent to whoever lacks the service's key."""
        digest = self._sealing().digest(request.body_digest)
        return Request(method=request.method, request_id=request.request_id, body_digest=digest)

    def _old_customers(self, before: datetime) -> list[str]:
        with self._database.read() as reader:
            return rows.older_than(reader, before, _AT_ONCE)

    def _erase_old(self, tx: Transaction, *, seal: Seal, customer_id: str) -> int:
        """Erase a person whose time is over; of how many orders there was a recipient."""
        orders = len(rows.orders_of(tx, customer_id))
        if rows.erase(tx, customer_id):
            rows.note_erasure(tx, seal.mark(customer_id), self._clock.now(), _BY_TIME, orders)
        return orders

    def _recipient(self, reader: Reader, order_id: str) -> Recipient:
        seal = self._sealing()
        found = rows.recipient_of(reader, order_id)
        if found is None:
            raise NotFound(
                f"there is no recipient of order {order_id[:128]!r}: none was kept, or it was erased",
                metadata={"order_id": order_id[:128]},
            )
        try:
            return _decode(seal.open(*found, order_id))
        except CannotOpen as error:
            raise _sealed_otherwise(error) from error

    def _sealing(self) -> Seal:
        if self._seal is None:
            raise StateConflict(
                "this service takes no personal data: give it a key (persons.key_file) and the extra `secure`",
                reason="NO_PERSONAL_DATA",
            )
        return self._seal


def _sealed_otherwise(error: CannotOpen) -> StateConflict:
    return StateConflict(
        f"the data of this person is sealed, and {error}: give persons.key_file the key that sealed it, or that one as "
        "persons.previous_key_file",
        reason="PERSON_SEALED",
    )


def _refuse_invalid(command: RecipientCommand) -> None:
    violations = Violations()
    check_id(command.order_id, "order_id", violations)
    check_id(command.customer_id, "customer_id", violations)
    of = command.recipient
    texts = {"name": of.name, "phone": of.phone}
    texts |= {f"street_lines[{at}]": line for at, line in enumerate(of.street_lines)}
    violations.require(bool(of.name.strip()), "recipient.name", "an empty name", "say who gets the packages")
    most = MOST_STREET_LINES
    violations.require(len(of.street_lines) <= most, "recipient.street_lines", len(of.street_lines), f"at most {most}")
    for path, text in texts.items():
        sound = len(text) <= MOST_CHARACTERS and (not text or text.isprintable())
        remedy = f"give at most {MOST_CHARACTERS} printable characters"
        violations.require(sound, f"recipient.{path}", f"{len(text)} characters", remedy)
    violations.refuse_any("the recipient")
