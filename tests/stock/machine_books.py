"""Where a state machine keeps its books: it begins anew for every example."""


def in_a_file(folder: str) -> str:
    """The URL of a file in a folder of the machine's own."""
    return f"sqlite:{folder}/books.db"
