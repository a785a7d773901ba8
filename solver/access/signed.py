"""Tokens that somebody else signed: JSON Web Tokens, checked against the public keys of a file.

Each key of the file has a `kid` and is used with the one algorithm that is for it; `none` and shared secrets are never
taken. The file may change while the service runs: it is looked at again every second.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.clock import EPOCH, Clock
from solver.errors import FieldViolation, InvalidRequest, Unauthenticated, XunyuanError

if TYPE_CHECKING:
    from jwt import PyJWK

_LOOK_SECONDS = 1.0
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_BY_KIND = {"RSA": "RS256", "OKP": "EdDSA"}
_BY_CURVE = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTokens:
    """Whose tokens are taken: the file of public keys (JWKS), who must have issued them, and for whom."""

    keys_file: Path
    issuer: str
    audience: str
    leeway_seconds: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a good token says: who calls, and until when that holds."""

    subject: str
    expires_at: datetime
    kid: str = field(default="")


class SignatureCheck:
    """Takes tokens by the keys of a file. `edition` counts the times that the file was read."""

    def __init__(
        self, settings: SignedTokens, clock: Clock, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._stamp: object = None
        self._looked_at = monotonic()
        self.edition = 0
        self._keys = self._read()

    def refresh(self) -> None:
        """Take over what the file says by now; a file that is not good is told on the log, and the old keys stay."""
        with self._lock:
            now = self._monotonic()
            if now - self._looked_at < _LOOK_SECONDS:
                return
            self._looked_at = now
            if _stamp_of(self._settings.keys_file) == self._stamp:
                return
            try:
                self._keys = self._read()
            except XunyuanError as error:
                self._stamp = _stamp_of(self._settings.keys_file)
                _log.error("the keys that were read before stay in use: %s", error)

    def claims_of(self, token: str) -> Claims:
        """What a token says. Raises Unauthenticated with what is wrong with it, never with the token itself."""
        import jwt

        key = self._key_for(token)
        try:
            said: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                options={
                    "require": ["exp", "iss", "aud", "sub"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated(
                f"the signed token is not good: {_without_values(error)}", reason="BAD_TOKEN"
            ) from None
        return self._judged(said, key.key_id or "")

    def _judged(self, said: Mapping[str, Any], kid: str) -> Claims:
        """The claims, by the service's own clock."""
        now = self._clock.now().timestamp()
        leeway = self._settings.leeway_seconds
        expires, begins, subject = said["exp"], said.get("nbf", 0), said["sub"]
        if not isinstance(expires, int | float) or not isinstance(begins, int | float):
            raise Unauthenticated(
                "the signed token is not good: exp and nbf are numbers of seconds", reason="BAD_TOKEN"
            )
        if not subject or not isinstance(subject, str):
            raise Unauthenticated("the signed token is not good: sub names nobody", reason="BAD_TOKEN")
        if now >= expires + leeway:
            raise Unauthenticated("the signed token has expired: ask its issuer for a new one", reason="TOKEN_EXPIRED")
        if now < begins - leeway:
            raise Unauthenticated("the signed token does not count yet; are the clocks right?", reason="BAD_TOKEN")
        ends = min(expires + leeway, 7_258_118_400)  # the year 2200: beyond it arithmetic on times ends
        return Claims(subject=subject, expires_at=datetime.fromtimestamp(ends, tz=EPOCH.tzinfo), kid=kid)

    def _key_for(self, token: str) -> "PyJWK":
        import jwt

        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            raise Unauthenticated(
                "the token is neither a key of this service nor a signed token", reason="BAD_TOKEN"
            ) from None
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise Unauthenticated(
                "the signed token names no key (`kid`) that the service knows: is it in the file of signing keys?",
                reason="UNKNOWN_SIGNING_KEY",
            )
        return key

    def _read(self) -> dict[str, "PyJWK"]:
        path = self._settings.keys_file
        stamp = _stamp_of(path)
        keys = read_keys(path)
        self._stamp = stamp
        self.edition += 1
        return keys


def read_keys(path: Path) -> dict[str, "PyJWK"]:
    """The public keys of a JWKS file by `kid`. Raises InvalidRequest naming the file and every key that is not good."""
    jwk_of = _library()
    try:
        stated = json.loads(path.read_text("utf-8"))["keys"]
        rows = [dict(row) for row in stated]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refused(
            str(path), type(error).__name__, 'give a file with {"keys": [...]}, a JSON Web Key Set'
        ) from error
    keys: dict[str, PyJWK] = {}
    for position, row in enumerate(rows):
        at = f"{path}: keys[{position}]"
        algorithm, kid = _algorithm(row), row.get("kid")
        if not isinstance(kid, str) or not kid or kid in keys:
            raise _refused(f"{at}.kid", repr(kid), "give every key a kid of its own")
        if algorithm is None:
            told = f"{row.get('kty')}, {row.get('alg')}"
            raise _refused(
                at, told, f"give a public key for one of {', '.join(_ALGORITHMS)}; shared secrets are not taken"
            )
        public = {name: value for name, value in row.items() if name not in ("d", "p", "q", "dp", "dq", "qi")}
        try:
            keys[kid] = jwk_of(public, algorithm)
        except Exception as error:
            raise _refused(at, type(error).__name__, "is no public key that can be read") from error
    if not keys:
        raise _refused(str(path), "no keys", "put the issuer's public keys into it")
    return keys


def _algorithm(row: Mapping[str, Any]) -> str | None:
    """The one algorithm that a key is for; None where there is none that is taken."""
    usual = _BY_CURVE.get(row.get("crv", "")) if row.get("kty") == "EC" else _BY_KIND.get(row.get("kty", ""))
    stated = row.get("alg", usual)
    if usual is None or stated not in _ALGORITHMS:
        return None
    fits = stated[:2] in ("RS", "PS") if row["kty"] == "RSA" else stated == usual
    return stated if fits else None


def _library() -> Callable[[dict[str, Any], str], "PyJWK"]:
    try:
        import jwt
        import jwt.algorithms
    except ImportError:
        jwt = None  # type: ignore[assignment]  # told below
    if jwt is None or not jwt.algorithms.has_crypto:
        raise XunyuanError("signed tokens need PyJWT and cryptography: pip install 'pyjwt[crypto]'")
    return jwt.PyJWK


def _without_values(error: Exception) -> str:
    """What PyJWT says, by its kind: its texts may quote what the token says."""
    words = {
        "InvalidSignatureError": "its signature does not fit the key",
        "InvalidAudienceError": "it is for another audience (`aud`)",
        "InvalidIssuerError": "another one issued it (`iss`)",
        "InvalidAlgorithmError": "it is signed by another algorithm than its key is for",
        "MissingRequiredClaimError": "it lacks one of exp, iss, aud and sub",
    }
    return words.get(type(error).__name__, "it cannot be read")


def _stamp_of(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _refused(field_name: str, value: str, remedy: str) -> InvalidRequest:
    return InvalidRequest("the file of signing keys", [FieldViolation(field=field_name, value=value, remedy=remedy)])
