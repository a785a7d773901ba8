"""A value as it may be shown: what is secret is masked."""

import json
import re

from solver.settings.kinds import Value, in_words
from solver.settings.setting import Setting

MASK = "********"
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^@]*@")
_PARAMETER = re.compile(r"((?:ssl)?password=)[^&]*", re.IGNORECASE)


def masked(setting: Setting, value: Value) -> str:
    """The value in YAML, without what is secret in it."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return in_words(value)
    if isinstance(value, tuple):
        return json.dumps([MASK for _ in value] if setting.secret else value, ensure_ascii=False)
    text = str(value)
    if setting.secret:
        text = _without_password(text) if "://" in text else MASK
    return json.dumps(text, ensure_ascii=False) if _needs_quotes(text) else text


def _without_password(url: str) -> str:
    return _PARAMETER.sub(rf"\g<1>{MASK}", _PASSWORD.sub(rf"\g<1>:{MASK}@", url))


def _needs_quotes(text: str) -> bool:
    return not re.fullmatch(r"[A-Za-z/.][\w/.:+@=?&-]*(?<!:)", text) or text.lower() in (
        "true",
        "false",
        "null",
        "yes",
        "no",
    )
