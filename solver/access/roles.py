"""The roles that ship with the product: `roles.yaml`, read."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from solver.access.model import Role


@cache
def shipped_roles() -> Mapping[str, Role]:
    """By id."""
    rows = yaml.safe_load(files("solver.access").joinpath("roles.yaml").read_text("utf-8"))
    return MappingProxyType(
        {
            role_id: Role(role_id=role_id, title=row["title"], permissions=tuple(row["permissions"]))
            for role_id, row in rows.items()
        }
    )
