"""A real browser for tests: Debian's Chromium, without a window and without a network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_PATIENCE_MS = 120_000  # until a page that does not answer is given up, on the slowest of machines


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none, and fails in CI."""
    path = shutil.which("chromium")
    if path is None:
        reason = "needs Debian's Chromium on the PATH: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; in CI it must be there")
        pytest.skip(reason)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page that is opened from a file, with everything that it says and everything that it asks for."""

    def __init__(self, browser: Browser, file: str, **settings: Any) -> None:
        self.context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 900}, **settings})
        self.context.set_default_timeout(_PATIENCE_MS)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file)
        self.page.wait_for_selector("html[data-state=ready]")
