"""From a draft to a number, through a platform that refuses, times out, answers late and answers twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from solver.errors import StateConflict
from solver.ledger.differences.model import TicketState
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.ledger.invoicing.platform import Answer
from solver.ledger.invoicing.practice import PracticePlatform, Temper
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.matching.model import DifferenceKind
from solver.storage.once import Request, request_for
from tests.ledger.invoicing.conftest import Office
from tests.ledger.invoicing.sales import HAI, TAXES, sold, wish

Asked = Callable[..., Request]
FIRST = "26000000000000000001"


def drafts(office: Office, asked: Asked, number: int) -> None:
    for one in range(1, number + 1):
        office.invoicing.draft(asked(), wish(sold(f"O{one}", 11_300), wish_id=f"W{one}"))


def nothing_twice(platform: PracticePlatform) -> bool:
    return all(len(numbers) <= 1 for numbers in platform.numbers.values())


def test_an_issued_invoice_has_a_number_and_owes_its_tax(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    assert office.drive(office.platform()) == 0
    assert office.states() == {"W1-1": ("issued", FIRST)}
    assert office.balances() == {"output_vat": -1_300, "tax_to_invoice": 1_300}
    with office.database.read() as reader:
        [voucher] = office.ledger.vouchers(reader, "invoice/W1-1")
    assert voucher.kind == "invoice_issued"


def test_a_refused_invoice_waits_for_a_person_who_mends_it(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    platform = office.platform(Temper(refused_permille=1_000))
    office.drive(platform)
    refused = office.one()
    assert (refused.state, refused.attempts) == (InvoiceState.REFUSED, 1)
    [ticket] = office.desk.all(states=[TicketState.OPEN])
    assert (ticket.kind, ticket.cause, ticket.owner) == (DifferenceKind.TAX, "invoice_refused", "tax")
    assert refused.message == ticket.evidence
    office.invoicing.mend(
        asked(), "W1-1", buyer=HAI, lines=[MendedLine(number=1, name="绿茶", tax_item="farm_produce")]
    )
    platform.temper = Temper()
    office.drive(platform)
    issued = office.one()
    assert (issued.buyer, issued.lines[0].name, issued.tax_minor) == (HAI, "绿茶", 933)
    assert office.desk.get(ticket.ticket_id).reason == f"issued as {FIRST} after 2 attempts (已开具，号码 {FIRST})"
    assert office.balances()["output_vat"] == -933


def test_a_refused_invoice_may_be_given_up(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    office.drive(office.platform(Temper(refused_permille=1_000)))
    office.invoicing.cancel(asked(), "W1-1", "the buyer wants none", actor="li")
    assert office.one().state is InvoiceState.CANCELLED
    assert office.desk.all(states=[TicketState.OPEN]) == ()
    assert office.balances() == {}
    assert office.invoicing.draft(asked(), wish(sold("O1", 11_300), wish_id="W9"))[0].invoice_id == "W9-1"


def test_an_answer_that_got_lost_is_looked_for_and_nothing_is_asked_twice(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    platform = office.platform(Temper(lost_permille=1_000))
    office.invoicing.issuing(platform).round()
    assert (office.one().state, platform.numbers) == (InvoiceState.ASKING, {"W1-1": [FIRST]})
    [ticket] = office.desk.all()
    assert (ticket.kind, ticket.cause) == (DifferenceKind.TIMING, "invoice_unanswered")
    platform.temper = Temper()
    assert office.drive(platform) == 0
    assert office.states() == {"W1-1": ("issued", FIRST)}
    assert nothing_twice(platform)
    assert office.desk.get(ticket.ticket_id).state is TicketState.CLOSED


def test_an_answer_that_comes_late_is_waited_for(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    platform = office.platform(Temper(late_permille=1_000, late_seconds=3_600))
    assert office.drive(platform, patience_seconds=60) == 1
    assert office.one().state is InvoiceState.PENDING
    assert office.drive(platform) == 0
    assert office.states() == {"W1-1": ("issued", FIRST)}
    assert nothing_twice(platform)


def test_an_answer_that_comes_twice_counts_once(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    office.drive(office.platform())
    before = office.balances()
    office.invoicing.note_number(asked(), "W1-1", FIRST)
    assert office.balances() == before
    assert office.desk.all() == ()


def test_a_second_number_for_one_invoice_is_a_difference_for_a_person(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    office.drive(office.platform())
    office.invoicing.note_number(asked(), "W1-1", "26999")
    office.invoicing.note_number(asked(), "W1-1", "26999")
    [ticket] = office.desk.all()
    assert (ticket.kind, ticket.cause, ticket.amount_minor) == (
        DifferenceKind.DUPLICATE,
        "invoice_issued_twice",
        11_300,
    )
    assert office.one().number == FIRST
    assert office.balances()["output_vat"] == -1_300


def test_a_number_that_comes_before_the_answer_is_kept(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    platform = office.platform(Temper(late_permille=1_000))
    office.invoicing.issuing(platform).round()
    office.invoicing.note_number(asked(), "W1-1", FIRST)
    assert office.drive(platform) == 0
    assert office.states() == {"W1-1": ("issued", FIRST)}


@pytest.mark.parametrize("seed", [1, 2])
def test_however_the_platform_behaves_everything_ends_and_nothing_is_issued_twice(
    office: Office, asked: Asked, seed: int
) -> None:
    drafts(office, asked, 40)
    temper = Temper(
        lost_permille=300,
        failing_permille=200,
        late_permille=250,
        refused_permille=200,
        throttled_permille=150,
        seed=seed,
    )
    platform = office.platform(temper)
    assert office.drive(platform, patience_seconds=10 * 86_400) == 0
    refused = [one.invoice_id for one in office.invoicing.all(states=[InvoiceState.REFUSED])]
    assert refused
    for invoice_id in refused:
        office.invoicing.mend(asked(), invoice_id, buyer=replace(HAI, name=f"buyer of {invoice_id}"))
    platform.temper = replace(temper, refused_permille=0)
    assert office.drive(platform, patience_seconds=10 * 86_400) == 0
    assert {one.state for one in office.invoicing.all()} == {InvoiceState.ISSUED}
    assert nothing_twice(platform)
    assert platform.numbers == {one.invoice_id: [one.number] for one in office.invoicing.all()}
    tickets = office.desk.all()
    assert tickets
    assert {ticket.state for ticket in tickets} == {TicketState.CLOSED}
    assert office.balances() == {"output_vat": -40 * 1_300, "tax_to_invoice": 40 * 1_300}


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A platform whose caller is killed around a call: before it arrives, or after it was carried out."""

    def __init__(self, platform: PracticePlatform, *, done: bool) -> None:
        self._platform, self._done = platform, done
        self.settles_after_seconds = platform.settles_after_seconds

    def issue(self, invoice: Invoice) -> Answer:
        if self._done:
            self._platform.issue(invoice)
        raise Killed

    def find(self, invoice_id: str) -> Answer | None:
        return self._platform.find(invoice_id)


