"""`access`: what its actions take; the work is in modules of their own."""

import argparse
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_DIMENSIONS = ("brand", "department", "entity", "source")
_ALLOWANCES = ("calls-per-second", "holds-per-minute", "request-bytes", "orders", "lines", "sources")


def add_access(commands: Commands) -> None:
    """Add the command. Its actions work on the database itself; a server that runs on it follows within a second."""
    command = commands.add_parser("access", help="say who may do what: keys, callers, roles; make certificates")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    _add_key(actions)
    _add_caller(actions)
    _add_role(actions)
    listing = actions.add_parser("list", help="show roles, callers and keys")
    _add_place(listing, "run_list")
    log = actions.add_parser("log", help="show the last lines of the audit log")
    log.add_argument("--rows", type=int, default=50, metavar="N", help="how many (default: 50)")
    _add_place(log, "run_log")
    _add_certificate(actions)


def _add_key(actions: Commands) -> None:
    key = actions.add_parser("key", help="make, disable, enable or revoke a key")
    whats = key.add_subparsers(title="what", required=True, metavar="WHAT")
    create = whats.add_parser("create", help="make a key and print its token, which is shown this once")
    create.add_argument("caller_id", metavar="NAME", help="whose it is")
    create.add_argument("--role", action="append", default=[], metavar="ROLE", help="a role that NAME has as well")
    create.add_argument("--expires-days", type=int, metavar="N", help="it is taken so long (default: for ever)")
    create.add_argument("--note", default="", help="for people")
    _add_place(create, "run_create_key")
    for state in ("disable", "enable", "revoke"):
        change = whats.add_parser(state, help=f"{state} a key" + (" for good" if state == "revoke" else ""))
        change.add_argument("key_id", metavar="KEY", help="the part of the token behind xy_, as `access list` shows it")
        change.set_defaults(state=f"{state.removesuffix('e')}ed")
        _add_place(change, "run_set_key_state")


def _add_caller(actions: Commands) -> None:
    caller = actions.add_parser("caller", help="say what a caller may do, in place of what was said before")
    caller.add_argument("caller_id", metavar="NAME", help="the caller")
    caller.add_argument("--title", default="", help="for people")
    caller.add_argument(
        "--role", action="append", default=[], metavar="ROLE", help="has this role; none: may do nothing"
    )
    for dimension in _DIMENSIONS:
        text = f"the roles hold for this {dimension} only; may be given more than once"
        caller.add_argument(f"--{dimension}", action="append", default=[], metavar="ID", help=text)
    for allowance in _ALLOWANCES:
        caller.add_argument(f"--{allowance}", type=int, default=0, metavar="N", help="at most so many (default: any)")
    _add_place(caller, "run_caller")


def _add_role(actions: Commands) -> None:
    role = actions.add_parser("role", help="keep a role of one's own")
    role.add_argument("role_id", metavar="ROLE", help="its name")
    role.add_argument("permissions", nargs="*", metavar="PERMISSION", help="such as StockService:read")
    role.add_argument("--title", default="", help="for people")
    _add_place(role, "run_role")


def _add_certificate(actions: Commands) -> None:
    made = actions.add_parser("certificate", help="make an authority, and certificates of servers and clients")
    made.add_argument("name", nargs="+", metavar="NAME", help="names and addresses the certificate is for")
    made.add_argument("--folder", type=Path, default=Path("var/tls"), help="where the files are put (default: var/tls)")
    made.add_argument("--client", action="store_true", help="for a client that shows it, not for a server")
    made.add_argument("--days", type=int, default=365, metavar="N", help="how long it counts (default: 365)")
    made.set_defaults(run=partial(_run, "certificates", "run"))


def _add_place(command: argparse.ArgumentParser, run: str) -> None:
    place = command.add_mutually_exclusive_group()
    place.add_argument("--data", type=Path, default=Path("var/data"), help="folder of the database (var/data)")
    place.add_argument("--url", help="another database instead: postgresql://USER@HOST/NAME, or sqlite:FILE")
    command.set_defaults(run=partial(_run, "access_rules", run))


def _run(module: str, function: str, options: argparse.Namespace) -> int:
    """Do the work; its module is imported now, since much of the service comes with it."""
    code: int = getattr(import_module(f"solver.cli.{module}"), function)(options)
    return code
