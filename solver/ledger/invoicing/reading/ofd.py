"""E-invoices as OFD (GB/T 33190): a zip of XML, whose tags say which text on the page is what."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solver.errors import InvalidRequest, Violations
from solver.ledger.invoicing.reading.einvoice import said_by
from solver.ledger.invoicing.reading.model import InvoiceFormat, ReadInvoice
from solver.ledger.invoicing.reading.said import Said, SaidLine, invoice_of
from solver.ledger.invoicing.reading.xml_nodes import MOST_BYTES, Node, read_xml

MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_ENTRIES = 1_000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_LINE_SLACK = 0.5  # millimetres by which texts of a line may stand apart
# The document's own data, which must say the same as its page.
_SAID_TWICE = (
    ("发票号码", "number"),
    ("合计金额", "net"),
    ("合计税额", "tax"),
    ("销售方纳税人识别号", "seller_tax_id"),
    ("购买方纳税人识别号", "buyer_tax_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text on a page, and how far down it stands, in millimetres."""

    text: str
    down: float


def read_ofd(data: bytes, origin: str) -> ReadInvoice:
    """The invoice of an OFD file. Raises InvalidRequest for what is none, goes beyond limits, or contradicts itself."""
    with _Package(data, origin) as package:
        root = package.xml("OFD.xml")
        original = package.named("original_invoice.xml")
        said = said_by(package.xml(original), origin) if original else _tagged(package, root)
        _refuse_contradiction(root, said, origin)
    return invoice_of(said, origin, InvoiceFormat.OFD)


class _Package:
    """A zip that is read within limits, whatever its directory claims."""

    def __init__(self, data: bytes, origin: str) -> None:
        self._origin = origin
        self._left = MOST_UNPACKED_BYTES
        if len(data) > MOST_FILE_BYTES:
            self.refuse(f"{len(data):,} bytes", f"an OFD has at most {MOST_FILE_BYTES:,}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            self.refuse(str(error), "this is no OFD; is the file complete? (文件不完整或不是 OFD)")
        self._names = self._zip.namelist()
        if len(self._names) > MOST_ENTRIES:
            self.refuse(f"{len(self._names):,} entries", f"an OFD has at most {MOST_ENTRIES:,}")

    def __enter__(self) -> "_Package":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def named(self, file: str) -> str:
        """The entry with this file name in whatever folder; empty where there is none."""
        return next((name for name in self._names if posixpath.basename(name) == file), "")

    def xml(self, name: str) -> Node:
        """An entry's document."""
        if name not in self._names:
            self.refuse(f"no {name}", "this is no OFD of an invoice (不是发票版式文件)")
        most = min(MOST_BYTES, self._left)
        try:
            with self._zip.open(name) as entry:
                data = entry.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            self.refuse(f"{name}: {error}", "the entry cannot be unpacked (无法解压)")
        if len(data) > most:
            self.refuse(f"{name} unpacks to more than {most:,} bytes", "an invoice is smaller than that")
        self._left -= len(data)
        return read_xml(data, f"{self._origin}/{name}")

    def refuse(self, value: str, remedy: str) -> None:
        """Raise InvalidRequest."""
        violations = Violations()
        violations.add(self._origin, value, remedy)
        raise InvalidRequest("the invoice's file", violations.found)


def _tagged(package: _Package, root: Node) -> Said:
    """What the tags point at: each names texts on pages by their ids."""
    document_name = root.said("DocRoot").lstrip("/")
    document = package.xml(document_name)
    folder = posixpath.dirname(document_name)
    tags_name = _within(folder, document.said("CustomTags"))
    tag_files = package.xml(tags_name)
    tags = package.xml(_within(posixpath.dirname(tags_name), tag_files.said("FileLoc")))
    texts: dict[str, _Text] = {}
    for page in document.all("Page"):
        if "BaseLoc" in page.attributes:
            texts |= _texts(package.xml(_within(folder, page.attributes["BaseLoc"])))
    return _said(tags, texts)


def _within(folder: str, location: str) -> str:
    return location.lstrip("/") if location.startswith("/") else posixpath.normpath(posixpath.join(folder, location))


def _texts(page: Node) -> dict[str, _Text]:
    found: dict[str, _Text] = {}
    for one in page.all("TextObject"):
        try:
            down = float(one.attributes.get("Boundary", "").split()[1])
        except (IndexError, ValueError):
            down = 0.0
        text = "".join(code.text for code in one.all("TextCode"))
        found[one.attributes.get("ID", "")] = _Text(text=text, down=down)
    return found


def _said(tags: Node, texts: Mapping[str, _Text]) -> Said:
    def of(name: str) -> list[_Text]:
        refs = [ref.text.strip() for tag in tags.all(name) for ref in tag.all("ObjectRef")]
        return [texts[ref] for ref in refs if ref in texts]

    def joined(name: str) -> str:
        return "".join(one.text for one in of(name)).strip()

    return Said(
        number=joined("InvoiceNo"),
        code=joined("InvoiceCode"),
        on=joined("IssueDate"),
        seller_name=joined("SellerName"),
        seller_tax_id=joined("SellerTaxID"),
        buyer_name=joined("BuyerName"),
        buyer_tax_id=joined("BuyerTaxID"),
        net=joined("TaxExclusiveTotalAmount"),
        tax=joined("TaxTotalAmount"),
        gross=joined("TaxInclusiveTotalAmount"),
        lines=_lines({name: of(name) for name in ("Item", "Amount", "TaxAmount", "TaxScheme", "Quantity")}),
    )


def _lines(columns: Mapping[str, Sequence[_Text]]) -> list[SaidLine]:
    """A line begins where an amount stands; what stands as high or lower, above the next amount, is of that line."""
    amounts = sorted(columns["Amount"], key=lambda one: one.down)
    lines = []
    for place, amount in enumerate(amounts):
        top = amount.down - _LINE_SLACK if place else float("-inf")
        bottom = amounts[place + 1].down - _LINE_SLACK if place + 1 < len(amounts) else float("inf")
        cells = {
            name: "".join(one.text for one in texts if top <= one.down < bottom) for name, texts in columns.items()
        }
        lines.append(
            SaidLine(
                name=cells["Item"],
                net=amount.text,
                tax=cells["TaxAmount"] or "0",
                rate=cells["TaxScheme"],
                quantity=cells["Quantity"],
            )
        )
    return lines


def _refuse_contradiction(root: Node, said: Said, origin: str) -> None:
    """The same thing is said twice, on the page and in the document's data: who changed one forgot the other."""
    data = {one.attributes.get("Name", ""): one.text.strip() for one in root.all("CustomData")}
    violations = Violations()
    for name, field in _SAID_TWICE:
        on_page = getattr(said, field).lstrip("¥￥").replace(",", "")
        if data.get(name) and on_page and data[name] != on_page:
            remedy = f"the page says {on_page}; the file was changed (版面与元数据不一致)"
            violations.add(f"{origin}: {name}", data[name], remedy)
    violations.refuse_any("the invoice's file")
