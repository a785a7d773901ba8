"""All that ships of a line that stays together leaves from one source."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

ALL_LINES = Setting(name="ship_lines_together", most=1, meaning="1: every line leaves from one source")
BUNDLES = Setting(
    name="ship_bundles_together", most=1, meaning="1: the parts of a bundle leave from one source, all units of them"
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    together = np.array([line.ships_together for line in facts.lines], dtype=bool)
    if ALL_LINES.of(policy):
        together[:] = True
    if BUNDLES.of(policy):
        together |= np.count_nonzero(facts.line_units, axis=1) > 1
    return Restriction(together=together) if together.any() else None


def _broken(finished: Finished) -> Iterator[str]:
    every_line, bundles = ALL_LINES.of(finished.policy), BUNDLES.of(finished.policy)
    for line in finished.problem.lines:
        is_bundle = bundles and len({part.sku for part in line.parts}) > 1
        if not (line.ships_together or every_line or is_bundle):
            continue
        sources = {
            parcel.source_id
            for parcel in finished.parcels
            if any(packed.line_id == line.line_id for packed in parcel.contents)
        }
        if len(sources) > 1:
            yield f"line {line.line_id} leaves from {', '.join(sorted(sources))}, one source allowed"


RULE = Rule(
    name="lines_ship_together",
    meaning="all that ships of a line that says so leaves from one source; so do with ship_lines_together every line, "
    "with ship_bundles_together the lines of several SKUs",
    chinese="整行不拆",
    settings=(ALL_LINES, BUNDLES),
    restrict=_restrict,
    broken=_broken,
)
