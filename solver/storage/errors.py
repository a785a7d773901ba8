"""What storage itself can refuse."""

from solver.errors import XunyuanError


class StorageUnusable(XunyuanError):
    """The database cannot be opened safely: its engine is too old, its schema too new, or it is closed already."""

    reason = "STORAGE_UNUSABLE"


class ConstraintRefused(XunyuanError):
    """A constraint or trigger of the database refused a statement; the statement changed nothing."""

    reason = "CONSTRAINT_REFUSED"


class StorageFailed(XunyuanError):
    """The disk is full or failed, or the store was lost: nothing of that write was kept, or it cannot be read."""

    reason = "STORAGE_FAILED"


class WriteUndone(StorageFailed):
    """The store undid a write for reasons of its own; the same write may be tried again at once."""


class OutcomeUnknown(StorageFailed):
    """The store was lost while it committed, and cannot be asked what became of it: repeat the request under its id."""

    reason = "OUTCOME_UNKNOWN"
