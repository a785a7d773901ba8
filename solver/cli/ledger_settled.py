"""Contracts and settlements that a command works on: a service's, or those of books that it opens itself."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Protocol

from solver.app import Application
from solver.cli.connecting import connected
from solver.client.channel import new_request_id
from solver.client.settlement import ContractClient, SettlementClient
from solver.clock import SystemClock
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.facts import Refund, SettledOrder
from solver.ledger.contracts.model import Contract
from solver.ledger.contracts.store import ContractStore
from solver.ledger.settlement.model import Payment, Statement
from solver.ledger.settlement.settlements import Settlements
from solver.storage.once import Request, request_for

_MOST = 1_000


class Settled(Protocol):
    """What the commands ask."""

    def load(self, texts: Sequence[str]) -> Sequence[Contract]:
        """Keep contracts, all or none."""
        ...

    def contracts(self) -> Sequence[Contract]:
        """Every version of every contract."""
        ...

    def contract(self, contract_id: str, version: int) -> Contract:
        """One of them."""
        ...

    def record(self, orders: Sequence[SettledOrder]) -> int:
        """Record orders; how many are new."""
        ...

    def refund(self, refunds: Sequence[Refund]) -> int:
        """Record refunds; how many are new."""
        ...

    def parties(self) -> Sequence[tuple[str, str]]:
        """Everybody who has anything."""
        ...

    def settle(self, party: str, currency: str, day: date) -> Statement:
        """Settle for the period of a day."""
        ...

    def statements(self, party: str) -> Sequence[Statement]:
        """Runs so far."""
        ...

    def payments(self, begin: date, end: date) -> Sequence[Payment]:
        """What is to be paid and asked for."""
        ...


@contextmanager
def settled(options: argparse.Namespace) -> Iterator[Settled]:
    """The ones that the options name."""
    if options.books:
        application = Application.open(options.books, SystemClock())
        try:
            yield _Local(application.contracts, application.finance.settlements)
        finally:
            application.close()
    else:
        with connected(options) as client:
            yield _Remote(client.contracts, client.settlements)


class _Remote:
    def __init__(self, contracts: ContractClient, settlements: SettlementClient) -> None:
        self._contracts = contracts
        self._settlements = settlements

    def load(self, texts: Sequence[str]) -> Sequence[Contract]:
        return self._contracts.upsert(texts)

    def contracts(self) -> Sequence[Contract]:
        return list(self._contracts.list())

    def contract(self, contract_id: str, version: int) -> Contract:
        return self._contracts.get(contract_id, version)

    def record(self, orders: Sequence[SettledOrder]) -> int:
        return self._settlements.record_orders(orders)

    def refund(self, refunds: Sequence[Refund]) -> int:
        return self._settlements.record_refunds(refunds)

    def parties(self) -> Sequence[tuple[str, str]]:
        return self._settlements.parties()

    def settle(self, party: str, currency: str, day: date) -> Statement:
        return self._settlements.run(party, currency, day)

    def statements(self, party: str) -> Sequence[Statement]:
        return list(self._settlements.statements(party))

    def payments(self, begin: date, end: date) -> Sequence[Payment]:
        return self._settlements.payments(begin, end)


class _Local:
    def __init__(self, contracts: ContractStore, settlements: Settlements) -> None:
        self._contracts = contracts
        self._settlements = settlements

    def load(self, texts: Sequence[str]) -> Sequence[Contract]:
        contracts = [parse(text, "contract") for text in texts]
        self._contracts.upsert(_named("UpsertContracts"), contracts)
        return contracts

    def contracts(self) -> Sequence[Contract]:
        return list(self._contracts.book.contracts.values())

    def contract(self, contract_id: str, version: int) -> Contract:
        return self._contracts.get(contract_id, version)

    def record(self, orders: Sequence[SettledOrder]) -> int:
        return self._settlements.record_orders(_named("RecordSettledOrders"), orders)

    def refund(self, refunds: Sequence[Refund]) -> int:
        return self._settlements.record_refunds(_named("RecordRefunds"), refunds)

    def parties(self) -> Sequence[tuple[str, str]]:
        return self._settlements.parties()

    def settle(self, party: str, currency: str, day: date) -> Statement:
        return self._settlements.run(_named("RunSettlement"), party, currency, day)

    def statements(self, party: str) -> Sequence[Statement]:
        found: list[Statement] = []
        while page := self._settlements.statements(party, found[-1].run_id if found else "", _MOST):
            found += page
        return found

    def payments(self, begin: date, end: date) -> Sequence[Payment]:
        return self._settlements.payments(begin, end)


def _named(method: str) -> Request:
    return request_for(method, new_request_id())
