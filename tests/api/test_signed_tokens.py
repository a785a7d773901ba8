"""Tokens that somebody else signs, at a server: whom they let in, and until when."""

import json
from datetime import timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from solver.access.model import Binding, CallerTerms
from solver.access.signed import SignedTokens
from solver.api.entrance import Security
from solver.api.server import Server
from solver.app import Application
from solver.client import Client, ClientSecurity
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.storage.once import request_for
from tests.api.guarded import refused
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import HOST


def test_signed_tokens_are_taken_and_their_subjects_have_the_rights_that_they_are_given(tmp_path: Path) -> None:
    key, clock = ec.generate_private_key(ec.SECP256R1()), ManualClock(MONDAY_AT_8)
    file = tmp_path / "keys.json"
    row = {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "e1"}
    file.write_text(json.dumps({"keys": [row]}))
    signed = SignedTokens(keys_file=file, issuer="https://id.example", audience="xunyuan", leeway_seconds=0)
    application = Application.open(tmp_path / "data", clock)
    load(application, made_world())
    server = Server(application, f"{HOST}:0", security=Security(signed_tokens=signed))
    server.start()
    ends = int(MONDAY_AT_8.timestamp()) + 60
    said = {"sub": "shop", "iss": "https://id.example", "aud": "xunyuan", "exp": ends}
    token = jwt.encode(said, key, "ES256", {"kid": "e1"})
    with Client(f"{HOST}:{server.port}", security=ClientSecurity(token=token)) as client:
        assert refused(client.audit_books).code == "PERMISSION_DENIED"
        server.entrance.store.upsert_callers(
            request_for("UpsertCallers", "request"),
            [CallerTerms(caller_id="shop", bindings=(Binding(role_id="viewer"),))],
        )
        assert client.audit_books() == ()
        clock.advance(timedelta(seconds=60))
        assert refused(client.audit_books).reason == "TOKEN_EXPIRED"
    server.stop(0)
    application.close()
