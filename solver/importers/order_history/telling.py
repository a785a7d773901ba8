"""What a dry run prints."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from solver.errors import FieldViolation, Violations
from solver.importers.order_history.guess import Guess
from solver.importers.order_history.importer import assumptions
from solver.importers.order_history.mapping import (
    Columns,
    HistoryMapping,
    as_yaml,
    check_mapping,
    named_columns,
)
from solver.importers.order_history.reading import Survey
from solver.importers.order_history.shipped import Called
from solver.scenario.model import Scenario

_OPTIONAL = {
    "unit_price": "lost sales come to nothing",
    "promised_at": "nothing is late; or say assume.promised_within_hours",
    "latitude": "destinations lie at the centre of their region",
    "weight": "SKUs that the network does not know weigh assume.weight_grams",
    "status": "cancelled orders are imported as if they had been wanted; or leave them out of the file",
    "channel": "no policy is chosen by channel",
    "shipped_from": "there is no history to compare with (`replay --history`)",
    "carrier": "history does not say who carried",
    "shipped_at": "history does not say when packages left",
    "arrived_at": "history does not say what was late",
    "freight": "history does not say what was paid",
}


def told_guess(guess: Guess) -> str:
    """The mapping as a file, with what was seen and what is missing as its comments."""
    columns = named_columns(guess.mapping.columns)
    width = max((len(name) for name in columns), default=0)
    seen = (f"  {name:<{width}} <- {heading}: {_shown(guess.examples[heading])}" for name, heading in columns.items())
    lines = [
        "Guessed from the headings and the first rows. Look it through, save it, and import with --mapping.",
        "",
        *_part("columns", seen),
        *_part("not used", (f"  {heading}: {_shown(guess.examples[heading])}" for heading in guess.unused)),
        *_part("missing, and must be said", (f"  {one}" for one in missing(guess.mapping))),
        *_part("missing, so that", (f"  {name}: {so}" for name, so in _absent(guess.mapping.columns))),
        *_part("to be looked at", (f"  {doubt}" for doubt in guess.doubts)),
    ]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + as_yaml(guess.mapping)


def missing(mapping: HistoryMapping) -> list[str]:
    """What a mapping must still say before anything can be imported."""
    found = Violations()
    check_mapping(mapping, found)
    if not mapping.network:
        remedy = "name the scenario folder with your regions, sources, carriers, services and goods"
        found.found.append(FieldViolation(field="network", value="''", remedy=remedy))
    return [str(one) for one in found.found]


def told_survey(survey: Survey, mapping: HistoryMapping, network: Scenario) -> str:
    """Counts, every fault, and what would be assumed."""
    rows = sum(survey.rows.values())
    span = (
        f"{survey.first_at.isoformat()} to {survey.last_at.isoformat()}" if survey.first_at and survey.last_at else "-"
    )
    called = Called.of(network.sources, network.carriers, mapping)
    left_out = survey.broken_orders
    counts = [
        f"{rows:>10,}  rows",
        f"{rows - survey.faults.rows:>10,}  of them sound",
        f"{survey.orders:>10,}  orders, {span}",
        *([f"{left_out:>10,}  of them left out, as another of their rows is not sound"] if left_out else []),
        *(
            [f"{survey.repeated:>10,}  of the rows say what another row says; the first stands"]
            if survey.repeated
            else []
        ),
        *(f"{rows:>10,}  rows passed over, as their status is {status}" for status, rows in survey.cancelled.items()),
        f"{survey.units:>10,}  units",
        f"{len(survey.skus):>10,}  SKUs",
        f"{len(survey.regions):>10,}  regions of the network",
    ]
    return "\n".join(
        [
            *_section("Read", counts),
            *_section("Not sound, by line and column", survey.faults.told()),
            *_section("Sources that the network does not have", called.unknown(survey.sources)),
            *_section("Would be assumed", assumptions(mapping, network, survey)),
            "nothing is written: a dry run",
        ]
    )


def _part(heading: str, lines: Iterable[str]) -> list[str]:
    listed = [*lines]
    return [f"{heading}:", *listed, ""] if listed else []


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return [f"{heading}:", *(f"  {line}" for line in lines or ["nothing"]), ""]


def _absent(columns: Columns) -> list[tuple[str, str]]:
    return [
        (one.name, _OPTIONAL[one.name])
        for one in fields(columns)
        if one.name in _OPTIONAL
        and not getattr(columns, one.name)
        and not (one.name == "unit_price" and columns.paid_amount)
    ]


def _shown(examples: Sequence[str]) -> str:
    return ", ".join(repr(one) for one in examples) or "empty"
