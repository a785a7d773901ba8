"""Messages arrive signed, in order for each order, at least once; what cannot be sent is kept and can be sent again."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
import trustme

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound
from solver.fulfilment.model import PlanCommand
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.scenario.load import load
from solver.settings.webhooks import WebhookSettings
from solver.storage.once import Request, request_for
from solver.webhooks.address import networks_of
from solver.webhooks.courier import TURN, Courier
from solver.webhooks.model import EndpointCommand, WebhookEndpoint
from solver.webhooks.pauses import pause_after
from solver.webhooks.sending import Sender, Sent
from solver.webhooks.signing import verify
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.webhooks.receiver import Receiver

SETTINGS = WebhookSettings(allowed_networks=("127.0.0.0/8",), timeout_seconds=5.0, most_tries=3)
_numbers = count(1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(store_url: str, clock: ManualClock) -> Iterator[Application]:
    opened = Application.open(store_url, clock, webhooks=SETTINGS)
    load(opened, made_world())
    yield opened
    opened.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


Opens = Callable[..., Courier]


@pytest.fixture
def courier_of(application: Application, clock: ManualClock) -> Iterator[Opens]:
    """Makes couriers; each is stopped in the end."""
    made = []

    def opened(settings: WebhookSettings = SETTINGS, sender: Sender | None = None) -> Courier:
        sends = sender or sender_of(settings)
        made.append(Courier(application.database, clock, settings, sends, random=lambda: 0.5))
        return made[-1]

    yield opened
    for one in made:
        one.stop()


def sender_of(settings: WebhookSettings) -> Sender:
    return Sender(allowed=networks_of(settings.allowed_networks), timeout_seconds=settings.timeout_seconds)


def asked(method: str) -> Request:
    return request_for(method, f"{method} {next(_numbers)}")


def endpoint(application: Application, url: str, name: str = "shop", **changes: object) -> str:
    """The secret of a new endpoint."""
    command = replace(EndpointCommand(endpoint_id=name, url=url), **changes)  # type: ignore[arg-type]  # by name
    return application.endpoints.upsert(asked("UpsertWebhookEndpoint"), command)[1]


def released(application: Application, order_id: str, **changes: str) -> None:
    """Two events would be one too many: plan and release it."""
    order = order_of(("TEA", 1), order_id=order_id, **changes)
    plan = application.planner.plan(asked("PlanFulfillment"), PlanCommand(order=order), seconds_left=10)
    application.planner.release(asked("ReleasePlan"), plan.plan_id)


def confirmed_and_cancelled(application: Application, order_id: str) -> None:
    order = order_of(("TEA", 1), order_id=order_id)
    plan = application.planner.plan(asked("PlanFulfillment"), PlanCommand(order=order), seconds_left=10)
    application.planner.confirm(asked("ConfirmPlan"), plan.plan_id)
    application.committing.cancel(asked("CancelCommitted"), plan_id=plan.plan_id)


def went_round(courier: Courier) -> int:
    begun = courier.round()
    courier.wait()
    return begun


def stands(application: Application) -> WebhookEndpoint:
    [one] = application.endpoints.every()
    return one


def told(receiver: Receiver) -> list[tuple[str, str]]:
    """Type and order of each message."""
    bodies = [json.loads(one.body) for one in receiver.received]
    return [(one["type"], one["data"]["order_id"]) for one in bodies]


def test_an_event_arrives_signed_and_once(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    secret = endpoint(application, receiver.url)
    released(application, "A", channel="web", brand="x")
    courier = courier_of()
    assert [went_round(courier), went_round(courier)] == [1, 0]
    [message] = receiver.received
    verify(secret, message.headers, message.body, clock.now())
    assert message.path == "/hooks?key=a"
    assert message.headers["webhook-id"] == "plan-event-1"
    plan_id = application.plan_events.page(stands(application).audience, 0).events[0].plan_id
    assert json.loads(message.body) == {
        "type": "plan.released",
        "timestamp": "2026-03-02T08:00:00Z",
        "data": {
            "number": 1,
            "kind": "released",
            "plan_id": plan_id,
            "order_id": "A",
            "state": "released",
            "at": "2026-03-02T08:00:00Z",
            "channel": "web",
            "brand": "x",
            "new_plan_id": "",
            "reason": "",
        },
    }
    assert (stands(application).queued_number, stands(application).waiting) == (1, 0)


def test_an_endpoint_gets_what_it_wants_and_nothing_from_before(
    application: Application, receiver: Receiver, courier_of: Opens
) -> None:
    released(application, "before", channel="web")
    endpoint(application, receiver.url, channels=("web",), kinds=(PlanEventKind.RELEASED,))
    for order_id, channel in (("A", "web"), ("B", "app"), ("C", "web")):
        released(application, order_id, channel=channel)
    confirmed_and_cancelled(application, "D")
    courier = courier_of()
    assert [went_round(courier), went_round(courier)] == [2, 0]
    assert sorted(told(receiver)) == [("plan.released", "A"), ("plan.released", "C")]
    assert stands(application).queued_number == 6


def test_the_next_event_of_an_order_waits_for_the_one_before(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    endpoint(application, receiver.url)
    confirmed_and_cancelled(application, "A")
    released(application, "B")
    receiver.answers = lambda message: 500 if b'"A"' in message.body and len(told(receiver)) < 3 else 200
    courier = courier_of()
    assert went_round(courier) == 2  # the first of each order
    assert went_round(courier) == 0  # A waits for its pause, and its second event for the first
    assert sorted(told(receiver)) == [("plan.confirmed", "A"), ("plan.released", "B")]
    clock.advance(timedelta(seconds=5))
    assert [went_round(courier), went_round(courier), went_round(courier)] == [1, 1, 0]
    assert told(receiver)[2:] == [("plan.confirmed", "A"), ("plan.cancelled", "A")]
    assert [one.headers["webhook-id"] for one in receiver.received if b'"confirmed"' in one.body] == [
        "plan-event-1"
    ] * 2


def test_pauses_double_up_to_the_longest_a_fifth_more_or_less() -> None:
    settings = WebhookSettings(first_pause_seconds=5, longest_pause_seconds=60)
    pauses = [pause_after(tries, settings, lambda: 0.5).total_seconds() for tries in (1, 2, 3, 4, 5, 99)]
    assert pauses == [5, 10, 20, 40, 60, 60]
    assert pause_after(2, settings, lambda: 0.0).total_seconds() == 8
    assert pause_after(2, settings, lambda: 1.0).total_seconds() == 12


def test_what_cannot_be_sent_becomes_a_dead_letter_and_can_be_sent_again(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    endpoint(application, receiver.url)
    confirmed_and_cancelled(application, "A")
    receiver.answers = lambda message: 503 if b'"confirmed"' in message.body else 200
    courier = courier_of()
    for _ in range(SETTINGS.most_tries):
        went_round(courier)
        clock.advance(timedelta(hours=1))
    [dead] = application.endpoints.dead_letters("shop", 0)
    assert (dead.number, dead.order_id, dead.tries, dead.error) == (1, "A", 3, "answered 503")
    assert dead.tried_at == MONDAY_AT_8 + timedelta(hours=2)
    assert went_round(courier) == 1  # the order goes on behind its dead letter
    assert (stands(application).waiting, stands(application).dead) == (0, 1)
    receiver.answers = lambda _: 200
    once = asked("SendDeadLetters")
    assert application.endpoints.send_again(once, "shop", [2]) == 0
    assert application.endpoints.send_again(asked("SendDeadLetters"), "shop", []) == 1
    assert went_round(courier) == 1
    assert told(receiver)[-1] == ("plan.confirmed", "A")
    assert (stands(application).waiting, stands(application).dead) == (0, 0)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500])
def test_redirects_are_not_followed_and_other_answers_are_failures(
    application: Application, receiver: Receiver, status: int
) -> None:
    receiver.answers = lambda _: status
    sent = sender_of(SETTINGS).send(receiver.url, {}, b"{}")
    assert (sent.status, sent.is_delivered, len(receiver.received)) == (status, False, 1)
    assert sent.error.startswith(f"answered {status}")


def test_an_endpoint_that_is_gone_is_disabled_and_catches_up_when_it_is_enabled(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    endpoint(application, receiver.url)
    released(application, "A")
    receiver.answers = lambda _: 410
    courier = courier_of()
    went_round(courier)
    assert (stands(application).disabled, stands(application).waiting) == (True, 1)
    assert "410" in stands(application).disabled_why
    released(application, "B")
    clock.advance(timedelta(minutes=1))
    assert went_round(courier) == 0
    receiver.answers = lambda _: 200
    assert endpoint(application, receiver.url) == ""
    assert went_round(courier) == 2
    assert sorted(told(receiver)[1:]) == [("plan.released", "A"), ("plan.released", "B")]


def test_both_secrets_sign_until_the_overlap_is_over(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    first = endpoint(application, receiver.url)
    second = application.endpoints.rotate(asked("RotateWebhookSecret"), "shop", timedelta(hours=1)).current
    assert first != second
    courier = courier_of()
    for order_id in ("A", "B"):
        released(application, order_id)
        went_round(courier)
        clock.advance(timedelta(hours=1))
    during, after = receiver.received
    verify(first, during.headers, during.body, MONDAY_AT_8)
    verify(second, during.headers, during.body, MONDAY_AT_8)
    verify(second, after.headers, after.body, MONDAY_AT_8 + timedelta(hours=1))
    assert len(after.headers["webhook-signature"].split(" ")) == 1


def test_one_of_two_processes_sends_and_the_other_takes_over_when_it_is_gone(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    endpoint(application, receiver.url)
    first, second = courier_of(), courier_of()
    released(application, "A")
    assert [went_round(first), went_round(second)] == [1, 0]
    released(application, "B")
    assert [went_round(second), went_round(first)] == [0, 1]
    released(application, "C")
    clock.advance(TURN)  # the first one is dead: it asks no more
    assert went_round(second) == 1
    released(application, "D")
    assert went_round(first) == 0
    second.stop()  # gives its turn back at once
    assert went_round(first) == 1
    assert told(receiver) == [("plan.released", order_id) for order_id in "ABCD"]


def test_a_slow_endpoint_keeps_no_other_waiting(
    application: Application, receiver: Receiver, courier_of: Opens
) -> None:
    stuck = threading.Event()
    slow = Receiver(lambda _: 200 if stuck.wait(20) else 500)
    try:
        endpoint(application, slow.url, "slow")
        endpoint(application, receiver.url, "quick")
        for number in range(6):
            released(application, f"O-{number}")
        courier = courier_of(replace(SETTINGS, parallel=6, parallel_per_endpoint=3, timeout_seconds=20))
        while len(receiver.received) < 6:
            courier.round()
        assert len(slow.received) <= 3
        stuck.set()
        while len(slow.received) < 6:
            courier.round()
        courier.wait()
    finally:
        stuck.set()
        slow.close()
    assert [one.waiting for one in application.endpoints.every()] == [0, 0]


def test_a_message_whose_outcome_was_not_kept_is_sent_again(
    application: Application, receiver: Receiver, courier_of: Opens
) -> None:
    """As after a crash between the receiver's answer and our commit: at least once."""
    endpoint(application, receiver.url)
    released(application, "A")
    courier = courier_of()
    keeps = courier._note

    def loses(*_: object) -> None:
        courier._note = keeps  # type: ignore[method-assign]  # once
        raise RuntimeError("the process ended")

    courier._note = loses  # type: ignore[assignment,method-assign]  # stands for the crash
    assert [went_round(courier), went_round(courier), went_round(courier)] == [1, 1, 0]
    assert [one.headers["webhook-id"] for one in receiver.received] == ["plan-event-1"] * 2


