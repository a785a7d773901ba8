"""How the reading of one row ends early."""


class RefusedError(Exception):
    """This row cannot be used: a stable reason code, and the value that stood in the way."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason, text)
        self.reason = reason
        self.text = text


def refuse(reason: str, text: str, *, when: bool) -> None:
    """Raise RefusedError when the condition holds."""
    if when:
        raise RefusedError(reason, text)
