"""Settings from the command line: an option for each of them."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from solver.settings.settings import SETTINGS
from solver.settings.stated import Statement


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give the parser an option for every setting, and `--config`. What is not given leaves no trace."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="a configuration file (docs/configuration.md)")
    sections = {one.section: parser.add_argument_group(one.section) for one in SETTINGS.values()}
    for one in SETTINGS.values():
        group, text = sections[one.section], one.meaning.replace("%", "%%")
        if one.kind.is_switch:
            off = f"--no-{one.option.removeprefix('--')}"
            for option, const, said in ((one.option, "true", text), (off, "false", f"the opposite of {one.option}")):
                group.add_argument(
                    option, dest=one.path, action="store_const", const=const, default=argparse.SUPPRESS, help=said
                )
        else:
            metavar, unsaid = one.kind.placeholder, argparse.SUPPRESS
            group.add_argument(one.option, dest=one.path, metavar=metavar, default=unsaid, help=text)


def stated_in_options(options: argparse.Namespace) -> Iterator[Statement]:
    """What the command line states."""
    given = vars(options)
    for one in SETTINGS.values():
        if one.path in given:
            yield Statement(setting=one, text=given[one.path], place=one.option)
