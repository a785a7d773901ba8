"""`publish`: what it can be asked for; the work is done in `publish`."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_publishing(commands: Commands) -> None:
    """Add the command with its actions."""
    command = commands.add_parser("publish", help="list items in shops, as each channel asks for them")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="a dry run: what would channels refuse? Ends with 1 where there is any")
    check.add_argument("--report", type=Path, metavar="FILE", help="write every fault to a CSV file as well")
    run = actions.add_parser("run", help="make every shop show what it shall; what stands already is left alone")
    run.add_argument("--anyway", action="store_true", help="publish what can be, though other items have faults")
    suggest = actions.add_parser("suggest", help="print a mapping to begin with, by the likeness of names")
    suggest.add_argument("channel", metavar="CHANNEL", help="a shipped channel, or a file with a channel's rules")
    stop = actions.add_parser("stop", help="the stop button: no shop shall show these items, until they are resumed")
    resume = actions.add_parser("resume", help="items that were stopped may be shown again, from the next run on")
    status = actions.add_parser("status", help="say what each shop shows, and what platforms refused")
    suggest.add_argument("catalog", type=Path, metavar="CATALOG", help="a folder with a catalog's files")
    for one in (check, run, stop):
        one.add_argument("job", type=Path, metavar="JOB", help="a folder with a publish.yaml; see docs/publishing.md")
    for one in (run, stop, resume, status):
        one.add_argument("--data", type=Path, default=Path("var/publish"), help="what is listed where is kept here")
    for one in (stop, resume):
        one.add_argument("items", nargs="+", metavar="CODE", help="codes of channel items")
    check.set_defaults(run=_check)
    run.set_defaults(run=_run)
    suggest.set_defaults(run=_suggest)
    stop.set_defaults(run=_stop)
    resume.set_defaults(run=_resume)
    status.set_defaults(run=_status)


def _check(options: argparse.Namespace) -> int:
    from solver.cli import publish  # and with it storage: other commands start without it

    return publish.check(options.job, options.report)


def _run(options: argparse.Namespace) -> int:
    from solver.cli import publish

    return publish.run(options.job, options.data, anyway=options.anyway)


def _suggest(options: argparse.Namespace) -> int:
    from solver.cli import publish_suggest

    return publish_suggest.suggest(options.catalog, options.channel)


def _stop(options: argparse.Namespace) -> int:
    from solver.cli import publish

    return publish.stop(options.job, options.data, options.items)


def _resume(options: argparse.Namespace) -> int:
    from solver.cli import publish

    return publish.resume(options.data, options.items)


def _status(options: argparse.Namespace) -> int:
    from solver.cli import publish

    return publish.status(options.data)
