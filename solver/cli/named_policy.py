"""A policy that a command names: one that ships with the product, by its id, or a file."""

from collections.abc import Sequence
from pathlib import Path

from solver.errors import FieldViolation, InvalidRequest, XunyuanError
from solver.policies.document import parse
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument


class NotSound(InvalidRequest):
    """Files that are no policies; the text has every line that is wrong."""

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        super().__init__("the policy", violations)

    def __str__(self) -> str:
        return "\n".join(str(violation) for violation in self.violations)


def policy_named(text: str) -> PolicyDocument:
    """The newest shipped policy of this id, or else what the file says; `./ID` is always a file.

    Raises NotSound with every line of the file that is wrong.
    """
    shipped = [document for document in shipped_policies() if document.policy_id == text]
    if shipped:
        return max(shipped, key=lambda document: document.version)
    try:
        return parse(Path(text).read_text("utf-8"), text)
    except InvalidRequest as refused:
        raise NotSound(refused.violations) from refused
    except OSError as error:
        ids = ", ".join(sorted({document.policy_id for document in shipped_policies()}))
        raise XunyuanError(f"{text}: {error.strerror}; name a file, or a policy that ships: {ids}") from error
    except UnicodeDecodeError as error:
        raise XunyuanError(f"{text}: no text in UTF-8") from error
