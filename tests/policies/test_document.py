"""A policy is written in YAML or JSON; what is wrong is told with its line, all of it at once."""

import json
from datetime import UTC, date, datetime

import pytest

from solver.errors import InvalidRequest
from solver.policies.document import parse
from solver.policies.model import PolicyDocument, Scope
from solver.sourcing.policy import Level, Policy

FULL = """\
policy: double-eleven
version: 3
title: Promotion in November
title_zh: 双十一
currency: CNY
applies_to:
  channels: [shop, live]
  brands: tea-house
  customer_tiers: [gold]
  scenes: [promotion]
  from: 2026-11-01
  until: 2026-11-12
  time_zone: Asia/Shanghai
priorities:
  - unfilled_units
  - {measure: distance_meters, tolerance: 50 km}
prices:
  split_minor: 2.50 CNY
  lateness_minor_per_day: 3 CNY per day
  packaging: off
rules:
  max_packages: 3
  max_distance_meters: 1500 km
  forbid_cross_border: yes
  only_kinds: [store, warehouse]
  blocked_sources: S-1
  sources_are_near_enough: {soft: 5.00 CNY, relax: 2}
  stores_are_near_enough: {relax: 1}
  safety_stock_is_kept: off
time_limit_ms: 2 s
"""


def wrong(text: str) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        parse(text, "p.yaml")
    return [str(violation) for violation in refused.value.violations]


def clause(text: str) -> list[str]:
    """What is wrong with clauses that begin on line 3."""
    return wrong(f"policy: p\nversion: 1\n{text}")


def test_everything_that_can_be_written_is_read() -> None:
    assert parse(FULL, "p.yaml") == PolicyDocument(
        policy_id="double-eleven",
        version=3,
        title="Promotion in November",
        title_zh="双十一",
        currency="CNY",
        scope=Scope(
            channels=("shop", "live"),
            brands=("tea-house",),
            customer_tiers=("gold",),
            scenes=("promotion",),
            from_day=date(2026, 11, 1),
            until_day=date(2026, 11, 12),
            time_zone="Asia/Shanghai",
        ),
        policy=Policy(
            policy_id="double-eleven",
            version=3,
            levels=(Level(measure="unfilled_units"), Level(measure="distance_meters", tolerance=50_000)),
            split_minor=250,
            max_packages=3,
            max_distance_meters=1_500_000,
            time_limit_ms=2_000,
            settings={"lateness_minor_per_day": 300, "forbid_cross_border": 1},
            words={"only_kinds": ("store", "warehouse"), "blocked_sources": ("S-1",)},
            off=("packaging", "safety_stock_is_kept"),
            soft={"sources_are_near_enough": 500},
            relax={"sources_are_near_enough": 2, "stores_are_near_enough": 1},
        ),
        text=FULL,
    )


def test_json_says_the_same() -> None:
    said = {
        "policy": "p", "version": 1, "title_zh": "先就全再就近",
        "priorities": ["packages", {"measure": "distance_meters", "tolerance": 7}],
        "prices": {"split_minor": 5, "packaging": False},
        "rules": {"forbid_cross_border": True, "only_kinds": ["store"], "sources_are_near_enough": {"soft": 9}},
    }  # fmt: skip
    by_yaml = parse(
        "policy: p\nversion: 1\ntitle_zh: 先就全再就近\n"
        "priorities: [packages, {measure: distance_meters, tolerance: 7 m}]\n"
        "prices: {split_minor: 5, packaging: off}\n"
        "rules: {forbid_cross_border: yes, only_kinds: [store], sources_are_near_enough: {soft: 9}}\n",
        "p.yaml",
    )
    for text in (json.dumps(said), json.dumps(said, indent="\t"), json.dumps(said, ensure_ascii=False, indent=2)):
        assert parse(text, "p.json").policy == by_yaml.policy
        assert parse(text, "p.json").title_zh == "先就全再就近"


def test_what_is_left_out_stands_at_its_default_and_is_used_by_name_only() -> None:
    document = parse("policy: plain\nversion: 1\n", "p.yaml")
    assert document.policy == Policy(policy_id="plain", version=1)
    assert document.scope is None


def test_a_policy_for_all_orders_says_so() -> None:
    assert parse("policy: p\nversion: 1\napplies_to: all\n", "p.yaml").scope == Scope()


