"""Everything that can be set, by section.

A new section is a dataclass of `setting`s in a file of its own, and a line in `Settings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from solver.settings.access import AccessSettings
from solver.settings.admission import AdmissionSettings
from solver.settings.invoices import InvoiceSettings
from solver.settings.persons import PersonSettings
from solver.settings.server import ServerSettings
from solver.settings.setting import Setting, settings_of
from solver.settings.storage import StorageSettings
from solver.settings.tls import TlsSettings
from solver.settings.watching import WatchingSettings
from solver.settings.webhooks import WebhookSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds. The defaults alone make a server on this machine with a folder of its own."""

    server: ServerSettings = ServerSettings()
    storage: StorageSettings = StorageSettings()
    tls: TlsSettings = TlsSettings()
    access: AccessSettings = AccessSettings()
    admission: AdmissionSettings = AdmissionSettings()
    watching: WatchingSettings = WatchingSettings()
    invoices: InvoiceSettings = InvoiceSettings()
    webhooks: WebhookSettings = WebhookSettings()
    persons: PersonSettings = PersonSettings()


SECTIONS: Mapping[str, type[Any]] = {one.name: get_type_hints(Settings)[one.name] for one in fields(Settings)}
SETTINGS: Mapping[str, Setting] = {
    one.path: one for section, kind in SECTIONS.items() for one in settings_of(section, kind)
}
