"""The page itself: one file that needs nothing else, put together from the files in `page` and `vendor`."""

import re
from enum import StrEnum
from html import escape
from pathlib import Path

import msgspec

from solver.report.content import Content
from solver.report.vendored import FOLDER as VENDOR
from solver.report.vendored import PACKAGES

_PAGE = Path(__file__).parent / "page"
# The page's modules, each after those that it imports.
_SCRIPTS = (
    *("columns", "words", "runs", "headline", "charts", "flows", "sources", "returns"),
    *("grid", "orders", "order", "main"),
)
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_SLOT = re.compile(r"\{\{([a-z_]+)\}\}")


class Language(StrEnum):
    """What a page speaks when it is opened; a switch on it changes that."""

    ENGLISH = "en"
    CHINESE = "zh"


def page_of(content: Content, packed: str, language: Language) -> str:
    """The whole page as text."""
    slots = {
        "language": language.value,
        "title": escape(content.title),
        "style": _text("style.css"),
        "licences": escape(_licences()),
        "content": _in_script(msgspec.json.encode(content).decode()),
        "words": _in_script(_text("words.json")),
        "columns": packed,
        "charts": (VENDOR / "echarts.min.js").read_text("utf-8"),
        "script": _script(),
    }
    return _SLOT.sub(lambda found: slots[found[1]], _text("page.html"))


def _text(name: str) -> str:
    return (_PAGE / name).read_text("utf-8")


def _script() -> str:
    """The modules as one script: names are unique across them, so imports and exports may go."""
    parts = [_EXPORT.sub("", _IMPORT.sub("", _text(f"{name}.js"))) for name in _SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();"


def _in_script(text: str) -> str:
    """JSON that cannot end the element it stands in."""
    return text.replace("<", "\\u003c")


def _licences() -> str:
    told = []
    for package in PACKAGES:
        texts = [(VENDOR / name).read_text("utf-8") for _, name, _ in package.files if name.endswith(".txt")]
        told.append(f"{package.name} {package.version} ({package.licence})\n\n" + "\n\n".join(texts))
    return "\n\n".join(told)
