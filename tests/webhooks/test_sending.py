"""One try over HTTP: judged addresses, no redirects, certificates by name, and an end in time."""

import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest
import trustme

from solver.app import Application
from solver.settings.webhooks import WebhookSettings
from solver.webhooks.address import networks_of
from solver.webhooks.pauses import pause_after
from solver.webhooks.sending import Sender, Sent
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import SETTINGS, sender_of


def test_pauses_double_up_to_the_longest_a_fifth_more_or_less() -> None:
    settings = WebhookSettings(first_pause_seconds=5, longest_pause_seconds=60)
    pauses = [pause_after(tries, settings, lambda: 0.5).total_seconds() for tries in (1, 2, 3, 4, 5, 99)]
    assert pauses == [5, 10, 20, 40, 60, 60]
    assert pause_after(2, settings, lambda: 0.0).total_seconds() == 8
    assert pause_after(2, settings, lambda: 1.0).total_seconds() == 12


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500])
def test_redirects_are_not_followed_and_other_answers_are_failures(
    application: Application, receiver: Receiver, status: int
) -> None:
    receiver.answers = lambda _: status
    sent = sender_of(SETTINGS).send(receiver.url, {}, b"{}")
    assert (sent.status, sent.is_delivered, len(receiver.received)) == (status, False, 1)
    assert sent.error.startswith(f"answered {status}")


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


def test_what_the_look_up_of_a_name_takes_is_a_part_of_the_time() -> None:
    receiver = Receiver()

    def slow(*_: object) -> list[str]:
        time.sleep(0.1)
        return ["127.0.0.1"]

    allowed = networks_of(SETTINGS.allowed_networks)
    sent = Sender(allowed=allowed, timeout_seconds=0.1, look_up=slow).send(f"http://slow:{receiver.port}/", {}, b"{}")
    receiver.close()
    assert (sent.status, sent.error) == (0, "no connection: its name was looked up for 0.1 s and longer")
    assert receiver.received == []


def test_a_private_address_is_refused_at_the_last_moment_too() -> None:
    receiver = Receiver()
    sent = Sender(allowed=(), timeout_seconds=5).send(receiver.url, {}, b"{}")
    receiver.close()
    assert "not a public address" in sent.error
    assert receiver.received == []


def test_sent_says_whether_it_was_delivered() -> None:
    assert Sent(status=204).is_delivered
    assert not Sent(status=500, error="answered 500").is_delivered


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
