"""`doctor`: an installation looked over, with how to mend what is not well."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Iterator

from solver.cli.connecting import security_of
from solver.doctor.data import data
from solver.doctor.doors import certificates, port, service
from solver.doctor.finding import Finding, fault, has_faults, ok
from solver.doctor.machine import bytecode, clock, compiled_search, disk, extras, grpc_build, open_files, sqlite_build
from solver.errors import InvalidRequest
from solver.settings.reading import read_configuration
from solver.settings.settings import Settings


def run(options: argparse.Namespace) -> int:
    """Print a line for each finding; 1 where one is a fault."""
    findings = list(_findings(options))
    if options.json:
        sys.stdout.write(json.dumps([dataclasses.asdict(one) for one in findings], indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{one}\n" for one in findings))
    return 1 if has_faults(findings) else 0


def _findings(options: argparse.Namespace) -> Iterator[Finding]:
    try:
        settings = read_configuration(options, os.environ).settings
    except InvalidRequest as error:
        for violation in error.violations:
            yield fault("settings", f"{violation.field}: {violation.value}", violation.remedy)
        settings = Settings()
    else:
        yield ok("settings", "they are valid")
    yield from sqlite_build()
    yield from grpc_build()
    yield from extras(settings)
    yield from compiled_search()
    yield from bytecode()
    yield from open_files(settings)
    yield from disk(settings)
    yield from clock()
    yield from data(settings, thorough=options.thorough)
    yield from certificates(settings)
    yield from port(settings)
    if options.address:
        yield from service(options.address, security_of(options, os.environ))
