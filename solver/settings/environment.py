"""Settings from environment variables: `XUNYUAN_SECTION_NAME`."""

import re
from collections.abc import Iterator, Mapping

from solver.errors import Violations
from solver.settings.setting import VARIABLE_PREFIX
from solver.settings.settings import SETTINGS
from solver.settings.stated import Statement
from solver.validation import unknown

CONFIG_VARIABLE = f"{VARIABLE_PREFIX}CONFIG"
# What Kubernetes tells every container about a Service named `xunyuan`, and what tests are told.
_NOT_OURS = re.compile(
    rf"{VARIABLE_PREFIX}(.+_)?(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?|FAULT_\w+)"
)


def stated_in_environment(environment: Mapping[str, str], violations: Violations) -> Iterator[Statement]:
    """What variables state. An empty one states nothing; one that no setting has is recorded."""
    known = {one.variable: one for one in SETTINGS.values()}
    for name, text in sorted(environment.items()):
        if not name.startswith(VARIABLE_PREFIX) or name == CONFIG_VARIABLE or not text:
            continue
        if name in known:
            yield Statement(setting=known[name], text=text, place=name)
        elif not _NOT_OURS.fullmatch(name):
            violations.add(name, "...", unknown(name, known, "setting", "docs/configuration.md has them all"))
