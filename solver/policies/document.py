"""A policy's text, YAML or JSON, as a PolicyDocument. docs/policies.md tells how one is written."""

from dataclasses import replace

import yaml

from solver.errors import Violations
from solver.page import Page, line_of
from solver.policies.clauses import Clauses
from solver.policies.heading import read_heading
from solver.policies.model import PolicyDocument
from solver.sourcing.policy import Policy
from solver.sourcing.validate import check_policy

HEADING = ("policy", "version", "title", "title_zh", "currency", "applies_to")
CLAUSES = ("priorities", "prices", "rules", "time_limit_ms")


def parse(text: str, origin: str) -> PolicyDocument:
    """The document. Raises InvalidRequest with everything that is wrong, each with its line: `origin:line: field`."""
    violations = Violations()
    document = read_document(text, origin, violations)
    violations.refuse_any(f"policy {origin}")
    assert document is not None, "read_document records why it returns nothing"
    return document


def read_document(text: str, origin: str, violations: Violations) -> PolicyDocument | None:
    """The document; None, with every cause recorded, where there is none."""
    page = Page(origin)
    document = _read(page, text)
    violations.found.extend(page.violations)
    return None if page.found else document


def _read(page: Page, text: str) -> PolicyDocument | None:
    root = page.compose(text)
    if root is None:
        return None
    fields = page.fields(root, "", (*HEADING, *CLAUSES))
    if not fields:
        return None
    heading = read_heading(page, root, fields)
    clauses = Clauses(page, heading.currency)
    readers = (clauses.read_priorities, clauses.read_prices, clauses.read_rules, clauses.read_time_limit)
    for name, reader in zip(CLAUSES, readers, strict=True):
        if name in fields:
            reader(fields[name])
    policy = replace(clauses.policy(), policy_id=heading.policy_id, version=heading.version)
    _check(page, root, clauses, policy)
    return PolicyDocument(
        policy_id=heading.policy_id,
        version=heading.version,
        policy=policy,
        title=heading.title,
        title_zh=heading.title_zh,
        currency=heading.currency,
        scope=heading.scope,
        text=text,
    )


def _check(page: Page, root: yaml.Node, clauses: Clauses, policy: Policy) -> None:
    """What is wrong with the policy as such, told with the lines of the document."""
    found = Violations()
    check_policy(policy, "policy", found)
    for violation in found.found:
        node, path = clauses.place_of(violation.field) or (root, violation.field.removeprefix("policy."))
        page.retell(violation, line_of(node), path)
