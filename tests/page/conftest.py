"""A real browser on a real workspace, with a small bot connected over a real socket."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from slack_sdk import WebClient

from tests.page import sink
from workspace import server

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
MANIFEST = Path(__file__).with_name("manifest.json")
PATIENCE_MS = 6_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests share one worker, and with it one browser and one workspace."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("page"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("No Chromium here: install one (Debian and Ubuntu: apt-get install chromium) to run the page's tests.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


def picture() -> bytes:
    """A small green PNG."""
    rows = b"".join(b"\0" + b"\x12\x62\x5c" * 48 for _ in range(24))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 48, 24, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass
class Site:
    """A running workspace and its bot's client; people act through `http`."""

    url: str
    client: WebClient
    http: httpx.Client

    def say(self, who: str, channel: str, text: str, **more: object) -> dict[str, str]:
        answer = self.http.post(f"/people/{who}/say", json={"channel": channel, "text": text} | more)
        answer.raise_for_status()
        return dict(answer.json())


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    running = server.start(port=0, manifest=MANIFEST)
    client = WebClient(token=running.bot_token, base_url=running.api_url, retry_handlers=[])
    with httpx.Client(base_url=running.url, timeout=10) as http:
        uploaded = http.post("/people/olivia/upload", params={"name": "green.png"}, content=picture())
        handler = sink.build(client, running.app_token, uploaded.raise_for_status().json()["file"]["url_private"])
        handler.connect()
        yield Site(running.url, client, http)
        handler.close()
    running.stop()


@dataclass
class Visit:
    """One person's window; what its console said is judged at the end."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def go(self, site: Site, who: str, place: str = "home") -> Page:
        self.page.goto(f"{site.url}/#/{who}/{place}")
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def allow(self, pattern: str) -> None:
        """A complaint of the browser itself that this test provokes, such as a failed request."""
        self.allowed.append(pattern)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def judge(self) -> None:
        left = [text for text in self.complaints if not any(re.search(one, text) for one in self.allowed)]
        assert left == []


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens windows; arguments are those of a browser context (viewport, color_scheme, …)."""
    opened: list[tuple[BrowserContext, Visit]] = []

    def open_one(**options: object) -> Visit:
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]  # options as Playwright names them
        visit = Visit(context.new_page())
        visit.page.on("console", visit.hear)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        opened.append((context, visit))
        return visit

    yield open_one
    for context, _ in opened:
        context.close()
    for _, visit in opened:
        visit.judge()


@pytest.fixture
def window(open_window: Callable[..., Visit]) -> Visit:
    return open_window()
