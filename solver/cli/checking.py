"""The command that looks an installation over: what it takes."""

import argparse
from typing import TypeAlias

from solver.cli.connecting import add_security
from solver.settings.options import add_options

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_doctor(commands: Commands) -> None:
    """`doctor`."""
    command = commands.add_parser(
        "doctor", help="look an installation over, and say how to mend it; takes every option of server.py"
    )
    command.add_argument("--address", metavar="HOST:PORT", help="also ask the server that runs there")
    command.add_argument("--thorough", action="store_true", help="audit the whole journal, however long it takes")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")
    add_security(command)
    add_options(command)
    command.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from solver.cli import doctor  # and with it the whole service

    return doctor.run(options)
