"""A form's file: YAML, read strictly. The next format is a file, not code."""

import codecs
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from solver.errors import InvalidRequest, NotFound
from solver.ledger.statements.currencies import CURRENCIES
from solver.ledger.statements.form import Flow, FlowRule, Form, Summary, Total
from solver.page import Fields, Page, shown
from solver.validation import unknown

_FIELDS = (
    "statement",
    "name",
    "zone",
    "currency",
    "currencies",
    "currency_column",
    "encodings",
    "delimiter",
    "strip",
    "at",
    "at_else",
    "time_forms",
    "amounts",
    "amount_in",
    "amount_out",
    "amount_form",
    "empty",
    "decimal",
    "fee",
    "fee_is_negative",
    "fee_rounds",
    "net",
    "keys",
    "empty_keys",
    "party",
    "channel",
    "memo",
    "carried",
    "optional",
    "flows",
    "totals",
    "summary",
    "source",
    "was_tried",
)
_NEEDED = ("statement", "name", "zone", "currency", "at", "time_forms", "flows")
_FLOW_FIELDS = ("when", "flow", "kind", "amount")
_TOTAL_FIELDS = ("line", "when", "less_refunded")
_SUMMARY_FIELDS = ("starts", "when", "own_names", "sums", "rows", "required")


def shipped_forms() -> tuple[str, ...]:
    """The ids of the forms that ship with the product."""
    folder = resources.files("solver.ledger.statements") / "forms"
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml")))


def form_of(form_id: str) -> Form:
    """A shipped form. Raises NotFound."""
    if form_id not in (known := shipped_forms()):
        raise NotFound(
            f"{form_id}: {unknown(form_id, known, 'form of a statement', 'give one of ' + ', '.join(known))}"
        )
    file = resources.files("solver.ledger.statements") / "forms" / f"{form_id}.yaml"
    return read_form(file.read_text("utf-8"), f"{form_id}.yaml")


def form_from(path: Path) -> Form:
    """A form of one's own. Raises InvalidRequest with every fault and its line."""
    try:
        return read_form(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path}: cannot be read as text in UTF-8: {error}") from error


def read_form(text: str, origin: str) -> Form:
    """What a form's text says. Raises InvalidRequest with every fault and its line."""
    page = Page(origin, noun="form of a statement")
    node = page.compose(text)
    form = None if node is None else _form(page, node)
    if page.violations or form is None:
        raise InvalidRequest("the form", page.violations)
    return form


def _form(page: Page, node: yaml.Node) -> Form | None:
    fields = page.fields(node, "", _FIELDS)
    for name in _NEEDED:
        if name not in fields:
            page.wrong(node, name, "nothing", "is needed")
    read = _Reader(page, fields)
    form = Form(
        form_id=read.text("statement"),
        name=read.text("name"),
        zone=_zone(page, fields),
        currency=_currency(page, fields),
        at=read.text("at"),
        time_forms=read.words("time_forms"),
        flows=_flows(page, fields),
        encodings=_encodings(page, fields),
        delimiter=_one_character(page, fields, "delimiter", ","),
        strip=read.raw("strip"),
        currencies=_currencies(page, read, fields),
        currency_column=read.text("currency_column"),
        amounts=read.words("amounts"),
        amount_in=read.text("amount_in"),
        amount_out=read.text("amount_out"),
        amount_form=read.pattern("amount_form", {"amount", "refunded"}, "amount"),
        empty=frozenset({"", *read.raws("empty")}),
        decimal=_one_character(page, fields, "decimal", "."),
        fee=read.text("fee"),
        fee_is_negative=read.flag("fee_is_negative"),
        fee_rounds=read.flag("fee_rounds"),
        net=read.text("net"),
        keys=read.names("keys"),
        empty_keys=frozenset({"", "/", *read.raws("empty_keys")}),
        party=read.text("party"),
        channel=read.text("channel"),
        memo=read.text("memo"),
        at_else=read.text("at_else"),
        optional=frozenset(read.words("optional")),
        carried=read.words("carried"),
        totals=_totals(page, fields),
        summary=_summary(page, fields),
        source=read.text("source"),
        was_tried=read.flag("was_tried"),
    )
    if bool(form.amounts) == bool(form.amount_in and form.amount_out):
        page.wrong(node, "amounts", "nothing or both", "name `amounts`, or both `amount_in` and `amount_out`")
    return form


