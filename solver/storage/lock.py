"""One server process for each data folder: what a process keeps in memory of the folder must stay true."""

from pathlib import Path

import apsw

from solver.storage.errors import StorageUnusable

LOCK_FILE = "xunyuan.lock"


class FolderLock:
    """Holds a folder for this process until it is let go or the process ends, however it ends.

    A SQLite file under an exclusive lock does this alike on every system. Raises StorageUnusable when another process,
    or another holder in this one, has the folder, or there can be none.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = apsw.Connection(str(folder / LOCK_FILE))
        except (OSError, apsw.Error) as error:
            raise StorageUnusable(f"there cannot be a database in {folder}: {error}") from error
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except apsw.BusyError as error:
            self._connection.close()
            raise StorageUnusable(
                f"{folder} is in use by another server; stop that one, or name another folder"
            ) from error
        except apsw.Error as error:
            self._connection.close()
            raise StorageUnusable(f"{folder} cannot be locked: {error}") from error

    def let_go(self) -> None:
        """Let others have the folder. Twice does nothing."""
        self._connection.close()
