"""What is wrong in a scenario's head, each with its line."""

from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.scenario.files import HEAD_FILE, read_scenario, write_scenario
from solver.scenario.model import Disturbance, Trouble
from tests.made_world import made_world, order_of

HORIZON = "horizon: {starts_at: 2026-03-02T00:00:00Z, ends_at: 2026-03-04T00:00:00Z}\n"
SPAN = "starts_at: 2026-03-02T08:00:00Z, ends_at: 2026-03-03T08:00:00Z"
BACKWARDS = "starts_at: 2026-03-03T08:00:00Z, ends_at: 2026-03-03T08:00:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_scenario(made_world(orders=()), tmp_path / "world")
    return tmp_path / "world"


def told(folder: Path, more: str) -> dict[str, str]:
    """What is wrong with more in the head: field -> remedy; the fields' lines are counted from what is added."""
    head = folder / HEAD_FILE
    before = len(head.read_text().splitlines())
    head.write_text(head.read_text() + more)
    try:
        read_scenario(folder)
    except InvalidRequest as refused:
        faults = {}
        for one in refused.violations:
            line, _, field = one.field.removeprefix(f"{head}:").partition(": ")
            faults[f"{int(line) - before}: {field}"] = one.remedy
        return faults
    return {}


def test_a_sound_disturbance_is_read_with_its_times(folder: Path) -> None:
    more = HORIZON + f"disturbances:\n- {{trouble: carrier_down, carrier_id: SWIFT, {SPAN}, reason: flood}}\n"
    scenario_carriers = read_scenario(folder).carriers
    more = more.replace("SWIFT", scenario_carriers[0].carrier_id)
    assert told(folder, more) == {}
    [one] = read_scenario(folder).disturbances
    assert isinstance(one, Disturbance)
    assert (one.trouble, one.reason, one.starts_at.isoformat()) == (
        Trouble.CARRIER_DOWN,
        "flood",
        "2026-03-02T08:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("fields", "where", "remedy"),
    [
        (f"trouble: carrier_dwn, {SPAN}", "trouble", "give one of carrier_down, carrier_congested"),
        (f"trouble: carrier_down, carrier_id: NOBODY, {SPAN}", "carrier_id", "there is no such carrier"),
        (f"trouble: carrier_down, {SPAN}", "", "give service_id or carrier_id, and one alone"),
        (f"trouble: source_closed, source_id: WH-EAST, carrier_id: X, {SPAN}", "carrier_id", "befalls source_id"),
        (f"trouble: source_closed, source_id: WH-EAST, {BACKWARDS}", "ends_at", "must come after starts_at"),
        (f"trouble: source_slow, source_id: WH-EAST, {SPAN}", "extra_minutes", "must lie between 1 and"),
        (f"trouble: rejections, source_id: WH-EAST, permille: 1001, {SPAN}", "permille", "between 1 and 1,000"),
        (f"trouble: source_closed, source_id: WH-EAST, permille: 5, {SPAN}", "permille", "has none; leave it out"),
        (f"trouble: demand_surge, permille: 3000, {SPAN}", "", "only drawn orders can surge"),
    ],
)
def test_a_disturbance_that_cannot_be_is_told_with_its_line(folder: Path, fields: str, where: str, remedy: str) -> None:
    sources = [source.source_id for source in read_scenario(folder).sources]
    found = told(folder, "disturbances:\n- {" + fields.replace("WH-EAST", sources[0]) + "}\n")
    field = f"2: disturbances[0].{where}" if where else "2: disturbances[0]"
    assert list(found) == [field]
    assert remedy in found[field]


def test_a_wrong_horizon_and_what_lies_outside_are_told(tmp_path: Path) -> None:
    write_scenario(made_world(orders=(order_of(("TEA", 1)),)), tmp_path)
    more = "horizon: {starts_at: 2020-03-02T00:00:00Z, ends_at: 2020-03-01T00:00:00Z}\n"
    head = tmp_path / HEAD_FILE
    head.write_text(head.read_text() + more)
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(tmp_path)
    fields = [one.field.rpartition(": ")[2] for one in refused.value.violations]
    assert fields == ["horizon.ends_at", "placed_at"]


@pytest.mark.parametrize(
    ("more", "field", "remedy"),
    [
        ("thresholds:\n- {metric: split_shar, at_most: 0.1}\n", "2: thresholds[0].metric", "did you mean split_share?"),
        ("thresholds:\n- {metric: split_share}\n", "2: thresholds[0]", "give at_least, at_most or both"),
        ("generator: {orders_per_day: 5}\n", "0: horizon", "a generator needs one"),
        (HORIZON + "generator: {orders_per_day: 0}\n", "2: generator.orders_per_day", "must lie between 1 and"),
        (
            HORIZON + "generator: {orders_per_day: 9, customers_per_region: -1}\n",
            "2: generator.customers_per_region",
            "must lie between 0 and",
        ),
        (HORIZON + "generator: {orders_per_day: 9, hours: {24: 1}}\n", "2: generator.hours.24", "between 0 and 23"),
        (HORIZON + "generator: {orders_per_day: 9, skus: {TEEA: 1}}\n", "2: generator.skus.TEEA", "did you mean TEA?"),
        (HORIZON + "generator: {orders_per_day: 9, lines: {1: 0}}\n", "2: generator.lines", "at least one weight"),
    ],
)
def test_thresholds_and_generators_are_checked(folder: Path, more: str, field: str, remedy: str) -> None:
    found = told(folder, more)
    if field.startswith("0"):
        [(where, said)] = found.items()
        assert where.endswith(": horizon")
        assert remedy in said
        return
    assert list(found) == [field]
    assert remedy in found[field]