def test_the_last_day_ends_at_midnight_of_its_own_place() -> None:
    scope = parse(FULL, "p.yaml").scope
    assert scope is not None
    first, last = datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 12, 16, tzinfo=UTC)
    assert [scope.is_valid_at(at) for at in (first, first.replace(hour=15, minute=59))] == [True, False]
    assert [scope.is_valid_at(at) for at in (last.replace(hour=15, minute=59), last)] == [True, False]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["p.yaml:1: 'empty': write a policy"]),
        ("# nothing\n", ["p.yaml:1: 'empty': write a policy"]),
        ("[1]", ["p.yaml:1: the document: 'a list': write names with values: `name: value`"]),
        ("policy: a\nversion: [\n", [
            "p.yaml:3: 'unreadable': expected the node content, but found '<stream end>'; write YAML or JSON",
        ]),
        ("policy: &a b\nversion: 1", [
            "p.yaml:1: 'unreadable': references by `&` and `*` are not read; write YAML or JSON",
        ]),
        ("policy: a\nversion: *b", [
            "p.yaml:2: 'unreadable': references by `&` and `*` are not read; write YAML or JSON",
        ]),
        ("a:\n " + "[" * 5_000, ["p.yaml:2: 'unreadable': too many lists within lists; write YAML or JSON"]),
        ("a: b\nc: \x07", ["p.yaml:2: 'unreadable': there is a character that is no text; write YAML or JSON"]),
        ("policy: a\n---\npolicy: b", ["p.yaml:2: 'unreadable': but found another document; write YAML or JSON"]),
        ("# " + "x" * 65_535, ["p.yaml:1: '65,537 characters': write at most 65,536"]),
        ("version: 1", ["p.yaml:1: policy: 'missing': name it, as in `policy: nearest-first`"]),
        ("policy: a", ["p.yaml:1: version: 'missing': number it, as in `version: 1`"]),
    ],
)  # fmt: skip
def test_a_text_that_is_no_policy_is_told(text: str, told: list[str]) -> None:
    assert wrong(text) == told


