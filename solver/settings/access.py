"""Tokens that others signed, and what everybody may."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSettings:
    """Section `access`. Roles, callers and keys are no settings: they stand in the database."""

    signing_keys: Path | None = setting(
        None, "public keys that sign tokens, a JSON Web Key Set; it may change while a server runs"
    )
    issuer: str | None = setting(None, "who must have issued a signed token (iss)")
    audience: str | None = setting(None, "whom a signed token must be for (aud)")
    leeway_seconds: int = setting(30, "how far clocks may differ", least=0, most=600)
    calls_per_second: int = setting(
        0, "calls a second of each caller that has no rate of its own; 0 does not limit", least=0, most=1_000_000
    )
    rate_processes: int = setting(
        0,
        "server processes among which the rates of callers are divided, on all machines; 0: those of --processes",
        least=0,
        most=1_000,
    )
    reflection: bool = setting(
        default=True, meaning="whether the server describes its methods to who asks", option="--reflection"
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not go together, each with its remedy."""
        for name in ("issuer", "audience"):
            if self.signing_keys is not None and getattr(self, name) is None:
                yield name, "there are signing keys: say whose tokens are taken, and for whom"
            if self.signing_keys is None and getattr(self, name) is not None:
                yield "signing_keys", "without keys no signed token is taken: give their file as well"