def test_a_receiver_that_answers_byte_by_byte_is_cut_off() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        accepted, _ = listening.accept()
        with accepted:
            accepted.recv(4096)
            try:
                accepted.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not ended.wait(0.05):
                    accepted.sendall(b"x")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    sender = sender_of(replace(SETTINGS, timeout_seconds=0.3))
    sent = sender.send(f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, b"{}")
    ended.set()
    thread.join()
    listening.close()
    assert sent.status == 0
    assert "no answer within 0.3 s" in sent.error


def test_nobody_listening_is_a_failed_try() -> None:
    receiver = Receiver()
    receiver.close()
    sent = sender_of(SETTINGS).send(receiver.url, {}, b"{}")
    assert (sent.status, sent.error.split(":")[0]) == (0, "no connection")


def test_a_private_address_is_refused_at_the_last_moment_too() -> None:
    receiver = Receiver()
    sent = Sender(allowed=(), timeout_seconds=5).send(receiver.url, {}, b"{}")
    receiver.close()
    assert "not a public address" in sent.error
    assert receiver.received == []


def test_unsound_endpoints_are_refused_with_every_fault(application: Application) -> None:
    command = EndpointCommand(endpoint_id=" ", url="http://10.0.0.1/", channels=("a", "a"))
    with pytest.raises(InvalidRequest) as refused:
        application.endpoints.upsert(asked("UpsertWebhookEndpoint"), command)
    assert [one.field for one in refused.value.violations] == ["endpoint_id", "url", "url", "channels[1]"]
    assert application.endpoints.every() == []
    for act in (
        lambda: application.endpoints.delete(asked("DeleteWebhookEndpoint"), "none"),
        lambda: application.endpoints.rotate(asked("RotateWebhookSecret"), "none", timedelta(0)),
        lambda: application.endpoints.send_again(asked("SendDeadLetters"), "none", []),
        lambda: application.endpoints.dead_letters("none", 0),
    ):
        with pytest.raises(NotFound, match="no webhook endpoint 'none'"):
            act()


