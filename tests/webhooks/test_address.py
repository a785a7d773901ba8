"""Messages go to public addresses alone, unless a private network is allowed by name."""

from collections.abc import Sequence

import pytest

from solver.errors import InvalidRequest, Violations
from solver.webhooks.address import AddressRefused, address_for, check_url, networks_of, system_look_up, target_of

LOOPBACK = networks_of(["127.0.0.0/8", "::1/128"])


def refusal(url: str, allowed: Sequence[str] = ()) -> str:
    violations = Violations()
    check_url(url, "url", violations, networks_of(allowed))
    return violations.found[0].remedy if violations.found else ""


@pytest.mark.parametrize(
    "url", ["https://shop.example.com/hooks?x=1", "https://8.8.8.8:8443/", "https://[2606:4700::1]/"]
)
def test_a_public_https_url_is_accepted(url: str) -> None:
    assert refusal(url) == ""


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://shop.example.com/", "use https"),
        ("http://8.8.8.8/", "use https"),
        ("ftp://shop.example.com/", "give an https URL"),
        ("https://", "give an https URL"),
        ("https://shop.example.com:0/", "give an https URL"),
        ("https://shop.example.com:99999/", "give an https URL"),
        ("https://shop.example.com/ hooks", "give an https URL"),
        ("https://me:secret@shop.example.com/", "leave out user"),
        ("https://shop.example.com/#part", "leave out user"),
        ("https://127.0.0.1/", "not a public address"),
        ("http://127.0.0.1:8080/", "not a public address"),
        ("https://10.1.2.3/", "not a public address"),
        ("https://169.254.169.254/latest/meta-data", "not a public address"),
        ("https://[::1]/", "not a public address"),
        ("https://[::ffff:127.0.0.1]/", "not a public address"),
        ("https://[64:ff9b::a00:1]/", "not a public address"),
        ("https://[2002:7f00:1::]/", "not a public address"),
        ("https://[fe80::1]/", "not a public address"),
        ("https://0.0.0.0/", "not a public address"),
        ("https://224.0.0.1/", "not a public address"),
    ],
)
def test_what_could_lead_inside_is_refused(url: str, says: str) -> None:
    assert says in refusal(url)


def test_networks_that_are_allowed_may_be_reached() -> None:
    assert refusal("http://127.0.0.1:8080/hooks", ["127.0.0.0/8"]) == ""
    assert refusal("https://10.1.2.3/", ["10.0.0.0/8"]) == ""
    assert "use https" in refusal("http://10.1.2.3/", ["10.0.0.0/8"])
    with pytest.raises(InvalidRequest, match=r"allowed_networks\[1\]"):
        networks_of(["10.0.0.0/8", "10.0.0.1/8"])


def test_the_address_that_is_connected_to_is_the_one_that_was_judged() -> None:
    asked = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    target = target_of("https://shop.example.com/hooks")
    assert address_for(target, (), look_up) == "8.8.8.8"
    with pytest.raises(AddressRefused, match=r"shop\.example\.com is at 127\.0\.0\.1"):
        address_for(target, (), look_up)
    assert asked == [("shop.example.com", 443)] * 2


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    target = target_of("https://shop.example.com/")
    with pytest.raises(AddressRefused):
        address_for(target, (), lambda *_: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefused, match="no address"):
        address_for(target, (), lambda *_: [])


def test_names_of_this_machine_are_refused_when_they_are_looked_up() -> None:
    target = target_of("https://localhost/")
    with pytest.raises(AddressRefused):
        address_for(target, (), system_look_up)
    assert address_for(target, LOOPBACK, system_look_up) in ("127.0.0.1", "::1")


def test_the_host_header_names_the_port_where_it_is_not_the_usual_one() -> None:
    urls = ("https://a.example/x", "https://a.example:8443/x", "http://[::1]:80/", "http://[::1]:81/")
    assert [target_of(url).host_header for url in urls] == ["a.example", "a.example:8443", "[::1]", "[::1]:81"]
