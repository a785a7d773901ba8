"""One setting: a field of a section, with its meaning, its limits and its names outside."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, get_type_hints

from solver.settings.kinds import Kind, Value, kind_of

VARIABLE_PREFIX = "XUNYUAN_"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    meaning: str
    least: float | None
    most: float | None
    choices: tuple[str, ...]
    option: str | None
    secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A field of a section. What is `secret` is never shown; of a URL that is the password in it."""

    section: str
    name: str
    kind: Kind
    default: Value
    meaning: str
    least: float | None
    most: float | None
    choices: tuple[str, ...]
    option: str
    secret: bool

    @property
    def path(self) -> str:
        """How a file and an error name it, such as `server.port`."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """How the environment names it, such as `XUNYUAN_SERVER_PORT`."""
        return f"{VARIABLE_PREFIX}{self.section}_{self.name}".upper()

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.least is not None and self.most is not None:
            return f"{self.kind.noun} from {self.least:,} to {self.most:,}"
        if self.least is not None:
            return f"{self.kind.noun}, at least {self.least:,}"
        return self.kind.noun

    def read(self, text: str) -> Value:
        """The value that a text means. Raises ValueError with the remedy where it is not allowed."""
        try:
            value = self.kind.read(text)
        except ValueError:
            raise ValueError(f"give {self.allowed}") from None
        within = (
            (not self.choices or value in self.choices)
            and (self.least is None or not isinstance(value, int | float) or value >= self.least)
            and (self.most is None or not isinstance(value, int | float) or value <= self.most)
        )
        if not within:
            raise ValueError(f"give {self.allowed}")
        return value


def setting(
    default: Value,
    meaning: str,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] = (),
    option: str | None = None,
    secret: bool = False,
) -> Any:
    """A field of a section's dataclass. Its option is `--section-name` unless another is given."""
    told = _Told(meaning=meaning, least=least, most=most, choices=choices, option=option, secret=secret)
    return field(default=default, metadata={"setting": told})


def settings_of(section: str, kind: type) -> Iterator[Setting]:
    """Every setting of a section, in the order of its dataclass."""
    types = get_type_hints(kind)
    for one in fields(kind):
        yield _setting_of(section, one, types[one.name])


def _setting_of(section: str, one: "Field[Any]", annotation: Any) -> Setting:
    told: _Told = one.metadata["setting"]
    assert one.default is not MISSING, f"{section}.{one.name} has no default"
    return Setting(
        section=section,
        name=one.name,
        kind=kind_of(annotation),
        default=one.default,
        meaning=told.meaning,
        least=told.least,
        most=told.most,
        choices=told.choices,
        option=told.option or f"--{section}-{one.name}".replace("_", "-"),
        secret=told.secret,
    )
