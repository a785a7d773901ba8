"""The dashboard and the alerts ask for nothing that a running server does not tell."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import CollectorRegistry

from solver.watching.call_notes import CallNotes, Phase, PlanFacts
from solver.watching.exposing import registry_of
from solver.watching.families import Families
from solver.watching.histogram import Counted
from solver.watching.lanes import LaneState
from solver.watching.meters import Meters
from solver.watching.sights import FollowerLag, Sights

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
METRIC = re.compile(r"\b((?:xunyuan|process)_[a-z_]+)\b")
LABELS = re.compile(r"(xunyuan_[a-z_]+)\{([^}]*)\}")
SIGHTS = Sights(
    lanes=lambda: [
        LaneState(
            name="light",
            running=1,
            waiting=2,
            begun_at_once=3,
            waits=Counted(bounds=(1.0,), counts=(1, 0), total=0.5),
            turned_away={("/a.B/C", "QUEUE_FULL"): 4},
        )
    ],
    lags=lambda: [FollowerLag(follower="feed", entries=5, seconds=0.25)],
    store="sqlite",
    release="1",
)


def told() -> CollectorRegistry:
    """A registry of a server that has seen one plan."""
    meters, notes = Meters(), CallNotes()
    notes.laps.append((Phase.SOLVE, notes.begun + 0.25))
    notes.plans.append(
        PlanFacts(
            order_id="o",
            plan_id="p",
            engine="mip",
            currency="CNY",
            cost_minor=1000,
            gap_minor=1,
            fallback_reason="too_many_states",
            sources=1,
            unfilled_units=2,
        )
    )
    notes.conflicts = 3
    meters.note("/a.B/C", "OK", 0.3, notes)
    return registry_of(Families(meters, SIGHTS, lambda: 6))


def samples() -> dict[str, set[str]]:
    """Every name that can be asked for, with its labels."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(generate_latest(told()).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def stem(name: str) -> str:
    """A family's name, by that of one of its samples."""
    return re.sub(r"_(bucket|count|sum|created|total)$", "", name)


def expressions() -> list[str]:
    dashboard = json.loads((DEPLOY / "grafana" / "xunyuan.json").read_text("utf-8"))
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return [*panels, *(rule["expr"] for group in rules["groups"] for rule in group["rules"])]


def test_every_metric_and_label_that_is_asked_for_is_told() -> None:
    known = samples()
    asked = [name for expression in expressions() for name in METRIC.findall(expression)]
    assert len(asked) > 30
    assert [name for name in asked if name not in known] == []
    for expression in expressions():
        for name, labels in LABELS.findall(expression):
            wanted = {one.partition("=")[0].rstrip("!") for one in labels.replace(" ", "").split(",")}
            assert wanted - known[name] - {"instance"} == set(), expression


def test_every_metric_of_ours_is_looked_at_somewhere() -> None:
    asked = {name for expression in expressions() for name in METRIC.findall(expression)}
    stems = {
        re.sub(r"_(bucket|count|sum|created|total)$", "", name) for name in samples() if name.startswith("xunyuan")
    }
    assert stems - {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in asked} == set()


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))
    [group] = rules["groups"]
    for rule in group["rules"]:
        assert {*rule} == {"alert", "expr", "for", "labels", "annotations"}
        assert {*rule["annotations"]} == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "warn")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('xunyuan_calls_total{method="/a.B/C",status="OK"}', 1.0),
        ('xunyuan_calls_total{method="/a.B/C",status="RESOURCE_EXHAUSTED"}', 4.0),
        ('xunyuan_call_seconds_bucket{le="0.25",method="/a.B/C"}', 0.0),
        ('xunyuan_call_seconds_bucket{le="0.5",method="/a.B/C"}', 1.0),
        ('xunyuan_phase_seconds_sum{method="/a.B/C",phase="solve"}', 0.25),
        ('xunyuan_plans_total{engine="mip",fallback="too_many_states"}', 1.0),
        ('xunyuan_plan_gap_ratio_bucket{engine="mip",le="0.001"}', 1.0),
        ('xunyuan_plan_gap_ratio_bucket{engine="mip",le="0.0001"}', 0.0),
        ("xunyuan_plans_unfilled_total", 1.0),
        ("xunyuan_plan_conflicts_total", 3.0),
        ('xunyuan_lane_waiting{lane="light"}', 2.0),
        ('xunyuan_turned_away_total{cause="QUEUE_FULL",lane="light",method="/a.B/C"}', 4.0),
        ('xunyuan_journal_lag_entries{follower="feed"}', 5.0),
        ('xunyuan_journal_lag_seconds{follower="feed"}', 0.25),
        ("xunyuan_log_lines_dropped_total", 6.0),
    ],
)
def test_what_was_counted_is_told_exactly(line: str, value: float) -> None:
    found: dict[str, Any] = {}
    for family in text_string_to_metric_families(generate_latest(told()).decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{text}"' for name, text in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    assert found[line] == value
