"""The schema of a problem's file and the page about it agree with what the reader takes."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from solver.errors import InvalidRequest
from solver.fulfilment.optimise import optimize
from solver.fulfilment.together import decided_together
from solver.sourcing.plan import Engine, Plan
from solver.wire.problems import ProblemFile

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "problem.schema.json").read_text())
PAGE = (ROOT / "docs" / "problem-format.md").read_text()
EXAMPLES: list[str] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
TOGETHER = [example for example in EXAMPLES if json.loads(example).get("engine") == "batch"]
ONE_BY_ONE = [example for example in EXAMPLES if example not in TOGETHER]
TYPES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}
TRANSFER = {"from_source_id": "W1", "to_source_id": "W2"}


def complaints(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """What a JSON schema of the kind that is generated here finds wrong."""
    if "$ref" in schema:
        yield from complaints(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
        return
    if "anyOf" in schema:
        if all(list(complaints(value, one, path)) for one in schema["anyOf"]):
            yield path
        return
    if "enum" in schema:
        if value not in schema["enum"]:
            yield path
        return
    if not isinstance(value, TYPES[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean"):
        yield path
    elif schema["type"] == "array":
        for position, one in enumerate(value):
            yield from complaints(one, schema["items"], f"{path}[{position}]")
    elif schema["type"] == "object":
        yield from _of_object(value, schema, path)


def _of_object(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (f"{path}.{name}" for name in schema.get("required", ()) if name not in value)
    for name, one in value.items():
        inner = properties.get(name, schema["additionalProperties"])
        if inner is False:
            yield f"{path}.{name}"
        else:
            yield from complaints(one, inner, f"{path}.{name}")


def solved(problem: Any) -> tuple[Plan, ...]:
    text = problem if isinstance(problem, str) else json.dumps(problem)
    command = ProblemFile(text, "problem.json").read(NOW)
    if command.engine is Engine.BATCH:
        return decided_together(command, seconds_left=lambda: 60.0).plan.plans
    return optimize(command, seconds_left=lambda: 60.0)


def whole() -> dict[str, Any]:
    """A problem in which everything that has required fields occurs."""
    problem: dict[str, Any] = json.loads(EXAMPLES[2])
    second = copy.deepcopy(problem["sources"][0]) | {"source_id": "W2", "calendar_id": "C"}
    problem["sources"].append(second)
    problem["services"][0]["surcharges"] = [{"name": "fuel", "freight_basis_points": 500}]
    problem["policy"]["levels"] = [{"measure": "unfilled_units"}]
    return problem | {
        "sales_items": [{"item_id": "BOX", "parts": [{"sku": "TEA", "units": 2}]}],
        "calendars": [{"calendar_id": "C", "closed_days": ["2026-05-01"]}],
        "transfers": [dict(TRANSFER)],
        "source_states": [{"source_id": "W1"}],
        "service_states": [{"service_id": "ground"}],
        "engine": "batch",
        "wave": {
            "sources": [{"source_id": "W1"}],
            "carriers": [{"service_id": "ground", "most_packages": 9}],
            "quotas": [{"source_id": "W1"}],
            "orders": [{"order_id": "1002"}],
            "work": [{"order_id": "1002", "source_id": "W1"}],
        },
    }


def required_places(value: Any, schema: dict[str, Any], steps: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every required field that occurs, to the first of each list."""
    if "$ref" in schema:
        yield from required_places(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], steps)
    elif isinstance(value, list):
        for position, one in enumerate(value[:1]):
            yield from required_places(one, schema["items"], (*steps, position))
    elif isinstance(value, dict) and "properties" in schema:
        yield from ((*steps, name) for name in schema.get("required", ()))
        for name, one in value.items():
            yield from required_places(one, schema["properties"][name], (*steps, name))


def without(problem: dict[str, Any], steps: tuple[Any, ...]) -> dict[str, Any]:
    spoilt = copy.deepcopy(problem)
    at: Any = spoilt
    for step in steps[:-1]:
        at = at[step]
    del at[steps[-1]]
    return spoilt


