"""What a caller may choose about the Chinese import."""

from dataclasses import dataclass

from solver.errors import Violations


@dataclass(frozen=True, slots=True, kw_only=True)
class CnOptions:
    """`orders` is the most that are drawn; a quantity is divided by `quantity_divisor` (1 keeps it as it stands)."""

    orders: int = 2_000
    seed: int = 1
    quantity_divisor: int = 400

    def __post_init__(self) -> None:
        """Raises InvalidRequest unless both numbers are at least 1."""
        violations = Violations()
        violations.require(self.orders >= 1, "orders", self.orders, "ask for at least 1 order")
        violations.require(
            self.quantity_divisor >= 1,
            "quantity_divisor",
            self.quantity_divisor,
            "give at least 1",
        )
        violations.refuse_any("the import")
