"""Invoice platforms by name: one to practise on, or a function of one's own that makes an adapter."""

import importlib
import time
from typing import cast

from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.invoicing.platform import InvoicePlatform
from solver.ledger.invoicing.practice import PracticePlatform, Temper

PRACTICE = "practice"


def platform_of(said: str) -> InvoicePlatform:
    """`practice`, or `module:function`, which is called without anything. Raises InvalidRequest."""
    if said == PRACTICE:
        return PracticePlatform(temper=Temper(settles_after_seconds=0.0), seconds=time.monotonic)
    module, _, name = said.partition(":")
    try:
        return cast("InvoicePlatform", getattr(importlib.import_module(module), name)())
    except (ImportError, AttributeError, ValueError) as error:
        remedy = f"give {PRACTICE}, or module:function ({error})"
        violation = FieldViolation(field="the invoice platform", value=said, remedy=remedy)
        raise InvalidRequest("the adapter", [violation]) from error
