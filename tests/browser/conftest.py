"""A real server on a database of its own, and a real browser: Debian's chromium under playwright.

walk     a `Walk`: the address of a running server, one signed-in page per person, and the rules of every page (no error in
         the console, no broken policy)

Where there is no chromium the browser tests are skipped with the reason; with CI set they fail instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from sipetruk import demo, migrations
from sipetruk.services import clock
from tests.conftest import Templates

PASSWORD = "rahasia-bersama"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 90
STOP_SECONDS = 40
"""A server that is told to stop gives its processes 30 s."""
PATIENCE_MS = 20_000
"""How long a page may take on a machine that runs everything at once; a passing test waits for nothing."""
PHONE = {"width": 390, "height": 844}


@dataclass
class Walk:
    base: str
    browser: Browser
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    axe: Axe = field(default_factory=Axe)
    is_inspecting: bool = True
    """Off where the same pages are inspected on the other engine: what axe sees does not depend on the database."""

    def public(self) -> Page:
        """A page of nobody."""
        return self._page("")

    def page(self, username: str) -> Page:
        """The page of a person, signed in through the form on the first call."""
        if username not in self.pages:
            page = self._page(username)
            page.goto(f"{self.base}/masuk")
            page.get_by_label("Nama pengguna").fill(username)
            page.get_by_label("Kata sandi").fill(PASSWORD)
            page.get_by_role("button", name="Masuk").click()
            page.wait_for_url(lambda url: "/masuk" not in url)
        return self.pages[username]

    def inspect(self, page: Page) -> None:
        """Note every fault that axe finds on the page, and whether it is wider than a phone."""
        if not self.is_inspecting:
            return
        for fault in self.axe.run(page).response["violations"]:
            self.complaints.append(f"{page.url}: {fault['id']}: {fault['nodes'][0]['html'][:200]}")
        size = page.viewport_size
        page.set_viewport_size(PHONE)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.complaints.append(f"{page.url}: wider than a phone")
        page.set_viewport_size(size or PHONE)

    def _page(self, username: str) -> Page:
        if username not in self.pages:
            context: BrowserContext = self.browser.new_context(locale="id-ID", timezone_id="Asia/Makassar")
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.on("console", self._listen)
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            self.pages[username] = page
        return self.pages[username]

    def _listen(self, message: ConsoleMessage) -> None:
        """Anything the browser complains about, but for the refusals that a test provokes on purpose."""
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)


expect.set_options(timeout=PATIENCE_MS)


def _of_a_whole_page(read: Callable[..., Any]) -> Callable[..., Any]:
    """A reading that takes the page as it is, done when all of the page has arrived: half a long form lists half its fields."""

    @wraps(read)
    def reading(place: Locator, *args: Any, **options: Any) -> Any:
        place.page.wait_for_load_state("domcontentloaded")
        return read(place, *args, **options)

    return reading


for name in ("all", "all_inner_texts", "count", "evaluate_all", "inner_text", "is_checked", "is_visible", "text_content"):
    setattr(Locator, name, _of_a_whole_page(getattr(Locator, name)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no chromium: run `make browser`")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def serving(database_url: str, data_dir: Path) -> Iterator[str]:
    """The address of a server process on this database, as `sipetruk serve` runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "SIPETRUK_ENV": "testing",
        "SIPETRUK_DATABASE_URL": database_url,
        "SIPETRUK_DATA_DIR": str(data_dir),
        "SIPETRUK_WORKERS": "1",
    }
    command = [sys.executable, "-c", "from sipetruk.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2])
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/readyz", process)
        yield base
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped while starting"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # an address of this machine
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer {url} within {START_SECONDS} s")


@pytest.fixture
def walk(browser: Browser, regency: str, data_dir: Path) -> Iterator[Walk]:
    with serving(regency, data_dir) as base:
        walking = Walk(base, browser)
        yield walking
        for page in walking.pages.values():
            page.context.close()
    assert walking.complaints == [], "\n".join(walking.complaints)


@pytest.fixture
def regency(engine: str, templates: Templates) -> Iterator[str]:
    """The address of a database with the whole regency, its accounts and instruments, before any round."""
    url, _ = templates.copy(engine, "regency", _build_regency)
    yield url
    templates.remove(engine, url)


def _build_regency() -> None:
    migrations.upgrade()
    demo.build(stage="preparation", seed=1, password=PASSWORD, today=clock.today())
