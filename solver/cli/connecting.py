"""How commands reach a service: its address, and what a guarded one asks for."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.client import Client, ClientSecurity
from solver.errors import FieldViolation, InvalidRequest

TOKEN = "XY_TOKEN"  # noqa: S105 - the variable's name
_FILES = {"ca": "XY_CA", "client_certificate": "XY_CERTIFICATE", "client_key": "XY_KEY"}


def add_security(command: argparse.ArgumentParser) -> None:
    """Add what a guarded service asks for. A token is never an option: others would see it among the processes."""
    group = command.add_argument_group("where the service is guarded")
    group.add_argument("--token-file", type=Path, metavar="FILE", help=f"the token is in it (default: {TOKEN})")
    group.add_argument("--tls", action="store_true", help="trust the authorities that the system trusts")
    group.add_argument("--ca", type=Path, metavar="FILE", help="trust these authorities (default: XY_CA)")
    group.add_argument("--client-certificate", type=Path, metavar="FILE", help="our own (default: XY_CERTIFICATE)")
    group.add_argument("--client-key", type=Path, metavar="FILE", help="and its key (default: XY_KEY)")


def connected(options: argparse.Namespace, **more: Any) -> Client:
    """A client of the service that the options name; `more` as `Client` takes it."""
    return Client(options.target, security=security_of(options, os.environ), **more)


def security_of(options: argparse.Namespace, environment: Mapping[str, str]) -> ClientSecurity:
    """What the options say, or else the environment. Raises InvalidRequest for a token's file that cannot be read."""
    said = vars(options)
    files = {name: said.get(name) or _path(environment.get(variable)) for name, variable in _FILES.items()}
    return ClientSecurity(
        token=_token(said.get("token_file"), environment),
        tls=bool(said.get("tls")),
        ca=files["ca"],
        certificate=files["client_certificate"],
        key=files["client_key"],
    )


def _token(file: Path | None, environment: Mapping[str, str]) -> str:
    if file is None:
        return environment.get(TOKEN, "").strip()
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "cannot be read; name the file that the token was written to"
        raise InvalidRequest(
            "the token", [FieldViolation(field="--token-file", value=str(file), remedy=remedy)]
        ) from error


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
