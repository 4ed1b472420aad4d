"""A real server on a database of its own, and a real browser: Debian's chromium under playwright, without the window it never shows.

walk     a `Walk`: the address of a running server, one signed-in page per person, and the rules of every page (no error in
         the console, no broken policy)

Where there is no chromium the browser tests are skipped with the reason; with CI set they fail instead.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from http import HTTPStatus
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from sipetruk import demo, migrations
from sipetruk.services import clock
from tests.browser import ready
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
PATIENCE_MS = 40_000
"""How long a page may take on a machine that runs everything at once; a passing test waits for nothing."""
PHONE = {"width": 390, "height": 844}
CHROMIUM = ("chromium-headless-shell", "chromium")
"""The first that is here: the same pages in the same engine; the shell needs two thirds of the time, having no window to paint."""


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
        """The page of a person, signed in on the first call: with what the form sends, which `test_account.py` fills in by hand."""
        if username not in self.pages:
            ask = self._page(username).request
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', ask.get(f"{self.base}/masuk").text())
            assert token is not None, "no form to sign in"
            form = {"csrf_token": token[1], "username": username, "password": PASSWORD}
            answer = ask.post(f"{self.base}/masuk", form=form, max_redirects=0)
            assert answer.status == HTTPStatus.SEE_OTHER, answer.text()
        return self.pages[username]

    def inspect(self, page: Page) -> None:
        """Note every fault that axe finds on the page, and whether it is wider than a phone."""
        if not self.is_inspecting:
            return
        page.wait_for_load_state()
        for fault in self.axe.run(page).response["violations"]:
            self.complaints.append(f"{page.url}: {fault['id']}: {fault['nodes'][0]['html'][:200]}")
        size = page.viewport_size
        page.set_viewport_size(PHONE)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.complaints.append(f"{page.url}: wider than a phone")
        page.set_viewport_size(size or PHONE)

    def _page(self, username: str) -> Page:
        if username not in self.pages:
            # who scrolls smoothly looks on for half the time: nothing is clicked before it stands still
            context: BrowserContext = self.browser.new_context(locale="id-ID", timezone_id="Asia/Makassar", reduced_motion="reduce")
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


def _of_a_whole_page(act: Callable[..., Any]) -> Callable[..., Any]:
    """An act or a reading that takes the page as it is, done when all of the page has arrived and its scripts have begun.

    Half a long form lists half its fields, and a button that is pressed too early does what it does without scripting.
    """

    @wraps(act)
    def acting(place: Locator, *args: Any, **options: Any) -> Any:
        place.page.wait_for_load_state("domcontentloaded")
        return act(place, *args, **options)

    return acting


READINGS = ("all", "all_inner_texts", "bounding_box", "count", "evaluate", "evaluate_all", "get_attribute", "inner_text", "input_value",
            "is_checked", "is_visible", "text_content")  # fmt: skip
ACTS = ("check", "click", "fill", "focus", "press", "select_option", "set_input_files", "uncheck")
for name in READINGS + ACTS:
    setattr(Locator, name, _of_a_whole_page(getattr(Locator, name)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no chromium: run `make browser`")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def serving(database_url: str, data_dir: Path) -> Iterator[str]:
    """The address of a server on this database, with the worker beside it, as `sipetruk serve` runs them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "SIPETRUK_ENV": "testing",
        "SIPETRUK_DATABASE_URL": database_url,
        "SIPETRUK_DATA_DIR": str(data_dir),
    }
    processes = [ready.web(port, environment), ready.worker(environment)]
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/readyz", processes[0])
        yield base
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(STOP_SECONDS)
            assert process.exitcode is not None, "the server did not stop"


def _wait_for(url: str, process: BaseProcess) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.is_alive(), "the server stopped while starting"
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
def demo_stage() -> str:
    """How far the award of the regency is: before any round, unless a file says otherwise."""
    return "preparation"


@pytest.fixture
def regency(engine: str, templates: Templates, demo_stage: str) -> Iterator[str]:
    """The address of a database with the whole regency, its accounts and instruments, at this stage."""
    url, _ = templates.copy(engine, f"regency_{demo_stage}", partial(_build_regency, demo_stage))
    yield url
    templates.remove(engine, url)


def _build_regency(stage: str) -> None:
    migrations.upgrade()
    demo.build(stage=stage, seed=1, password=PASSWORD, today=clock.today())
