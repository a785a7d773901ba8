"""The data sets of `import`."""

import argparse
import sys

from solver.errors import XunyuanError
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.importers.order_history.guess import guess_mapping
from solver.importers.order_history.importer import import_history, survey_history
from solver.importers.order_history.mapping import read_mapping
from solver.importers.order_history.telling import told_guess, told_survey
from solver.importers.rate_cards.importer import import_fedex_cards, import_wuxi_cards
from solver.importers.result import ImportResult, summary, write_import
from solver.scenario.files import read_scenario


def run_olist(options: argparse.Namespace) -> int:
    """Import the Brazilian orders."""
    return _write(options, import_olist(options.data, OlistOptions(orders=options.orders, seed=options.seed)))


def run_cn(options: argparse.Namespace) -> int:
    """Import the Chinese orders."""
    wanted = CnOptions(orders=options.orders, seed=options.seed, quantity_divisor=options.quantity_divisor)
    return _write(options, import_cn(options.data, wanted))


def run_wuxi_cards(options: argparse.Namespace) -> int:
    """Import the rate cards from Wuxi."""
    return _write(options, import_wuxi_cards(options.data))


def run_fedex_cards(options: argparse.Namespace) -> int:
    """Import FedEx Ground's list prices."""
    return _write(options, import_fedex_cards(options.data))


def run_csv(options: argparse.Namespace) -> int:
    """Import an analyst's own order history, or look through it. 1 where a dry run finds what is not sound."""
    if options.mapping is None:
        if not options.dry_run:
            raise XunyuanError("say with --mapping which column is what; --dry-run guesses a mapping to begin with")
        guess = guess_mapping(
            options.files[0],
            currency=options.currency,
            network=str(options.network.resolve()) if options.network else "",
        )
        sys.stdout.write(told_guess(guess))
        return 0
    mapping = read_mapping(options.mapping)
    folder = options.network or (options.mapping.parent / mapping.network if mapping.network else None)
    if folder is None:
        raise XunyuanError(f"{options.mapping} names no network; say it there, or with --network FOLDER")
    network = read_scenario(folder)
    if network.currency != mapping.currency:
        raise XunyuanError(
            f"{options.mapping}: currency is {mapping.currency}, and the network's {network.currency}; give one of both"
        )
    if options.dry_run:
        survey = survey_history(options.files, mapping, network)
        sys.stdout.write(f"{told_survey(survey, mapping, network)}\n")
        return int(bool(survey.faults.rows))
    if options.out is None:
        raise XunyuanError("say with --out which scenario folder to write, or look through the files with --dry-run")
    result, _ = import_history(options.files, mapping, network)
    if not result.scenario.orders:
        raise XunyuanError("no order is sound; look through the files with --dry-run")
    return _write(options, result)


def run_log(options: argparse.Namespace) -> int:
    """Make a scenario of the plans that a service made; it may be running."""
    from solver.importers.service.log import file_of, import_log  # and with it the whole service, as for `replay`
    from solver.schema import STEPS
    from solver.storage.url import open_existing

    database = open_existing(options.url or options.data, STEPS)
    try:
        log = import_log(database, options.out.name)
    finally:
        database.close()
    done = _write(options, ImportResult(scenario=log.scenario, rejected=(), read_counts=(("plans", len(log.plans)),)))
    for document in log.documents:
        (options.out / file_of(document)).write_text(document.text, "utf-8")
    return done


def _write(options: argparse.Namespace, result: ImportResult) -> int:
    try:
        write_import(result, options.out)
    except OSError as error:
        raise XunyuanError(f"cannot write to {options.out}: {error.strerror}; name another folder") from error
    sys.stdout.write(f"{summary(result)}\nwritten to {options.out}\n")
    return 0
