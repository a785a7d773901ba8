"""Values are the same wherever they are reckoned, and settle as more of those before is kept."""

import pickle
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from solver.catalog.catalog import Catalog
from solver.errors import Violations
from solver.fulfilment.valuing.model import StockValuing, check_valuing
from solver.fulfilment.valuing.reckoning import Job, reckoned, reckoned_apart
from solver.network.network import Network
from tests.fulfilment.valuing.conftest import MINDS, out_of_balance
from tests.made_world import order_of


def job(futures: int = 2, kept: float = 0.0) -> Job:
    scenario = out_of_balance()
    return Job(
        network=Network.of(
            regions=scenario.regions,
            sources=scenario.sources,
            carriers=scenario.carriers,
            services=scenario.services,
        ),
        catalog=Catalog.of(scenario.materials, scenario.sales_items),
        policy=MINDS,
        units={"TEA": {row.source_id: row.units for row in scenario.stock}},
        expected={("EAST-CITY", (("TEA", 1),)): 10.0, ("WEST-CITY", (("TEA", 1),)): 10.0},
        like=order_of(("TEA", 1)),
        seen=20,
        seed=7,
        futures=futures,
        kept=kept,
        state=None,
    )


def test_a_process_of_its_own_comes_to_the_same_values() -> None:
    here = reckoned(job())
    assert here.share > 0
    assert here.values["TEA"]["W-WEST"] > 0
    assert reckoned_apart(job()) == here


def test_a_job_may_be_sent_and_what_it_left_be_gone_on_from() -> None:
    first = reckoned(job())
    again = replace(job(), state=first.state)
    assert reckoned(pickle.loads(pickle.dumps(again))) == reckoned(again)


def test_what_is_kept_of_the_values_before_draws_them_nearer_to_each_other() -> None:
    def west(values: Mapping[str, Mapping[str, int]]) -> int:
        return values.get("TEA", {}).get("W-WEST", 0)

    def spread(kept: float) -> float:
        found, state = [], None
        for _ in range(12):
            made = reckoned(replace(job(futures=1, kept=kept), state=state))
            found.append(west(made.values))
            state = made.state
        return float(np.abs(np.diff(found)).mean())

    assert 0 < spread(0.9) < spread(0.0)


@pytest.mark.parametrize(
    ("valuing", "fields"),
    [
        (StockValuing(futures=0, kept_permille=1_000), ["valuing.futures", "valuing.kept_permille"]),
        (StockValuing(futures=65, kept_permille=-1), ["valuing.futures", "valuing.kept_permille"]),
        (StockValuing(futures=64, kept_permille=999, own_process=False), []),
    ],
)
def test_settings_have_bounds(valuing: StockValuing, fields: list[str]) -> None:
    violations = Violations()
    check_valuing(valuing, "valuing", violations)
    assert [one.field for one in violations.found] == fields
