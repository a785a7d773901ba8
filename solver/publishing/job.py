"""A job of publishing, as people write it: which channels and shops, with which mappings, through which adapters."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solver.errors import InvalidRequest, Violations
from solver.page import Fields, Page
from solver.publishing.channel import Channel
from solver.publishing.channel_file import MOST_CHARACTERS, load_channel
from solver.publishing.mapping import ChannelMapping
from solver.publishing.mapping_file import read_mapping
from solver.publishing.numbers import number
from solver.publishing.shop import Shop
from solver.validation import unknown

JOB_FILE = "publish.yaml"
_CHANNEL = ("rules", "mapping", "adapter", "calls_per_minute")
_SHOPS = ("channel", "calls_per_minute", "names", "numbered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Channels, mappings, adapters and calls a minute (0: no limit is known) by channel id, and the shops.

    `catalog` is the folder of the catalog's files.
    """

    title: str
    catalog: Path
    channels: Mapping[str, Channel]
    mappings: Mapping[str, ChannelMapping]
    adapters: Mapping[str, str]
    calls_per_minute: Mapping[str, int]
    shops: tuple[Shop, ...]


def read_job(folder: Path) -> Job:
    """The job of a folder. Raises InvalidRequest with every fault of its files, each with its line."""
    path = folder / JOB_FILE
    violations = Violations()
    if not path.is_file():
        violations.add(str(path), "missing", f"name a folder with a {JOB_FILE}; docs/publishing.md shows one")
        violations.refuse_any("the job of publishing")
    page = Page(JOB_FILE, noun="job", most_characters=MOST_CHARACTERS)
    job = _Reading(page, folder, violations).job(path.read_text(encoding="utf-8"))
    violations.found[:0] = page.violations
    violations.refuse_any(f"the job in {folder}")
    return job


class _Reading:
    """One job as it is read; faults of other files go to `violations`."""

    def __init__(self, page: Page, folder: Path, violations: Violations) -> None:
        self._page, self._folder, self._violations = page, folder, violations

    def job(self, text: str) -> Job:
        root = self._page.compose(text)
        fields: Fields = {} if root is None else self._page.fields(root, "", ("title", "catalog", "channels", "shops"))
        for name in ("catalog", "channels", "shops"):
            if root is not None and name not in fields:
                self._page.wrong(root, name, "missing", "say it")
        channels: dict[str, Channel] = {}
        mappings: dict[str, ChannelMapping] = {}
        adapters: dict[str, str] = {}
        calls: dict[str, int] = {}
        stated: Fields = self._page.fields(fields["channels"], "channels") if "channels" in fields else {}
        for channel_id, node in stated.items():
            path = f"channels.{channel_id}"
            said = self._page.fields(node, path, _CHANNEL)
            texts = {name: self._page.text(said[name], f"{path}.{name}") for name in said}
            calls[channel_id] = self._calls(said, path)
            if "mapping" not in said:
                self._page.wrong(node, f"{path}.mapping", "missing", "name a file with the mapping")
            adapters[channel_id] = texts.get("adapter", "practice")
            channel = self._channel(channel_id, texts.get("rules", ""))
            if channel is not None:
                channels[channel_id] = channel
                mapping = self._mapping(texts.get("mapping", ""), channel)
                if mapping is not None:
                    mappings[channel_id] = mapping
        return Job(
            title=self._page.text(fields["title"], "title") if "title" in fields else self._folder.name,
            catalog=self._folder / (self._page.text(fields["catalog"], "catalog") if "catalog" in fields else ""),
            channels=channels,
            mappings=mappings,
            adapters=adapters,
            calls_per_minute=calls,
            shops=self._shops(fields, stated) if "shops" in fields else (),
        )

    def _calls(self, said: Fields, path: str) -> int:
        return number(self._page, said, "calls_per_minute", f"{path}.calls_per_minute", 0, most=1_000_000)

    def _channel(self, channel_id: str, rules: str) -> Channel | None:
        try:
            return load_channel(str(self._folder / rules) if rules else channel_id)
        except InvalidRequest as refused:
            self._violations.found.extend(refused.violations)
            return None

    def _mapping(self, name: str, channel: Channel) -> ChannelMapping | None:
        path = self._folder / name
        if not name or not path.is_file():
            if name:
                self._violations.add(
                    f"{JOB_FILE}: channels.{channel.channel_id}.mapping", name, "there is no such file"
                )
            return None
        try:
            return read_mapping(path.read_text(encoding="utf-8"), name, channel)
        except InvalidRequest as refused:
            self._violations.found.extend(refused.violations)
            return None

    def _shops(self, fields: Fields, channels: Fields) -> tuple[Shop, ...]:
        """`BH: {channel: baihui, names: [a, b]}`, or so many of them: `KM: {channel: kuaima, numbered: 200}`."""
        shops: list[Shop] = []
        for group, node in self._page.fields(fields["shops"], "shops").items():
            path = f"shops.{group}"
            said = self._page.fields(node, path, _SHOPS)
            channel_id = self._page.text(said["channel"], f"{path}.channel") if "channel" in said else group
            if channel_id not in channels:
                remedy = unknown(channel_id, channels, "channel", "name one of `channels`")
                self._page.wrong(node, f"{path}.channel", channel_id, remedy)
            names = self._page.words(said["names"], f"{path}.names") if "names" in said else ()
            count = number(self._page, said, "numbered", f"{path}.numbered", 0, most=100_000)
            names += tuple(f"{group}-{one:03}" for one in range(1, count + 1))
            rate = self._calls(said, path)
            pause = 60 / rate if rate else 0.0
            shops.extend(Shop(shop_id=name, channel_id=channel_id, pause_seconds=pause) for name in names or (group,))
        return tuple(shops)
