"""What a caller may choose about the Brazilian import."""

from dataclasses import dataclass

from solver.errors import Violations


@dataclass(frozen=True, slots=True, kw_only=True)
class OlistOptions:
    """`orders` is the most that are drawn."""

    orders: int = 2_000
    seed: int = 1

    def __post_init__(self) -> None:
        """Raises InvalidRequest unless at least one order is asked for."""
        violations = Violations()
        violations.require(self.orders >= 1, "orders", self.orders, "ask for at least 1 order")
        violations.refuse_any("the import")
