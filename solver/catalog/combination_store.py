"""The combinations that are kept, in versions; and all that are in force, ready to explode orders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.checks import check_combination, check_holders
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.nesting import contained_ids
from solver.catalog.life import LifeState, check_life
from solver.catalog.versioned import VersionedStore
from solver.catalog.worths import list_prices
from solver.clock import Clock
from solver.errors import Violations
from solver.storage.database import Database
from solver.storage.once import Request
from solver.validation import check_rows, check_unique


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Combinations:
    """What is in force over a catalog. `refused` says of what may not be ordered why not, with state and date.

    `book` has the goods of all, and the offers of those alone that may apply.
    """

    catalog: Catalog
    known: Mapping[str, Combination]
    refused: Mapping[str, str]
    book: Book

    def refusal(self, item_id: str) -> str:
        """Why an order may not name it; "" where it may, or where it is no combination."""
        combination = self.known.get(item_id)
        if combination is None or not self.refused:
            return ""
        inside = (
            f"its part {self.refused[one]}" for _, one in contained_ids(combination, self.known) if one in self.refused
        )
        return self.refused.get(item_id) or next(inside, "")


class CombinationStore:
    """Combinations over the catalog of the moment."""

    def __init__(self, database: Database, clock: Clock, catalog: Callable[[], Catalog]) -> None:
        self._catalog = catalog
        self.kept = VersionedStore(
            database, clock, "combination", KeptCombination, lambda kept: kept.combination.combination_id,
            what="combination",
        )  # fmt: skip
        self._made: tuple[object, object, Combinations] | None = None

    @property
    def combinations(self) -> Combinations | None:
        """What is in force: the very same value until something changes; None while there are none."""
        in_force = self.kept.in_force
        if not in_force.nouns:
            return None
        catalog = self._catalog()
        made = self._made
        if made is None or made[0] is not in_force or made[1] is not catalog:
            known = {one: kept.combination for one, kept in in_force.nouns.items()}
            applying = [
                one for one in known.values() if one.offer is None or one.combination_id not in in_force.refused
            ]
            book = compile_book(applying, catalog, list_prices(catalog))
            value = Combinations(catalog=catalog, known=known, refused=in_force.refused, book=book)
            made = self._made = (in_force, catalog, value)
        return made[2]

    def upsert(self, request: Request, rows: Sequence[KeptCombination]) -> int:
        """Keep all or none, as the versions that follow; returns how many.

        Raises InvalidRequest with every violation: what is not sound, and a change of a version that may be in use.
        """
        violations = Violations()
        check_rows(rows, "combinations", violations)
        check_unique([row.combination.combination_id for row in rows], "combinations", violations)
        given = {row.combination.combination_id: row.combination for row in rows}
        known = {one: kept.combination for one, kept in self.kept.in_force.nouns.items()} | given
        catalog = self._catalog()
        for position, row in enumerate(rows):
            path = f"combinations[{position}]"
            check_combination(row.combination, known, catalog, f"{path}.combination", violations)
            check_life(row, path, violations)
        if not violations.found:
            check_holders({one: f"combinations[{at}]" for at, one in enumerate(given)}, known, catalog, violations)
        violations.refuse_any("the list of combinations")
        return self.kept.upsert(request, rows, "combinations")

    def read(self, combination_ids: Sequence[str], version: int = 0) -> tuple[KeptCombination, ...]:
        """One version of each, in the order asked; 0: the one in force. Raises InvalidRequest, NotFound."""
        violations = Violations()
        check_rows(combination_ids, "combination_ids", violations)
        violations.refuse_any("the list of ids")
        return tuple(self.kept.get(combination_id, version) for combination_id in combination_ids)

    def change_state(
        self,
        request: Request,
        combination_ids: Sequence[str],
        state: LifeState,
        *,
        version: int = 0,
        effective_from: datetime | None = None,
        effective_until: datetime | None = None,
    ) -> int:
        """Move all to a state, or none. Raises InvalidRequest, see `VersionedStore.change_life`."""
        violations = Violations()
        check_rows(combination_ids, "combination_ids", violations)
        violations.refuse_any("the change of state")
        return self.kept.change_life(
            request,
            combination_ids,
            state,
            version=version,
            effective_from=effective_from,
            effective_until=effective_until,
            path="combination_ids",
        )
