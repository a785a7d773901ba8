"""Signatures are those of Standard Webhooks, and no other message passes."""

from datetime import UTC, datetime, timedelta

import pytest

from solver.webhooks.signing import ID, SIGNATURE, TIMESTAMP, BadSignature, new_secret, signed_headers, verify

# The example of the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, SECONDS, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
AT = datetime.fromtimestamp(SECONDS, UTC)
OTHER = "whsec_" + "A" * 44


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    headers = signed_headers([SECRET], MESSAGE, AT, BODY)
    assert headers == {ID: MESSAGE, TIMESTAMP: str(SECONDS), SIGNATURE: SIGNED}
    verify(SECRET, headers, BODY, AT)


def test_either_of_two_secrets_verifies_while_they_change() -> None:
    headers = signed_headers([OTHER, SECRET], MESSAGE, AT, BODY)
    verify(SECRET, headers, BODY, AT)
    verify(OTHER, {name.title(): value for name, value in headers.items()}, BODY, AT)


@pytest.mark.parametrize(
    ("change", "body", "late", "says"),
    [
        ({}, b"{}", 0, "no signature"),
        ({ID: "another"}, BODY, 0, "no signature"),
        ({SIGNATURE: "v2," + SIGNED[3:]}, BODY, 0, "no signature"),
        ({SIGNATURE: "v1,é"}, BODY, 0, "no signature"),
        ({TIMESTAMP: str(SECONDS + 1)}, BODY, 0, "no signature"),
        ({TIMESTAMP: "soon"}, BODY, 0, "no number of seconds"),
        ({SIGNATURE: ""}, BODY, 0, "no webhook-signature header"),
        ({}, BODY, 301, "301 s ago"),
        ({}, BODY, -301, "-301 s ago"),
    ],
)
def test_what_was_changed_or_is_old_is_refused(change: dict[str, str], body: bytes, late: int, says: str) -> None:
    headers = {**signed_headers([SECRET], MESSAGE, AT, BODY), **change}
    with pytest.raises(BadSignature, match=says):
        verify(SECRET, headers, body, AT + timedelta(seconds=late))


def test_another_secret_and_no_secret_are_refused() -> None:
    headers = signed_headers([SECRET], MESSAGE, AT, BODY)
    with pytest.raises(BadSignature, match="no signature"):
        verify(OTHER, headers, BODY, AT)
    with pytest.raises(BadSignature, match="base64"):
        verify("whsec_!", headers, BODY, AT)


def test_a_secret_is_32_random_bytes() -> None:
    assert new_secret(lambda count: bytes(count)) == "whsec_" + "A" * 43 + "="
