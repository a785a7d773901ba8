"""Keys of our own, and tokens that others signed."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from solver.access.keys import has_digest, key_id_of, make_key
from solver.access.signed import SignatureCheck, SignedTokens
from solver.clock import ManualClock
from solver.errors import InvalidRequest, Unauthenticated
from tests.made_world import MONDAY_AT_8

RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
OTHER_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def rows() -> list[dict[str, Any]]:
    return [
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "r1", "alg": "RS256"},
        {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "e1"},
        {**OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True), "kid": "d1"},
    ]


class Issuer:
    """Signs tokens, and keeps the file of its keys."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys.json"
        self.clock = ManualClock(MONDAY_AT_8)
        self.now = 0.0
        self.publish(rows())

    def publish(self, keys: list[dict[str, Any]]) -> None:
        self.file.write_text(json.dumps({"keys": keys}))

    def check(self) -> SignatureCheck:
        settings = SignedTokens(keys_file=self.file, issuer="https://id.example", audience="xunyuan")
        return SignatureCheck(settings, self.clock, monotonic=lambda: self.now)

    def token(self, key: Any = RSA_KEY, algorithm: str = "RS256", kid: str | None = "r1", **claims: Any) -> str:
        said = {
            "sub": "shop",
            "iss": "https://id.example",
            "aud": "xunyuan",
            "exp": int(self.clock.now().timestamp()) + 60,
            **claims,
        }
        headers = {} if kid is None else {"kid": kid}
        return jwt.encode({name: one for name, one in said.items() if one is not None}, key, algorithm, headers)


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


def refused(check: SignatureCheck, token: str) -> str:
    with pytest.raises(Unauthenticated) as raised:
        check.claims_of(token)
    assert token not in str(raised.value)
    return f"{raised.value.reason}: {raised.value}"


def test_a_key_is_found_by_its_id_known_by_its_digest_and_printed_nowhere() -> None:
    made, other = make_key(), make_key()
    secret = made.token.removeprefix(f"xy_{made.key_id}_")
    assert len(base64.urlsafe_b64decode(f"{secret}=")) == 32
    assert key_id_of(made.token) == made.key_id
    assert has_digest(made.token, made.digest)
    assert not has_digest(other.token, made.digest)
    assert not has_digest(f"{made.token[:-1]}{'A' if made.token[-1] != 'A' else 'B'}", made.digest)
    assert secret not in repr(made)
    assert secret.encode() not in made.digest


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: f"{t}x", lambda t: t.replace("xy_", "xy-"), lambda _: ""]
)
def test_what_is_no_whole_key_is_refused_without_being_shown(spoil: Any) -> None:
    spoilt = spoil(make_key().token)
    with pytest.raises(Unauthenticated) as raised:
        key_id_of(spoilt)
    assert str(raised.value) == "the key is cut off or misspelt: send it whole, as it was shown"


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(RSA_KEY, "RS256", "r1"), (EC_KEY, "ES256", "e1"), (ED_KEY, "EdDSA", "d1")]
)
def test_a_token_is_taken_by_the_key_that_it_names(issuer: Issuer, key: Any, algorithm: str, kid: str) -> None:
    claims = issuer.check().claims_of(issuer.token(key, algorithm, kid))
    assert (claims.subject, claims.kid) == ("shop", kid)
    assert claims.expires_at == MONDAY_AT_8 + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "another"}, "it is for another audience (`aud`)"),
        ({"iss": "https://evil.example"}, "another one issued it (`iss`)"),
        ({"sub": None}, "it lacks one of exp, iss, aud and sub"),
        ({"exp": None}, "it lacks one of exp, iss, aud and sub"),
        ({"aud": None}, "it lacks one of exp, iss, aud and sub"),
        ({"iss": None}, "it lacks one of exp, iss, aud and sub"),
        ({"sub": ""}, "sub names nobody"),
        ({"exp": "soon"}, "exp and nbf are numbers of seconds"),
    ],
)
def test_a_token_with_other_claims_is_refused(issuer: Issuer, claims: dict[str, Any], why: str) -> None:
    assert refused(issuer.check(), issuer.token(**claims)) == f"BAD_TOKEN: the signed token is not good: {why}"


