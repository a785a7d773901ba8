"""Endpoints are checked, kept, rotated, disabled and deleted; their secrets are told once."""

from datetime import timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound
from solver.webhooks.model import EndpointCommand
from solver.webhooks.signing import verify
from tests.made_world import MONDAY_AT_8
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import Opens, asked, endpoint, released, stands, told, went_round


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


def test_a_request_that_is_repeated_after_the_endpoint_was_deleted_says_that_there_is_none(
    application: Application,
) -> None:
    command, request = (
        EndpointCommand(endpoint_id="shop", url="https://shop.example.com/"),
        asked("UpsertWebhookEndpoint"),
    )
    application.endpoints.upsert(request, command)
    application.endpoints.delete(asked("DeleteWebhookEndpoint"), "shop")
    with pytest.raises(NotFound, match="there is no webhook endpoint 'shop'"):
        application.endpoints.upsert(request, command)


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
