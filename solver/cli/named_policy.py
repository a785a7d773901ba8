"""A policy that a command names: one that ships with the product, by its id, or a file."""

from pathlib import Path

from solver.errors import XunyuanError
from solver.policies.document import parse
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument


def policy_named(text: str) -> PolicyDocument:
    """The newest shipped policy of this id, or else what the file says; `./ID` is always a file.

    Raises InvalidRequest with every line of the file that is wrong.
    """
    shipped = [document for document in shipped_policies() if document.policy_id == text]
    if shipped:
        return max(shipped, key=lambda document: document.version)
    try:
        return parse(Path(text).read_text("utf-8"), text)
    except OSError as error:
        ids = ", ".join(sorted({document.policy_id for document in shipped_policies()}))
        raise XunyuanError(f"{text}: {error.strerror}; name a file, or a policy that ships: {ids}") from error
    except UnicodeDecodeError as error:
        raise XunyuanError(f"{text}: no text in UTF-8") from error