def test_a_repeated_upsert_tells_the_same_secret_and_deleting_forgets_all(
    application: Application, receiver: Receiver, courier_of: Opens
) -> None:
    named = asked("UpsertWebhookEndpoint")
    command = EndpointCommand(endpoint_id="shop", url=receiver.url)
    _, secret = application.endpoints.upsert(named, command)
    assert secret.startswith("whsec_")
    assert application.endpoints.upsert(named, command)[1] == secret
    released(application, "A")
    receiver.answers = lambda _: 500
    went_round(courier_of())
    application.endpoints.delete(asked("DeleteWebhookEndpoint"), "shop")
    assert application.endpoints.every() == []
    with application.database.read() as reader:
        assert reader.query("SELECT count(*) FROM webhook_delivery") == [(0,)]


def test_secrets_are_not_in_what_is_printed(application: Application) -> None:
    endpoint(application, "https://shop.example.com/")
    secrets = application.endpoints.rotate(asked("RotateWebhookSecret"), "shop", timedelta(days=1))
    assert "whsec" not in repr(secrets)
    assert "whsec" not in repr(application.endpoints.every())


def test_sent_says_whether_it_was_delivered() -> None:
    assert Sent(status=204).is_delivered
    assert not Sent(status=500, error="answered 500").is_delivered


