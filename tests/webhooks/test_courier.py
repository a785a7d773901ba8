"""Messages arrive signed, in order for each order, at least once; what cannot be sent is kept and can be sent again."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

from solver.app import Application
from solver.clock import ManualClock
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.webhooks.courier import TURN
from solver.webhooks.signing import verify
from tests.made_world import MONDAY_AT_8
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import (
    SETTINGS,
    Opens,
    asked,
    confirmed_and_cancelled,
    endpoint,
    released,
    stands,
    told,
    went_round,
)


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
