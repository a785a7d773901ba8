"""Legal entities (法人主体), cost centres and profit centres, as one document declares them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from solver.errors import FieldViolation, InvalidRequest
from solver.validation import unknown

RATE_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntity:
    """Who keeps books of its own.

    `fiscal_year_starts` is a month, 1 to 12. `home`: postings that name no entity are its own. A rate of exchange
    counts for `rate_days` days after its own.
    """

    code: str
    name_en: str
    name_zh: str
    base_currency: str
    fiscal_year_starts: int = 1
    home: bool = False
    rate_days: int = RATE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Where costs arise, or profit: one entity's, or everybody's where `entity` is empty."""

    code: str
    name_en: str
    name_zh: str
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """All that is declared, by code."""

    entities: Mapping[str, LegalEntity] = field(default_factory=lambda: MappingProxyType({}))
    cost_centres: Mapping[str, Centre] = field(default_factory=lambda: MappingProxyType({}))
    profit_centres: Mapping[str, Centre] = field(default_factory=lambda: MappingProxyType({}))

    def entity_of(self, code: str) -> LegalEntity | None:
        """The entity that a code means; None where none is declared, and all books are one. Raises InvalidRequest."""
        if not self.entities and not code:
            return None
        if code in self.entities:
            return self.entities[code]
        home = next((one for one in self.entities.values() if one.home), None)
        if not code and (home is not None or len(self.entities) == 1):
            return home or next(iter(self.entities.values()))
        known = ", ".join(self.entities) or "none is declared"
        remedy = "name the entity" if not code else unknown(code, self.entities, "entity", f"declared: {known}")
        raise InvalidRequest("the legal entity", [FieldViolation(field="entity", value=code, remedy=remedy)])

    def centre_trouble(self, kind: str, code: str, entity: str) -> str:
        """What is wrong with a centre's code (`kind`: cost_centre, profit_centre); empty where nothing is."""
        declared = self.cost_centres if kind == "cost_centre" else self.profit_centres
        if not code or not declared:
            return ""
        if code not in declared:
            return unknown(code, declared, kind.replace("_", " "), f"declared: {', '.join(declared)}")
        owner = declared[code].entity
        return f"it belongs to {owner}" if owner not in ("", entity) else ""
