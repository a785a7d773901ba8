"""The data sets of `import`."""

import argparse
import sys

from solver.errors import XunyuanError
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.importers.rate_cards.importer import import_fedex_cards, import_wuxi_cards
from solver.importers.result import ImportResult, summary, write_import


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


def _write(options: argparse.Namespace, result: ImportResult) -> int:
    try:
        write_import(result, options.out)
    except OSError as error:
        raise XunyuanError(f"cannot write to {options.out}: {error.strerror}; name another folder") from error
    sys.stdout.write(f"{summary(result)}\nwritten to {options.out}\n")
    return 0
