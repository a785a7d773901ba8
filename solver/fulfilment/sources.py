"""Where fulfilment takes catalog, network and policies from: the stores of this product, or those of a caller's own."""

from collections.abc import Mapping
from typing import Protocol

from solver.catalog.catalog import Catalog
from solver.network.network import Network
from solver.policies.model import PolicyDocument


class CatalogSource(Protocol):
    """Where the catalog of the moment comes from."""

    @property
    def catalog(self) -> Catalog:
        """The catalog as it stands now."""
        ...


class NetworkSource(Protocol):
    """Where the network of the moment comes from."""

    @property
    def network(self) -> Network:
        """The network as it stands now."""
        ...

    @property
    def currency(self) -> str | None:
        """The currency of its tariffs; None while there are none."""
        ...


class PolicySource(Protocol):
    """Where the policies of the moment come from."""

    @property
    def documents(self) -> Mapping[tuple[str, int], PolicyDocument]:
        """Every version of every policy, by id and version."""
        ...
