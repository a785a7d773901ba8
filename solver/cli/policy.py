"""`policy check`, `policy list`, `policy show` and `policy load`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.named_policy import policy_named
from solver.client import PolicyDocument
from solver.errors import InvalidRequest, Violations, XunyuanError
from solver.policies.document import read_document
from solver.policies.library import shipped_policies
from solver.policies.model import Scope


def run_check(options: argparse.Namespace) -> int:
    """Read files as the service would; tell what is wrong, or what they say."""
    for path, document in zip(options.files, _read(options.files), strict=True):
        sys.stdout.write(f"{path}: policy {document.policy_id}, version {document.version}: sound\n")
        sys.stdout.write(f"  for {in_words(document)}\n")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Every version of every policy that a service has, or that ships with the product."""
    if options.shipped:
        documents = list(shipped_policies())
    else:
        with connected(options) as client:
            documents = list(client.policies())
    Console().print(_table(documents))
    return 0


def run_show(options: argparse.Namespace) -> int:
    """One policy as it was written."""
    if options.shipped:
        sys.stdout.write(policy_named(options.policy_id).text)
        return 0
    with connected(options) as client:
        sys.stdout.write(client.get_policy(options.policy_id, options.version).text)
    return 0


def run_load(options: argparse.Namespace) -> int:
    """Let a service keep policies: all of them, or none."""
    _read(options.files)
    with connected(options) as client:
        for document in client.upsert_policies([_text(path) for path in options.files]):
            sys.stdout.write(f"policy {document.policy_id}, version {document.version}: kept\n")
    return 0


def in_words(document: PolicyDocument) -> str:
    """The orders that a policy is for."""
    money = f" in {document.currency}" if document.currency else ""
    if document.scope is None:
        return f"orders that name it{money}"
    said = (*_lists(document.scope), *_days(document.scope))
    return f"orders{money} of {', '.join(said)}" if said else f"all orders{money}"


def _lists(scope: Scope) -> list[str]:
    every = {"channel": scope.channels, "brand": scope.brands, "tier": scope.customer_tiers, "scene": scope.scenes}
    return [f"{name} {' or '.join(allowed)}" for name, allowed in every.items() if allowed]


def _days(scope: Scope) -> list[str]:
    said = [f"from {scope.from_day}"] if scope.from_day else []
    said += [f"until {scope.until_day}"] if scope.until_day else []
    return [f"{' '.join(said)} ({scope.time_zone})"] if said else []


def _table(documents: Sequence[PolicyDocument]) -> Table:
    table = Table(title=f"{len(documents)} policies", title_justify="left", pad_edge=False)
    table.add_column("policy", no_wrap=True)
    table.add_column("version", justify="right")
    table.add_column("title", overflow="fold")
    table.add_column("for", overflow="fold")
    for one in documents:
        title = " ".join(text for text in (one.title, one.title_zh) if text)
        table.add_row(one.policy_id, str(one.version), title, in_words(one))
    return table


def _read(paths: Sequence[Path]) -> list[PolicyDocument]:
    violations = Violations()
    documents = [read_document(_text(path), str(path), violations) for path in paths]
    if violations.found:
        raise InvalidRequest("the policy", violations.found)
    return [document for document in documents if document is not None]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}; name a YAML or JSON file") from error
    except UnicodeDecodeError as error:
        raise XunyuanError(f"{path}: is no UTF-8 text; save it as UTF-8") from error
