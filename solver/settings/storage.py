"""Where the data are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.settings.setting import setting

DEFAULT_DATA = Path("var/data")


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSettings:
    """Section `storage`: a folder or a URL."""

    data: Path = setting(DEFAULT_DATA, "folder of the database; counts where no url is given", option="--data")
    url: str | None = setting(
        None, "another database instead: postgresql://USER@HOST/NAME, or sqlite:FILE", option="--url", secret=True
    )
    load: Path | None = setting(None, "a scenario to load if the database is empty", option="--load")

    request_days: int = setting(
        365,
        "answers to requests are kept so many days: a repeat gets the same one, a later one is refused; 0: for ever",
        least=0,
        most=36_500,
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not go together, each with its remedy."""
        if self.url is not None and self.data != DEFAULT_DATA:
            yield "data", "there is a url as well: give one of the two"

    @property
    def where(self) -> str | Path:
        """The URL, or else the folder."""
        return self.url or self.data
