"""A real browser on a real workspace, with a small bot connected over a real socket."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from slack_sdk import WebClient

from runtime.socket_mode import Connections
from tests.kit import eventually
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
PATIENCE_MS = 30_000
VIEWPORT: ViewportSize = {"width": 1280, "height": 800}
WHISPER = {"channel": "@praxis", "command": "/sink", "text": "whisper"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("No Chromium here. To run the page's tests install one (Debian, Ubuntu: apt-get install chromium).")
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
    """A running workspace and the client of its bot; people act through `http`."""

    running: server.Running
    http: httpx.Client
    client: WebClient
    manifest: Path = MANIFEST

    @property
    def url(self) -> str:
        return self.running.url

    def act(self, who: str, what: str, **body: object) -> dict[str, str]:
        answer = self.http.post(f"/people/{who}/{what}", json=body)
        return dict(answer.raise_for_status().json())

    def say(self, who: str, channel: str, text: str, **more: object) -> dict[str, str]:
        return self.act(who, "say", channel=channel, text=text, **more)

    def command(self, who: str, channel: str, text: str) -> None:
        self.act(who, "command", channel=channel, command="/sink", text=text)

    def close_modals(self, who: str) -> None:
        while self.http.get(f"/people/{who}/view").json().get("view"):
            self.act(who, "close", all=True)

    def direct(self, who: str) -> str:
        """The id of somebody's direct messages with the bot."""
        places = self.http.get(f"/people/{who}/conversations").json()["conversations"]
        return str(next(place["id"] for place in places if place["kind"] == "im"))


@contextmanager
def fresh_site() -> Iterator[Site]:
    """A workspace of its own without a bot, for tests that stop it or move its clock."""
    running = server.start(port=0, manifest=MANIFEST)
    with httpx.Client(base_url=running.url, timeout=60, trust_env=False) as http:
        site = Site(running, http, WebClient(token=running.bot_token, base_url=running.api_url, retry_handlers=[]))
        yield site
        site.running.stop()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A workspace and its bot, which end with the module: open sockets ping, and draw random numbers for it."""
    with fresh_site() as site:
        uploaded = site.http.post("/people/olivia/upload", params={"name": "green.png"}, content=picture())
        image = uploaded.raise_for_status().json()["file"]["url_private"]
        app = sink.build(site.client, image)
        connections = Connections(app, site.running.app_token, 1)
        connections.start()
        # Its first answer may take longer than Slack waits while browsers start beside it; tests begin after it.
        eventually(lambda: site.http.post("/people/sam/command", json=WHISPER).is_success)
        yield site
        connections.stop()
        app.listener_runner.listener_executor.shutdown(wait=False)


@dataclass
class Visit:
    """One person's window; what its console said is judged at the end."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def go(self, site: Site, who: str, place: str = "home") -> Page:
        """Opens the page as somebody, without a modal left over from another test."""
        site.close_modals(who)
        self.page.goto(f"{site.url}/#/{who}/{place}")
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def allow(self, pattern: str) -> None:
        """A complaint of the browser itself that this test provokes, such as a failed request."""
        self.allowed.append(pattern)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def fail(self, error: Error) -> None:
        self.complaints.append(str(error))

    @contextmanager
    def listening(self) -> Iterator[None]:
        self.page.on("console", self.hear)
        self.page.on("pageerror", self.fail)
        yield
        self.page.remove_listener("console", self.hear)
        self.page.remove_listener("pageerror", self.fail)

    def judge(self) -> None:
        left = [text for text in self.complaints if not any(re.search(one, text) for one in self.allowed)]
        assert left == []


def _context(browser: Browser, **options: object) -> BrowserContext:
    settings = {"viewport": VIEWPORT, "reduced_motion": "reduce"} | options
    context = browser.new_context(**settings)  # type: ignore[arg-type]  # options as Playwright names them
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens windows; arguments are those of a browser context (viewport, color_scheme, …)."""
    opened: list[Visit] = []
    with ExitStack() as stack:

        def open_one(**options: object) -> Visit:
            context = _context(browser, **options)
            stack.callback(context.close)
            visit = Visit(context.new_page())
            stack.enter_context(visit.listening())
            opened.append(visit)
            return visit

        yield open_one
    for visit in opened:
        visit.judge()


@pytest.fixture(scope="session")
def shared_page(browser: Browser) -> Iterator[Page]:
    """One page for windows without wishes: a process for each of them would cost more than what they look at."""
    context = _context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def window(shared_page: Page) -> Iterator[Visit]:
    """A window as if just opened: an empty document takes what the one before left; the page itself stores nothing."""
    visit = Visit(shared_page)
    with visit.listening():
        yield visit
        shared_page.goto("about:blank")
    shared_page.set_viewport_size(VIEWPORT)
    shared_page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visit.judge()
