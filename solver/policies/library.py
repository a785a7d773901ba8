"""The policies that ship with the product, one YAML file each in `shipped`."""

from functools import cache
from importlib.resources import files

from solver.policies.document import parse
from solver.policies.model import PolicyDocument


@cache
def shipped_policies() -> tuple[PolicyDocument, ...]:
    """Every shipped policy, by id. They are used where they are named; no order gets one by itself."""
    found = [
        parse(file.read_text("utf-8"), file.name)
        for file in files("solver.policies").joinpath("shipped").iterdir()
        if file.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda document: document.key))