class _Reader:
    """Fields of one mapping by how they are read; one that is absent is empty."""

    def __init__(self, page: Page, fields: Fields, path: str = "") -> None:
        self._page, self._fields, self._path = page, fields, path

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def text(self, name: str) -> str:
        node = self._fields.get(name)
        return "" if node is None else self._page.text(node, self._at(name))

    def raw(self, name: str) -> str:
        node = self._fields.get(name)
        return "" if node is None else shown(node)

    def raws(self, name: str) -> tuple[str, ...]:
        node = self._fields.get(name)
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [] if node is None else [node]
        return tuple(shown(one) for one in nodes)

    def words(self, name: str) -> tuple[str, ...]:
        node = self._fields.get(name)
        return () if node is None else self._page.words(node, self._at(name))

    def names(self, name: str) -> dict[str, str]:
        node = self._fields.get(name)
        if node is None:
            return {}
        return {key: shown(value) for key, value in self._page.fields(node, self._at(name)).items()}

    def flag(self, name: str) -> bool:
        node = self._fields.get(name)
        if node is None:
            return False
        if shown(node) not in ("true", "false"):
            self._page.wrong(node, self._at(name), shown(node), "write true or false")
        return shown(node) == "true"

    def pattern(self, name: str, groups: set[str], needed: str) -> re.Pattern[str] | None:
        node = self._fields.get(name)
        if node is None:
            return None
        try:
            pattern = re.compile(shown(node))
        except re.error as error:
            self._page.wrong(node, self._at(name), shown(node), f"is no regular expression: {error}")
            return None
        named = set(pattern.groupindex)
        if not named or not named <= groups or (needed and needed not in named):
            self._page.wrong(node, self._at(name), shown(node), f"name its groups: {', '.join(sorted(groups))}")
        return pattern


def _zone(page: Page, fields: Fields) -> ZoneInfo:
    node = fields.get("zone")
    try:
        return ZoneInfo("UTC" if node is None else shown(node))
    except (ZoneInfoNotFoundError, ValueError):
        assert node is not None
        page.wrong(node, "zone", shown(node), "name a time zone such as Asia/Shanghai")
        return ZoneInfo("UTC")


def _currency(page: Page, fields: Fields) -> str:
    node = fields.get("currency")
    if node is not None and shown(node) not in CURRENCIES:
        page.wrong(node, "currency", shown(node), "is no code of ISO 4217, such as CNY")
    return "" if node is None else shown(node)


def _currencies(page: Page, read: _Reader, fields: Fields) -> dict[str, str]:
    found = read.names("currencies")
    for code in found.values():
        if code not in CURRENCIES:
            page.wrong(fields["currencies"], "currencies", code, "is no code of ISO 4217, such as CNY")
    return found


def _one_character(page: Page, fields: Fields, name: str, otherwise: str) -> str:
    node = fields.get(name)
    text = otherwise if node is None else {"tab": "\t"}.get(shown(node), shown(node))
    if len(text) != 1:
        assert node is not None
        page.wrong(node, name, text, "write one character, or tab")
        return otherwise
    return text


def _encodings(page: Page, fields: Fields) -> tuple[str, ...]:
    node = fields.get("encodings")
    if node is None:
        return ("utf-8", "gb18030")
    names = page.words(node, "encodings")
    for name in names:
        try:
            codecs.lookup(name)
        except LookupError:
            page.wrong(node, "encodings", name, "there is no such encoding; utf-8 and gb18030 are two")
    return names


def _listed(
    page: Page, fields: Fields, name: str, known: tuple[str, ...], make: Callable[[yaml.Node, str, Fields], None]
) -> None:
    node = fields.get(name)
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        page.wrong(node, name, shown(node), "write a list")
        return
    for position, one in enumerate(node.value):
        path = f"{name}[{position}]"
        make(one, path, page.fields(one, path, known))


def _flows(page: Page, fields: Fields) -> tuple[FlowRule, ...]:
    rules: list[FlowRule] = []

    def make(node: yaml.Node, path: str, said: Fields) -> None:
        read = _Reader(page, said, path)
        way = read.text("flow")
        if way not in (known := [str(flow) for flow in Flow]):
            page.wrong(said.get("flow", node), f"{path}.flow", way, f"give one of {', '.join(known)}")
            return
        rules.append(
            FlowRule(when=read.names("when"), flow=Flow(way), kind=read.text("kind"), amount=read.text("amount"))
        )

    _listed(page, fields, "flows", _FLOW_FIELDS, make)
    return tuple(rules)


def _totals(page: Page, fields: Fields) -> tuple[Total, ...]:
    found: list[Total] = []

    def make(_: yaml.Node, path: str, said: Fields) -> None:
        read = _Reader(page, said, path)
        pattern = read.pattern("line", {"rows", "sum"}, "")
        if pattern is not None:
            found.append(Total(line=pattern, when=read.names("when"), less_refunded=read.flag("less_refunded")))

    _listed(page, fields, "totals", _TOTAL_FIELDS, make)
    return tuple(found)


def _summary(page: Page, fields: Fields) -> Summary | None:
    node = fields.get("summary")
    if node is None:
        return None
    read = _Reader(page, page.fields(node, "summary", _SUMMARY_FIELDS), "summary")
    return Summary(
        starts=read.words("starts"),
        when=read.names("when"),
        own_names=read.flag("own_names"),
        sums=read.names("sums"),
        rows=read.text("rows"),
        required=read.flag("required"),
    )