def test_the_examples_of_the_page_fit_the_schema_and_cost_what_the_page_says() -> None:
    assert [list(complaints(json.loads(example), SCHEMA)) for example in EXAMPLES] == [[]] * len(EXAMPLES)
    totals = [[plan.total_minor for plan in solved(example)] for example in ONE_BY_ONE]
    assert totals == [[900], [65_741_250, 24_501_000], [1_050], [501, 910]]


def test_the_example_of_a_wave_costs_what_the_page_says() -> None:
    [example] = TOGETHER
    assert list(complaints(json.loads(example), SCHEMA)) == []
    command = ProblemFile(example, "problem.json").read(NOW)
    wave = decided_together(command, seconds_left=lambda: 60.0).plan
    assert [plan.source_ids for plan in wave.plans] == [("agent-2",), ("agent-2",)]
    assert (wave.total_minor, wave.opened) == (900 + 800 + 500, ("agent-2",))


def test_the_first_example_is_the_one_that_the_command_prints() -> None:
    assert EXAMPLES[0] == (ROOT / "solver" / "cli" / "example_problem.json").read_text()


def test_the_plans_of_the_page_ship_from_where_it_says() -> None:
    ways = [[package.source_id for plan in solved(example) for package in plan.packages] for example in ONE_BY_ONE]
    assert ways == [["warehouse"], ["site-1", "site-2"], ["W1"], ["store", "factory"]]


@pytest.mark.parametrize(
    "steps",
    [*required_places(whole(), SCHEMA), *required_places({"lanes": json.loads(EXAMPLES[0])["lanes"]}, SCHEMA)],
    ids=lambda steps: ".".join(map(str, steps)),
)
def test_what_the_schema_requires_the_reader_requires_too(steps: tuple[Any, ...]) -> None:
    problem = json.loads(EXAMPLES[0]) if steps[0] == "lanes" else whole()
    assert list(complaints(problem, SCHEMA)) == []
    assert solved(problem)
    spoilt = without(problem, steps)
    assert list(complaints(spoilt, SCHEMA)) != []
    with pytest.raises(InvalidRequest):
        solved(spoilt)


def test_everything_that_can_be_required_occurs() -> None:
    places = [*required_places(whole(), SCHEMA), *required_places({"lanes": json.loads(EXAMPLES[0])["lanes"]}, SCHEMA)]
    occurring = {steps[-1] for steps in places}
    stated = {name for one in (SCHEMA, *SCHEMA["$defs"].values()) for name in one.get("required", ())}
    assert stated <= occurring


@pytest.mark.parametrize(
    ("noun", "field", "parts"),
    [
        ("Source", "kind", lambda word: {"sources": [{"source_id": "shop", "kind": word}]}),
        ("StockAmount", "stage", lambda word: {"stock": [{"source_id": "shop", "sku": "TEA", "stage": word}]}),
    ],
)
def test_the_reader_knows_every_word_of_the_schema(noun: str, field: str, parts: Any) -> None:
    words = SCHEMA["$defs"][noun]["properties"][field]["enum"]
    read = [ProblemFile(json.dumps(parts(word)), "x").read(NOW) for word in words]
    assert len({str(one) for one in read}) == len(words) // 2, "each word stands in two spellings"


@pytest.mark.parametrize(
    "changes", [{"order": []}, {"sources": [{"source_id": "shop", "kind": "kiosk"}]}, {"money_decimals": 1.5},
                {"lanes": {}}, {"policy": {"words": {"only_kinds": [1]}}}],
)  # fmt: skip
def test_schema_and_reader_refuse_the_same(changes: dict[str, Any]) -> None:
    problem = json.loads(EXAMPLES[0]) | changes
    assert list(complaints(problem, SCHEMA)) != []
    with pytest.raises(InvalidRequest):
        ProblemFile(json.dumps(problem), "x").read(NOW)


def test_every_field_has_a_description() -> None:
    nouns = [SCHEMA, *SCHEMA["$defs"].values()]
    assert all(noun["description"] for noun in nouns)
    assert [name for noun in nouns for name, one in noun["properties"].items() if not one["description"]] == []
