"""Which commands there are and what they take; each command's work is a module of its own."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from solver.cli import demo, explain, importing, load, plan, policy, promise, rollout, settle
from solver.cli.access import add_access
from solver.cli.argument_kinds import moment, positive
from solver.cli.catalog import add_catalog
from solver.cli.changing import add_changing
from solver.cli.checking import add_doctor
from solver.cli.connecting import add_security
from solver.cli.following import add_following
from solver.cli.foreseeing import add_foreseeing
from solver.cli.interrupts import INTERRUPTED
from solver.cli.ledger import add_ledger
from solver.cli.persons import add_persons
from solver.cli.publishing import add_publishing
from solver.cli.replaying import add_replaying
from solver.cli.reporting import add_order, explain_of_run, with_runs
from solver.cli.stock import add_stock
from solver.errors import InvalidRequest, XunyuanError
from solver.sourcing.plan import Engine

_FAULTS_OF_A_SENTENCE = 1
_MOST_FAULTS = 1_000
DEFAULT_TARGET = "127.0.0.1:50151"
_UNTRUSTED = (
    "\nthe certificate of the service is not trusted: name with --ca the file of the authority that signed it, and the "
    "service with --target by a name that its certificate has"
)
_REMEDIES = {
    "UNAVAILABLE": f"\nis a service running there? `make serve` starts one on {DEFAULT_TARGET}; "
    "of one that asks for TLS give --ca FILE, or --tls",
    "NO_TOKEN": "\nput a token into XY_TOKEN or name its file with --token-file (docs/security.md)",
    "DEADLINE_EXCEEDED": "\nno answer in time: the service is starting or busy, or the question is large; ask again",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 with a message when it could not, 130 when Ctrl-C ended it."""
    options = parser().parse_args(with_runs(sys.argv[1:] if arguments is None else arguments))
    try:
        code: int = options.run(options)
    except InvalidRequest as error:
        sys.stderr.write(f"{_listed(error)}\n")
        return 1
    except XunyuanError as error:
        sys.stderr.write(f"{error}{_remedy(error)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    return code


def _remedy(error: XunyuanError) -> str:
    """What a person at a command line can do about it, on a line of its own; empty: the error says so itself."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return _UNTRUSTED
    return _REMEDIES.get(error.reason, "")


def _listed(error: InvalidRequest) -> str:
    """Every fault on a line of its own, where they are more than a sentence holds."""
    if len(error.violations) <= _FAULTS_OF_A_SENTENCE:
        return str(error)
    lines = [str(one) for one in error.violations[:_MOST_FAULTS]]
    if len(error.violations) > _MOST_FAULTS:
        lines.append(f"and {len(error.violations) - _MOST_FAULTS:,} more")
    return "\n".join((f"{error.what} is not valid:", *lines))


def parser() -> argparse.ArgumentParser:
    """What reads the command line."""
    made = argparse.ArgumentParser(prog="python -m solver", description="Xunyuan: where does each order ship from?")
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_demo(commands)
    add_replaying(commands)
    add_foreseeing(commands)
    _add_plan(commands)
    _add_promise(commands)
    _add_solve(commands)
    _add_explain(commands)
    _add_settle(commands)
    _add_policy(commands)
    add_stock(commands, _add_target)
    add_catalog(commands, _add_target)
    add_changing(commands, _add_target)
    add_following(commands, _add_target)
    add_ledger(commands, _add_target)
    add_publishing(commands)
    _add_load(commands)
    _add_data(commands)
    add_doctor(commands)
    add_access(commands)
    add_persons(commands)
    _add_import(commands)
    _add_shadow(commands)
    return made


# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add_demo(commands: Commands) -> None:
    command = commands.add_parser("demo", help="start a service, send it the bundled orders, show what it decides")
    command.add_argument("--scenario", type=Path, default=Path("scenarios/first_light"), help="another scenario folder")
    command.add_argument("--rows", type=positive, default=20, help="how many plans the table shows (default: 20)")
    command.add_argument("--orders", type=positive, default=None, help="only the first so many orders")
    command.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="POLICY",
        help="decide under this policy, a file or a shipped id; given more than once: compare them on the same orders",
    )
    command.set_defaults(run=demo.run)


def _add_plan(commands: Commands) -> None:
    command = commands.add_parser("plan", help="send one order to a running service and show the plan")
    command.add_argument("order", type=Path, help="a JSON file: the order, as in scenarios/first_light/order.json")
    _add_target(command)
    command.add_argument("--validate-only", action="store_true", help="only compute; hold and store nothing")
    command.add_argument("--confirm", action="store_true", help="confirm the plan at once")
    command.add_argument("--json", action="store_true", help="print the plan as JSON")
    command.add_argument("--policy", default="", metavar="ID", help="decide under this policy (see `policy list`)")
    command.add_argument("--policy-version", type=positive, default=0, metavar="N", help="and this version of it")
    command.set_defaults(run=plan.run)


def _add_promise(commands: Commands) -> None:
    command = commands.add_parser("promise", help="say when an order could be there and at what cost; hold nothing")
    command.add_argument("order", type=Path, help="a JSON file, as for `plan`; a promise that it bears is left out")
    _add_target(command)
    command.add_argument("--options", type=Path, metavar="FILE", help="options and fees as JSON, see docs/promise.md")
    command.add_argument("--valid-minutes", type=positive, default=15, help="for orders so much later (default: 15)")
    command.add_argument("--json", action="store_true", help="print the promise as JSON")
    command.add_argument("--policy", default="", metavar="ID", help="decide under this policy (see `policy list`)")
    command.add_argument("--policy-version", type=positive, default=0, metavar="N", help="and this version of it")
    command.set_defaults(run=promise.run)


def _add_solve(commands: Commands) -> None:
    command = commands.add_parser("solve", help="solve a problem from a file, without a service")
    command.add_argument("problem", type=Path, nargs="?", help="a JSON file, see docs/problem-format.md")
    engines = [str(engine) for engine in Engine if engine is not Engine.MANUAL]
    command.add_argument("--engine", choices=engines, help="decide by this method instead of the file's")
    command.add_argument(
        "--policy", metavar="POLICY", help="decide under this policy, a file or a shipped id, instead of the problem's"
    )
    command.add_argument("--explain", action="store_true", help="say in full why each plan is as it is")
    command.add_argument("--chinese", action="store_true", help="explain in Chinese")
    command.add_argument("--order", metavar="ORDER_ID", help="show only this order; the others are decided too")
    command.add_argument("--json", action="store_true", help="print the answer as JSON")
    command.add_argument(
        "--part-orders", type=positive, metavar="N", help="decide a wave in parts of at most so many orders (1000)"
    )
    command.add_argument("--executor", metavar="WHERE", help="who decides parts: serial, processes:N or dask:ADDRESS")
    command.add_argument("--example", action="store_true", help="print a small problem to begin with")
    command.set_defaults(run=_solve)


def _solve(options: argparse.Namespace) -> int:
    from solver.cli import solve  # and with it the search: other commands start without waiting for it

    return solve.run(options)


def _add_explain(commands: Commands) -> None:
    command = commands.add_parser("explain", help="say why a plan is as it is, and what would make it another")
    command.add_argument("plan_id", help="as `plan` shows it, or how it begins; or the folder of a run")
    add_order(command)
    _add_target(command)
    command.add_argument("--chinese", action="store_true", help="in Chinese")
    command.add_argument("--json", action="store_true", help="print the explanation as JSON")
    command.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    return explain_of_run(options) if options.order_id else explain.run(options)


def _add_settle(commands: Commands) -> None:
    confirm = commands.add_parser("confirm", help="commit the stock of a held plan")
    release = commands.add_parser("release", help="give the stock of a held plan back")
    for command in (confirm, release):
        command.add_argument("plan_id", help="as `plan` shows it, or how it begins")
        _add_target(command)
    confirm.set_defaults(run=settle.run_confirm)
    release.set_defaults(run=settle.run_release)


def _add_target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", default=DEFAULT_TARGET, help=f"address of the service (default: {DEFAULT_TARGET})")
    add_security(command)


def _add_policy(commands: Commands) -> None:
    command = commands.add_parser("policy", help="check, list, show and load policies, and let versions be live")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="read policy files, without a service, and tell what is wrong")
    check.set_defaults(run=policy.run_check)
    listing = actions.add_parser("list", help="list every version of every policy of a running service")
    listing.add_argument("--shipped", action="store_true", help="only what ships with the product, without a service")
    listing.set_defaults(run=policy.run_list)
    show = actions.add_parser("show", help="print a policy of a running service as it was written")
    show.add_argument("policy_id", metavar="ID", help="as `policy list` shows it")
    show.add_argument("--version", type=positive, default=0, help="which version (default: the latest)")
    show.add_argument("--shipped", action="store_true", help="one that ships with the product, without a service")
    show.set_defaults(run=policy.run_show)
    loading = actions.add_parser("load", help="let a running service keep policies: all of them, or none")
    loading.set_defaults(run=policy.run_load)
    for one in (check, loading):
        one.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a YAML or JSON file with one policy")
    for one in (listing, show, loading, *_add_rollout(actions)):
        _add_target(one)


def _add_rollout(actions: Commands) -> tuple[argparse.ArgumentParser, ...]:
    showing = actions.add_parser("rollout", help="show which versions are live, and what plans under each came to")
    showing.add_argument("policy_id", metavar="ID", nargs="?", default="", help="only of this policy")
    showing.add_argument("--json", action="store_true", help="print JSON")
    showing.set_defaults(run=rollout.run_show)
    share = actions.add_parser("share", help="let a version be live for so many of a thousand orders; 1000: for all")
    share.add_argument("policy_id", metavar="ID", help="as `policy list` shows it")
    share.add_argument("version", type=positive, help="a version that the service keeps")
    share.add_argument("permille", type=int, help="0 to 1000; 0 ends the share")
    share.set_defaults(run=rollout.run_share)
    back = actions.add_parser("roll-back", help="withdraw the newest version that is live")
    back.add_argument("policy_id", metavar="ID", help="as `policy rollout` shows it")
    back.set_defaults(run=rollout.run_roll_back)
    for one in (share, back):
        one.add_argument("--reason", default="", help="for people")
    return showing, share, back


def _add_data(commands: Commands) -> None:
    backup = commands.add_parser("backup", help="write a database to one file, also while a service runs on it")
    backup.add_argument("file", type=Path, help="the file to write")
    restoring = commands.add_parser("restore", help="make an empty database what a backup holds")
    restoring.add_argument("file", type=Path, help="the backup")
    auditing = commands.add_parser(
        "audit", help="rebuild the books from their transfers, and name every row that is wrong"
    )
    auditing.add_argument("--sku", default="", help="print what this SKU's accounts held instead, from movements alone")
    at = "with --sku: when, as 2026-03-02T08:00Z (default: now)"
    auditing.add_argument("--at", type=moment, default=datetime.now(UTC), metavar="TIME", help=at)
    proving = "an archive of the database, to be proven with it; may be given several times"
    auditing.add_argument("--archive", type=Path, action="extend", nargs="+", default=[], metavar="FILE", help=proving)
    archiving = commands.add_parser(
        "archive", help="move old entries of the journal to files that can be audited, also while a service runs"
    )
    to = archiving.add_mutually_exclusive_group(required=True)
    to.add_argument("--into", type=Path, metavar="FOLDER", help="to files of this folder, in parts; services go on")
    to.add_argument("file", type=Path, nargs="?", help="to this file, all at once; no service may run meanwhile")
    parts = "with --into: so many entries in a file, and taken away at once (default: 20000)"
    archiving.add_argument("--part-entries", type=positive, default=20_000, metavar="N", help=parts)
    made = "what was entered before, as 2026-01-01 (midnight UTC) or 2026-01-01T00:00+08:00"
    archiving.add_argument("--before", type=moment, required=True, metavar="DATE", help=made)
    for command, run in ((backup, _back_up), (restoring, _restore), (auditing, _audit), (archiving, _archive)):
        place = command.add_mutually_exclusive_group()
        place.add_argument("--data", type=Path, default=Path("var/data"), help="folder of the database (var/data)")
        place.add_argument("--url", help="another database instead: postgresql://USER@HOST/NAME, or sqlite:FILE")
        command.set_defaults(run=run)


def _back_up(options: argparse.Namespace) -> int:
    from solver.cli import data  # and with it the whole service, as below

    return data.run_backup(options)


def _restore(options: argparse.Namespace) -> int:
    from solver.cli import data

    return data.run_restore(options)


def _audit(options: argparse.Namespace) -> int:
    from solver.cli import data

    return data.run_audit(options)


def _archive(options: argparse.Namespace) -> int:
    from solver.cli import data

    return data.run_archive(options)


def _add_load(commands: Commands) -> None:
    command = commands.add_parser("load", help="load a scenario's network, catalog and stock into a running service")
    command.add_argument("scenario", type=Path, help="the scenario's folder")
    _add_target(command)
    command.set_defaults(run=load.run)


def _add_import(commands: Commands) -> None:
    command = commands.add_parser("import", help="turn a real data set into a scenario")
    sets = command.add_subparsers(title="data sets", required=True, metavar="SET")
    olist = sets.add_parser("olist", help="orders of a Brazilian marketplace, 2016-2018")
    chinese = sets.add_parser("cn", help="orders of a Chinese cosmetics brand, 2019, with shops and rate cards")
    wuxi = sets.add_parser("wuxi-cards", help="rate cards of four Chinese carriers from Wuxi, alone")
    fedex = sets.add_parser("fedex-cards", help="FedEx Ground's list prices, alone")
    for one in (olist, chinese, wuxi, fedex):
        one.add_argument("data", type=Path, metavar="DIR", help="the folder that holds the data sets")
        one.add_argument("out", type=Path, metavar="OUT", help="the scenario folder to write")
    for one in (olist, chinese):
        one.add_argument("--orders", type=int, default=2_000, help="how many orders to take (default: 2000)")
        one.add_argument("--seed", type=int, default=1, help="of everything that is assumed (default: 1)")
    chinese.add_argument(
        "--quantity-divisor",
        type=int,
        default=400,
        help="the quantities are masked: divide them by this, half up, at least 1 (default: 400; 1 keeps them raw)",
    )
    own = sets.add_parser("csv", help="an order history of your own: CSV, JSON Lines or Parquet, by a mapping")
    own.add_argument("files", type=Path, nargs="+", metavar="FILE", help="rows are lines of orders")
    own.add_argument("--mapping", type=Path, metavar="FILE", help="which column is what; see docs/importers.md")
    own.add_argument("--network", type=Path, metavar="FOLDER", help="the scenario folder to ship from, in its place")
    own.add_argument("--currency", default="", help="of a guessed mapping (default: CNY)")
    own.add_argument("--dry-run", action="store_true", help="write nothing: guess a mapping, or tell what is wrong")
    own.add_argument("--out", type=Path, metavar="FOLDER", help="the scenario folder to write")
    own.set_defaults(run=importing.run_csv)
    log = sets.add_parser("log", help="the plans that a service made: its orders on the stock that it had")
    place = log.add_mutually_exclusive_group()
    place.add_argument("--data", type=Path, default=Path("var/data"), help="folder of the database (var/data)")
    place.add_argument("--url", help="another database instead: postgresql://USER@HOST/NAME, or sqlite:FILE")
    log.add_argument("out", type=Path, metavar="OUT", help="the scenario folder to write")
    log.set_defaults(run=importing.run_log)
    olist.set_defaults(run=importing.run_olist)
    chinese.set_defaults(run=importing.run_cn)
    wuxi.set_defaults(run=importing.run_wuxi_cards)
    fedex.set_defaults(run=importing.run_fedex_cards)


def _add_shadow(commands: Commands) -> None:
    command = commands.add_parser("shadow", help="plan orders beside your own system, and see the difference")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    planning = actions.add_parser("plan", help="plan one order; nothing is held")
    planning.add_argument("shadow_id", metavar="SHADOW", help="what is reported together, such as a trial")
    planning.add_argument("order", type=Path, help="a JSON file, as for `plan`")
    planning.add_argument("--ledger", action="store_true", help="on what the earlier plans of the shadow left")
    planning.add_argument("--policy", default="", metavar="ID", help="decide under this policy (see `policy list`)")
    planning.add_argument("--policy-version", type=positive, default=0, metavar="N", help="and this version of it")
    planning.set_defaults(run=_plan_in_shadow)
    recording = actions.add_parser("record", help="say what was shipped instead")
    recording.add_argument("shadow_id", metavar="SHADOW", help="of the orders")
    recording.add_argument("file", type=Path, help="shipments as in a scenario's history: .jsonl, .csv")
    recording.set_defaults(run=_record_in_shadow)
    reporting = actions.add_parser("report", help="keep the difference as two runs; read from the database itself")
    reporting.add_argument("shadow_id", metavar="SHADOW", help="which one")
    place = reporting.add_mutually_exclusive_group()
    place.add_argument("--data", type=Path, default=Path("var/data"), help="folder of the database (var/data)")
    place.add_argument("--url", help="another database instead: postgresql://USER@HOST/NAME, or sqlite:FILE")
    reporting.add_argument("--out", type=Path, default=Path("var/runs"), help="where runs are kept (default: var/runs)")
    reporting.set_defaults(run=_report_shadow)
    for one in (planning, recording):
        _add_target(one)


def _plan_in_shadow(options: argparse.Namespace) -> int:
    from solver.cli import shadow

    return shadow.run_plan(options)


def _record_in_shadow(options: argparse.Namespace) -> int:
    from solver.cli import shadow

    return shadow.run_record(options)


def _report_shadow(options: argparse.Namespace) -> int:
    from solver.cli import shadow

    return shadow.run_report(options)