@pytest.mark.parametrize("version", ["0", "-1", "1.0", "x", "[1]", "1000000001", "٣"])
def test_a_version_counts_from_one(version: str) -> None:
    [told] = wrong(f"policy: a\nversion: {version}")
    assert told.startswith("p.yaml:2: version: ")
    assert told.endswith("write a whole number from 1 to 1,000,000,000")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("polcy: b", "p.yaml:3: polcy: 'polcy': there is no such field; did you mean policy?"),
        ("weather: b", "p.yaml:3: weather: 'weather': there is no such field; give one of policy, version, title, "
                       "title_zh, currency, applies_to, priorities, prices, rules, time_limit_ms"),
        ("policy: b", "p.yaml:3: policy: 'policy': stands on line 1 before; say it once"),
        ("title: [b]", "p.yaml:3: title: 'a list': write one text, on one line"),
        ("title: ''", "p.yaml:3: title: '': write one text, on one line"),
        ('title: "\\ud800"', "p.yaml:3: title: '\\ud800': write one text, on one line"),
        ("currency: yuan", "p.yaml:3: currency: 'yuan': give an ISO 4217 code such as CNY"),
        ("time_limit_ms: 2 min", "p.yaml:3: time_limit_ms: '2 min': there is no unit 'min' for time_limit_ms; "
                                 "it is counted in ms, s"),
        ("time_limit_ms: 0", "p.yaml:3: time_limit_ms: 0: must lie between 1 and 60,000"),
        ("? [a]\n: b", "p.yaml:3: the document: 'a list': a name is a plain text"),
    ],
)  # fmt: skip
def test_a_wrong_heading_is_told_with_its_line(text: str, told: str) -> None:
    assert clause(text) == [told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "applies_to: '': write `all`, or lists such as {channels: [shop]}; or leave it out: "
             "then it is used by name"),
        ("{}", "applies_to: 'names with values': write `all`, or lists such as {channels: [shop]}; or leave it out: "
               "then it is used by name"),
        ("{channel: [a]}", "applies_to.channel: 'channel': there is no such field; did you mean channels?"),
        ("{channels: [a, b, a]}", "applies_to.channels[2]: 'a': stands twice; name it once"),
        ("{channels: {a: b}}", "applies_to.channels: 'names with values': write a list: [one, another]"),
        ("{from: 20261101}", "applies_to.from: '20261101': write a day as YYYY-MM-DD"),
        ("{until: 2026-02-30}", "applies_to.until: '2026-02-30': write a day as YYYY-MM-DD"),
        ("{from: 2026-11-12, until: 2026-11-11}",
         "applies_to.until: '2026-11-11': ends before it begins on 2026-11-12"),
        ("{channels: [a], time_zone: Mars}", "applies_to.time_zone: 'Mars': give an IANA name"),
    ],
)  # fmt: skip
def test_a_wrong_scope_is_told_with_its_line(text: str, told: str) -> None:
    assert clause(f"applies_to: {text}") == [f"p.yaml:3: {told}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("packages", "p.yaml:3: priorities: 'packages': write a list: [unfilled_units, packages]"),
        ("[\n  packages,\n  package]", "p.yaml:5: priorities[1]: 'package': there is no such measure; "
                                       "did you mean packages?"),
        ("\n  - packages\n  - packages", "p.yaml:5: priorities[1]: 'packages': stands twice; name it once"),
        ("\n  - cost_minor\n  - packages", "p.yaml:4: priorities[0]: 'cost_minor': money decides last; "
                                           "put it at the end or leave it out"),
        ("\n  - {tolerance: 5}", "p.yaml:4: priorities[0]: 'no measure': say which: "
                                 "{measure: distance_meters, tolerance: 50 km}"),
        ("\n  - measure: packages\n    tolerance: -1",
         "p.yaml:5: priorities[0].tolerance: -1: must lie between 0 and 1,000,000,000,000"),
        ("\n  - measure: distance_meters\n    tolerance: 5 kg",
         "p.yaml:5: priorities[0].tolerance: '5 kg': there is no unit 'kg' for distance_meters; "
         "it is counted in meters, m, km"),
        ("\n  - measure: packages\n    within: 3",
         "p.yaml:5: priorities[0].within: 'within': there is no such field; give one of measure, tolerance"),
    ],
)  # fmt: skip
def test_a_wrong_priority_is_told_with_its_line(text: str, told: str) -> None:
    assert clause(f"priorities: {text}") == [told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("split_minr: 5", "prices.split_minr: 'split_minr': there is no such price; did you mean split_minor?"),
        ("xyzzy: 5", "prices.xyzzy: 'xyzzy': there is no such price; docs/dimensions.md has them all"),
        ("max_packages: 5", "prices.max_packages: 'max_packages': belongs under `rules:`"),
        ("handling: on", "prices.handling: 'on': write `off`, or leave it out; what it costs is a clause of its own"),
        ("split_minor: 1_000_000_001", "prices.split_minor: 1000000001: must lie between 0 and 1,000,000,000"),
        ("split_minor: [5]", "prices.split_minor: 'a list': write a whole number of minor units, "
                             "or an amount with its unit"),
        ("split_minor: 5 km", "prices.split_minor: '5 km': there is no unit 'km' for split_minor; "
                              "it is counted in minor units, or in a currency such as CNY"),
        ("split_minor: 5 CNY", "prices.split_minor: '5 CNY': say `currency: CNY` at the top, "
                               "then amounts may be in CNY"),
    ],
)  # fmt: skip
def test_a_wrong_price_is_told_with_its_line(text: str, told: str) -> None:
    assert clause(f"prices:\n  lateness_minor_per_hour: 1\n  {text}") == [f"p.yaml:5: {told}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("max_package: 5", "rules.max_package: 'max_package': there is no such rule; did you mean max_packages?"),
        ("split_minor: 5", "rules.split_minor: 'split_minor': belongs under `prices:`"),
        ("max_packages: 33", "rules.max_packages: 33: must lie between 1 and 20"),
        ("forbid_cross_border: maybe", "rules.forbid_cross_border: 'maybe': write yes or no"),
        ("only_kinds: [store, '']", "rules.only_kinds[1]: '': write one text, on one line"),
        ("safety_stock_is_kept: on",
         "rules.safety_stock_is_kept: 'on': a rule is `off`, or {soft: PRICE}, or {relax: STAGE}"),
        ("stores_are_near_enough: {hard: 1}",
         "rules.stores_are_near_enough.hard: 'hard': there is no such field; give one of soft, relax"),
        ("stores_are_near_enough: {soft: -1}",
         "rules.stores_are_near_enough.soft: -1: must lie between 0 and 1,000,000,000"),
        ("stores_are_near_enough: {relax: 0}", "rules.stores_are_near_enough.relax: 0: must lie between 1 and 20"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_told_with_its_line(text: str, told: str) -> None:
    assert clause(f"rules:\n  max_sources: 1\n  {text}") == [f"p.yaml:5: {told}"]


def test_only_rules_that_allow_it_may_be_soft() -> None:
    [told] = clause("rules:\n  lines_ship_complete: {soft: 4}")
    assert told.startswith(
        "p.yaml:4: rules.lines_ship_complete.soft: 'lines_ship_complete': this rule is always strict; "
    )


def test_everything_that_is_wrong_is_told_at_once_from_the_first_line_to_the_last() -> None:
    told = wrong("version: 0\nrules: {max_packages: 0}\nprices: {split: on}\npolicy: ''\npriorities: 5\nx: 1\n")
    assert [int(one.split(":")[1]) for one in told] == [1, 2, 3, 4, 5, 6]
