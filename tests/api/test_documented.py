"""docs/api.md names all that callers meet."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import solver.gen
from solver.sourcing.plan import ReasonCode

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def test_every_method_of_every_service_stands_in_the_table() -> None:
    rows = dict(re.findall(r"^\| `(xunyuan\.\S+)` \| (.*) \|$", DOCUMENT, re.MULTILINE))
    documented = {name: re.findall(r"`(\w+)`", methods) for name, methods in rows.items()}
    modules = [one.name for one in walk_packages(solver.gen.__path__, "solver.gen.") if one.name.endswith("_pb2")]
    services = [one for name in modules for one in import_module(name).DESCRIPTOR.services_by_name.values()]
    assert {name: sorted(methods) for name, methods in documented.items()} == {
        one.full_name: sorted(method.name for method in one.methods) for one in services
    }


def test_every_reason_for_units_that_stay_unfilled_has_its_row() -> None:
    assert [code.name for code in ReasonCode if f"| `{code.name}` |" not in DOCUMENT] == []
