"""`persons`: what is done with the key over personal data."""

import argparse
import sys
from pathlib import Path
from typing import TypeAlias

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_persons(commands: Commands) -> None:
    """Add the command. It works on the database itself; servers that run on it go on."""
    command = commands.add_parser("persons", help="change the key over personal data and secrets of webhooks")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    reseal = actions.add_parser("reseal", help="seal under a new key what lies under the one before")
    reseal.add_argument("--key-file", type=Path, required=True, metavar="FILE", help="the new key")
    reseal.add_argument("--previous-key-file", type=Path, required=True, metavar="FILE", help="the one before")
    place = reseal.add_mutually_exclusive_group()
    place.add_argument("--data", type=Path, default=Path("var/data"), help="folder of the database (var/data)")
    place.add_argument("--url", help="another database instead: postgresql://USER@HOST/NAME, or sqlite:FILE")
    reseal.set_defaults(run=_reseal)


def _reseal(options: argparse.Namespace) -> int:
    from solver.persons.resealing import reseal_persons
    from solver.persons.seal import CannotOpen, seal_of
    from solver.schema import STEPS
    from solver.storage.url import open_existing
    from solver.webhooks.kept_secrets import KeptSecrets

    seal = seal_of(options.key_file, options.previous_key_file)
    assert seal is not None, "its file is named"
    database = open_existing(options.url or options.data, STEPS)
    try:
        persons = reseal_persons(database, seal)
        endpoints = KeptSecrets(seal).reseal(database)
    except CannotOpen as error:
        sys.stderr.write(f"something is sealed under neither of the two: {error}; what came before it is done\n")
        return 1
    finally:
        database.close()
    sys.stdout.write(f"sealed anew: the keys of {persons:,} persons, the secrets of {endpoints:,} endpoints\n")
    return 0
