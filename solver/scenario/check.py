"""What a sound scenario is: every row by itself, every name that one row says of another, times, and the head."""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from solver.errors import FieldViolation, Violations
from solver.network.validate import check_no_loops
from solver.scenario.check_combined import check_combined
from solver.scenario.check_head import check_disturbances, check_generator, check_head
from solver.scenario.check_returns import check_returns
from solver.scenario.check_rows import RowChecks
from solver.scenario.model import Scenario
from solver.scenario.names import Names

MOST_GUESSES = 20  # names that are looked for among thousands take a while
_ROW = "row"  # stands for the place of a row until that is known
_ID_FIELDS = {
    "regions": "region_id",
    "sources": "source_id",
    "carriers": "carrier_id",
    "services": "service_id",
    "calendars": "calendar_id",
    "materials": "sku",
    "sales_items": "item_id",
    "combinations": "combination_id",
    "logical_warehouses": "logical_id",
    "channels": "channel_id",
    "orders": "order_id",
}
Place = Callable[[str, int], str]
"""Where a row of a noun stands: its file and line."""
HeadPlace = Callable[[str], str]
"""Where a field of the head stands."""


def check_scenario(scenario: Scenario, place: Place, head: HeadPlace, violations: Violations) -> None:
    """Record everything that is wrong, each with its place."""
    names, told = Names.of(scenario), Violations()
    found = Violations()
    check_head(scenario, found)
    check_disturbances(scenario, names, found)
    check_generator(scenario, names, found)
    check_returns(scenario, names, found)
    told.found += [FieldViolation(field=head(one.field), value=one.value, remedy=one.remedy) for one in found.found]
    for noun, check in RowChecks(scenario, names, _ROW).by_noun.items():
        for position, row in enumerate(getattr(scenario, noun)):
            found = Violations()
            check(row, found)
            for fault in found.found:
                told.found.append(_moved(fault, place(noun, position)))
    _check_unique_ids(scenario, place, told)
    parents = {region.region_id: region.parent_id for region in scenario.regions}
    check_no_loops(parents, place("regions", 0) if scenario.regions else "", told)
    _check_currency(scenario, place, told)
    if scenario.combinations and not told.found:
        check_combined(scenario, place, head, told)
    violations.found += _with_guesses(told.found, names)


def _check_unique_ids(scenario: Scenario, place: Place, violations: Violations) -> None:
    for noun, field in _ID_FIELDS.items():
        first: dict[str, int] = {}
        for position, row in enumerate(getattr(scenario, noun)):
            known = first.setdefault(getattr(row, field), position)
            if known != position:
                at = f"{place(noun, position)}: {field}"
                violations.add(at, getattr(row, field), f"stands at {place(noun, known)} before; say it once")


def _check_currency(scenario: Scenario, place: Place, violations: Violations) -> None:
    """Tariffs and orders are in the scenario's currency; a file's first stray is named."""
    for noun in ("services", "orders"):
        for position, row in enumerate(getattr(scenario, noun)):
            if row.currency != scenario.currency:
                remedy = f"the scenario is in {scenario.currency}; use one throughout"
                violations.add(f"{place(noun, position)}: currency", row.currency, remedy)
                break


def _moved(fault: FieldViolation, place: str) -> FieldViolation:
    field = fault.field.removeprefix(_ROW).removeprefix(".")
    return FieldViolation(field=f"{place}: {field}" if field else place, value=fault.value, remedy=fault.remedy)


def _with_guesses(faults: Sequence[FieldViolation], names: Names) -> Iterator[FieldViolation]:
    """The same; the first that name what does not exist say what was probably meant."""
    guesses = 0
    for fault in faults:
        known = names.of_field(fault.field.rpartition(": ")[2])
        if not known or "there is no such" not in fault.remedy or guesses >= MOST_GUESSES:
            yield fault
            continue
        guesses += 1
        close = get_close_matches(fault.value.strip("'\""), known, n=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        yield FieldViolation(field=fault.field, value=fault.value, remedy=fault.remedy + meant)