def test_expiry_and_beginning_go_by_the_services_clock_with_leeway(issuer: Issuer) -> None:
    check, token = issuer.check(), issuer.token()
    early = issuer.token(nbf=int(MONDAY_AT_8.timestamp()) + 31)
    issuer.clock.advance(timedelta(seconds=89))
    check.claims_of(token)
    issuer.clock.advance(timedelta(seconds=1))
    assert refused(check, token).startswith("TOKEN_EXPIRED: the signed token has expired")
    issuer.clock.advance(timedelta(seconds=-90))
    assert refused(check, early).startswith("BAD_TOKEN: the signed token does not count yet")
    issuer.clock.advance(timedelta(seconds=1))
    assert check.claims_of(early).subject == "shop"


def test_a_signature_of_another_key_is_refused(issuer: Issuer) -> None:
    why = "BAD_TOKEN: the signed token is not good: its signature does not fit the key"
    assert refused(issuer.check(), issuer.token(OTHER_KEY)) == why
    good = issuer.token()
    head, body, signature = good.split(".")
    other = base64.urlsafe_b64encode(base64.urlsafe_b64decode(f"{body}==").replace(b"shop", b"root")).rstrip(b"=")
    assert refused(issuer.check(), f"{head}.{other.decode()}.{signature}") == why


def test_no_signature_and_a_shared_secret_made_of_the_public_key_are_refused(issuer: Issuer) -> None:
    check = issuer.check()
    assert "another algorithm" in refused(check, issuer.token(None, "none"))
    public = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "r1"}).encode()).rstrip(b"=").decode()
    body = issuer.token().split(".")[1]
    mac = hmac.new(public, f"{head}.{body}".encode(), hashlib.sha256).digest()
    confused = f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert "another algorithm" in refused(check, confused)
    assert "another algorithm" in refused(check, issuer.token(RSA_KEY, "RS512"))


@pytest.mark.parametrize("kid", [None, "r9"])
def test_a_token_that_names_no_known_key_is_refused(issuer: Issuer, kid: str | None) -> None:
    assert refused(issuer.check(), issuer.token(kid=kid)).startswith("UNKNOWN_SIGNING_KEY: ")


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "....", "é", "x" * 5000])
def test_what_is_no_token_is_refused(issuer: Issuer, token: str) -> None:
    with pytest.raises(Unauthenticated):
        issuer.check().claims_of(token)


def test_keys_are_exchanged_without_a_restart(issuer: Issuer) -> None:
    check = issuer.check()
    old, new = issuer.token(), issuer.token(OTHER_KEY, kid="r2")
    assert refused(check, new).startswith("UNKNOWN_SIGNING_KEY")
    issuer.publish([{**RSAAlgorithm.to_jwk(OTHER_KEY.public_key(), as_dict=True), "kid": "r2"}])
    check.refresh()
    assert check.edition == 1, "it was looked at a moment ago"
    issuer.now += 1.0
    check.refresh()
    assert (check.edition, check.claims_of(new).kid) == (2, "r2")
    assert refused(check, old).startswith("UNKNOWN_SIGNING_KEY")


def test_a_file_that_is_not_good_leaves_the_old_keys_and_is_told_once(
    issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    check, token = issuer.check(), issuer.token()
    issuer.file.write_text("{")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            issuer.now += 1.0
            check.refresh()
    assert check.claims_of(token).subject == "shop"
    assert [one.message.startswith("the keys that were read before stay in use") for one in caplog.records] == [True]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"kty": "oct", "k": "c2VjcmV0", "kid": "s", "alg": "HS256"}, "oct, HS256"),
        ({**rows()[0], "alg": "HS256"}, "RSA, HS256"),
        ({**rows()[0], "alg": "none"}, "RSA, none"),
        ({**rows()[1], "alg": "RS256"}, "EC, RS256"),
        ({**rows()[0], "kid": ""}, "''"),
        ({**rows()[0], "kid": "r1", "n": "!"}, ""),
    ],
)
def test_a_key_that_could_be_confused_is_refused_when_the_file_is_read(
    issuer: Issuer, row: dict[str, Any], fault: str
) -> None:
    issuer.publish([row])
    with pytest.raises(InvalidRequest) as raised:
        issuer.check()
    [violation] = raised.value.violations
    assert violation.field.startswith(f"{issuer.file}: keys[0]")
    assert fault in violation.value