def test_events_that_wait_to_be_queued_are_not_pruned(
    application: Application, receiver: Receiver, courier_of: Opens, clock: ManualClock
) -> None:
    endpoint(application, receiver.url)
    for order_id in ("A", "B", "C"):
        released(application, order_id)
    clock.advance(timedelta(days=31))
    assert application.plan_events.prune() == 0
    assert went_round(courier_of()) == 3
    assert application.plan_events.prune() == 2


@pytest.mark.parametrize("trusted", [True, False])
def test_https_is_verified_by_the_name_that_was_given(trusted: bool) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("shop.example.com").configure_cert(server_side)
    receiver = Receiver(tls=server_side)
    trusting = ssl.create_default_context()
    if trusted:
        authority.configure_trust(trusting)
    sender = Sender(
        allowed=networks_of(SETTINGS.allowed_networks),
        timeout_seconds=5,
        look_up=lambda *_: ["127.0.0.1"],
        tls=trusting,
    )
    sent = sender.send(f"https://shop.example.com:{receiver.port}/", {}, b"{}")
    wrong_name = sender.send(f"https://other.example.com:{receiver.port}/", {}, b"{}")
    receiver.close()
    assert (sent.status, len(receiver.received)) == ((204, 1) if trusted else (0, 0))
    assert "certificate" in wrong_name.error
