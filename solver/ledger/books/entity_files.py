"""Declarations of entities and centres as YAML or CSV, read strictly: every fault with its line."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.books.csv_rows import rows_of
from solver.ledger.books.entities import RATE_DAYS, Centre, Declaration, LegalEntity
from solver.money import is_currency
from solver.page import Page, line_of

_MOST_CHARACTERS = 4_000_000
_SECTIONS = ("entities", "cost_centres", "profit_centres")
_ENTITY = ("name_en", "name_zh", "base_currency", "fiscal_year_starts", "home", "rate_days")
_CENTRE = ("name_en", "name_zh", "entity")
_KINDS = {"entity": "entities", "cost_centre": "cost_centres", "profit_centre": "profit_centres"}
_COLUMNS = ("kind", "code", "name_en", "name_zh", "base_currency", "fiscal_year_starts", "home", "rate_days", "entity")
Lines = dict[tuple[str, str], int]


def read_declaration(text: str, origin: str) -> Declaration:
    """What a YAML document or, where the origin ends with .csv, a table declares. Raises InvalidRequest."""
    page = Page(origin, noun="declaration of entities", most_characters=_MOST_CHARACTERS)
    lines: Lines = {}
    sections = _of_table(page, text, lines) if origin.lower().endswith(".csv") else _of_page(page, text, lines)
    entities = {code: _entity(page, code, said, lines) for code, said in sections["entities"].items()}
    centres = {
        section: {code: _centre(page, section, code, said, lines, entities) for code, said in sections[section].items()}
        for section in _SECTIONS[1:]
    }
    homes = [code for code, one in entities.items() if one.home]
    for code in homes[1:]:
        page.wrong_on(
            lines["entities", code], f"entities.{code}.home", "true", f"{homes[0]} is at home; only one can be"
        )
    if page.violations:
        raise InvalidRequest(origin, page.violations)
    return Declaration(
        entities=MappingProxyType(entities),
        cost_centres=MappingProxyType(centres["cost_centres"]),
        profit_centres=MappingProxyType(centres["profit_centres"]),
    )


def written(declaration: Declaration) -> str:
    """The document that says it: `read_declaration` gives the same again."""
    said: dict[str, dict[str, dict[str, Any]]] = {section: {} for section in _SECTIONS}
    for section, names in zip(_SECTIONS, (_ENTITY, _CENTRE, _CENTRE), strict=True):
        for code, one in getattr(declaration, section).items():
            fields = {name: getattr(one, name) for name in names}
            said[section][code] = {name: value for name, value in fields.items() if value != ""}
    text: str = yaml.safe_dump(
        {name: of for name, of in said.items() if of}, allow_unicode=True, sort_keys=False, default_flow_style=False
    )
    return text


def _of_page(page: Page, text: str, lines: Lines) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {section: {} for section in _SECTIONS}
    root = page.compose(text)
    if root is None:
        return found
    for section, node in page.fields(root, "", _SECTIONS).items():
        for code, one in page.fields(node, section).items():
            path = f"{section}.{code}"
            fields = page.fields(one, path, _ENTITY if section == "entities" else _CENTRE)
            found[section][code] = {name: page.text(value, f"{path}.{name}") for name, value in fields.items()}
            lines[section, code] = line_of(one)
    return found


def _of_table(page: Page, text: str, lines: Lines) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {section: {} for section in _SECTIONS}
    rows = rows_of(text, page.origin)
    _, head = next(rows, (1, []))
    if unknown_columns := [name for name in head if name not in _COLUMNS]:
        page.wrong_on(1, "", unknown_columns[0], f"there is no such column; there are {', '.join(_COLUMNS)}")
    elif not {"kind", "code"} <= set(head):
        page.wrong_on(1, "", ", ".join(head), "give the columns kind and code at least")
    else:
        for line, row in rows:
            cells = dict(zip(head, row, strict=False))
            if len(row) == len(head):
                _row(page, cells, line, found, lines)
            else:
                page.wrong_on(line, "", cells.get("kind", ""), "the row has more or fewer cells than the head")
    return found


def _row(
    page: Page,
    row: Mapping[str, str],
    line: int,
    found: dict[str, dict[str, dict[str, str]]],
    lines: Lines,
) -> None:
    kind, code = row.get("kind", ""), row.get("code", "")
    if kind not in _KINDS:
        page.wrong_on(line, "kind", kind, f"give one of {', '.join(_KINDS)}")
    elif code in found[_KINDS[kind]]:
        page.wrong_on(line, "code", code, f"stands on line {lines[_KINDS[kind], code]} before; say it once")
    else:
        known = _ENTITY if kind == "entity" else _CENTRE
        for name, value in row.items():
            if value and name not in (*known, "kind", "code"):
                page.wrong_on(line, name, value, f"leave it empty: a {kind} has none")
        found[_KINDS[kind]][code] = {name: row[name] for name in known if row.get(name)}
        lines[_KINDS[kind], code] = line


def _entity(page: Page, code: str, said: Mapping[str, str], lines: Lines) -> LegalEntity:
    at, path = lines["entities", code], f"entities.{code}"
    _check_code(page, at, path, code)
    currency = said.get("base_currency", "")
    if not is_currency(currency):
        page.wrong_on(at, f"{path}.base_currency", currency, "give an ISO 4217 code such as CNY")
    home = said.get("home", "false").lower()
    if home not in ("true", "false"):
        page.wrong_on(at, f"{path}.home", home, "give true or false")
    return LegalEntity(
        code=code,
        name_en=said.get("name_en", ""),
        name_zh=said.get("name_zh", ""),
        base_currency=currency,
        fiscal_year_starts=_number(page, at, f"{path}.fiscal_year_starts", said.get("fiscal_year_starts", "1"), 1, 12),
        home=home == "true",
        rate_days=_number(page, at, f"{path}.rate_days", said.get("rate_days", str(RATE_DAYS)), 0, 366),
    )


def _centre(
    page: Page, section: str, code: str, said: Mapping[str, str], lines: Lines, entities: Mapping[str, LegalEntity]
) -> Centre:
    at, entity = lines[section, code], said.get("entity", "")
    _check_code(page, at, f"{section}.{code}", code)
    if entity and entity not in entities:
        page.wrong_on(at, f"{section}.{code}.entity", entity, "there is no such entity in this document")
    return Centre(code=code, name_en=said.get("name_en", ""), name_zh=said.get("name_zh", ""), entity=entity)


def _check_code(page: Page, line: int, path: str, code: str) -> None:
    sound = 0 < len(code) <= 32 and code.isascii() and code.replace("-", "").replace("_", "").isalnum()
    if not sound:
        violation = FieldViolation(field=path, value=code, remedy="give 1 to 32 letters, digits, - and _")
        page.retell(violation, line, path)


def _number(page: Page, line: int, path: str, text: str, low: int, high: int) -> int:
    if text.isascii() and text.isdecimal() and low <= int(text[:9]) <= high:
        return int(text)
    page.wrong_on(line, path, text, f"give a whole number from {low} to {high}")
    return low