@pytest.mark.parametrize("done", [False, True])
def test_a_process_that_is_killed_while_asking_is_followed_by_one_that_looks_first(
    office: Office, asked: Asked, done: bool
) -> None:
    drafts(office, asked, 1)
    platform = office.platform()
    with pytest.raises(Killed):
        office.invoicing.issuing(Dying(platform, done=done)).round()
    assert office.one().state is InvoiceState.ASKING
    assert office.drive(platform) == 0
    assert office.states() == {"W1-1": ("issued", FIRST)}
    assert nothing_twice(platform)
    assert office.one().attempts == (1 if done else 2)


def test_two_that_drive_at_once_do_not_ask_for_the_same_invoice(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    known = office.one()
    first = office.database.run(lambda tx: office.invoicing.invoices.claim(tx, known, 30))
    assert first is not None
    assert office.database.run(lambda tx: office.invoicing.invoices.claim(tx, known, 30)) is None


def test_a_line_is_on_one_invoice_until_that_is_taken_back(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    again = wish(sold("O1", 11_300), wish_id="W2", buyer=HAI)
    with pytest.raises(StateConflict) as refused:
        office.invoicing.draft(asked(), again)
    assert refused.value.reason == "INVOICED_BEFORE"
    platform = office.platform()
    office.drive(platform)
    office.invoicing.reverse(asked(), "W1-1", [], red_id="R1", reason="another buyer")
    office.drive(platform)
    assert office.one("R1").state is InvoiceState.ISSUED
    assert office.balances() == {"output_vat": 0, "tax_to_invoice": 0}
    [other] = office.invoicing.draft(asked(), again)
    assert other.buyer == HAI


def test_a_partial_refund_takes_back_its_part_of_the_tax(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    platform = office.platform()
    office.drive(platform)
    red = office.invoicing.reverse(
        asked(), "W1-1", [TakenBack(line=1, amount_minor=1_130)], red_id="R1", reason="damaged"
    )
    assert (red.net_minor, red.tax_minor, red.on) == (-1_000, -130, office.clock.now().date())
    office.drive(platform)
    assert office.balances() == {"output_vat": -1_170, "tax_to_invoice": 1_170}


def test_a_wish_asked_for_twice_is_kept_once(office: Office) -> None:
    request = request_for("Draft", "r1", "W1")
    first = office.invoicing.draft(request, wish(sold("O1", 11_300)))
    assert office.invoicing.draft(request, wish(sold("O1", 11_300))) == first
    with pytest.raises(StateConflict) as refused:
        office.invoicing.draft(request_for("Draft", "r2", "W1"), wish(sold("O2", 11_300)))
    assert refused.value.reason == "INVOICE_EXISTS"


def test_what_the_platform_has_is_neither_mended_nor_given_up(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    office.drive(office.platform())
    acts: tuple[Callable[[], object], ...] = (
        lambda: office.invoicing.cancel(asked(), "W1-1", "no", actor="li"),
        lambda: office.invoicing.mend(asked(), "W1-1", buyer=HAI),
    )
    for act in acts:
        with pytest.raises(StateConflict) as refused:
            act()
        assert refused.value.reason == "INVOICE_ISSUED"


def test_a_number_that_comes_after_its_month_was_closed_is_booked_today(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    office.clock.advance(timedelta(days=31))
    office.database.run(lambda tx: office.ledger.close_period(tx, "", "2026-03"))
    office.drive(office.platform())
    assert office.one().state is InvoiceState.ISSUED
    assert office.balances() == {"output_vat": -1_300, "tax_to_invoice": 1_300}


def test_a_number_is_kept_though_the_books_refuse_its_tax(office: Office, asked: Asked) -> None:
    office.invoicing.draft(asked(), wish(sold("O1", 11_300), entity="NOWHERE"))
    office.drive(office.platform())
    assert office.states() == {"W1-1": ("issued", FIRST)}
    [ticket] = office.desk.all(states=[TicketState.OPEN])
    assert (ticket.cause, ticket.owner) == ("invoice_not_posted", "tax")
    assert "NOWHERE" in ticket.evidence
    assert office.balances() == {}


def test_rates_that_changed_since_the_draft_stop_it_before_the_platform_is_asked(office: Office, asked: Asked) -> None:
    drafts(office, asked, 1)
    place = TAXES["CN"]
    newer = replace(place.rates["standard"][-1], since=wish().on, basis_points=1_200)
    changed = replace(place, rates={**place.rates, "standard": (*place.rates["standard"], newer)})
    office.invoicing.invoices._taxes = {"CN": changed}
    platform = office.platform()
    office.drive(platform)
    assert (office.one().state, platform.calls) == (InvoiceState.REFUSED, 0)
    assert "税率与税目不符" in office.one().message
