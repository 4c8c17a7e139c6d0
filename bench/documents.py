"""Pictures of what people see outside Slack: the page with the check-in code, and the sheets that are sent as PDF."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser
from sqlalchemy import select

from bench.morning import ROOT
from community import codes
from community.records import Event
from community.windows import late_from
from storage import Database
from views import code_page

OPENS = "https://slack.com/app_redirect?app=A0PRAXIS01&team=T0PRAXIS01&tab=home"
WINDOWS = {"code-page": (1360, 850), "code-page-narrow": (390, 844)}
SCALE = 1.6  # pixels of a PDF's point


def screens(browser: Browser, environment: Mapping[str, str], folder: Path, only: str) -> None:
    """The page with the code, wide and narrow, where the name matches."""
    for name, (width, height) in WINDOWS.items():
        if not re.search(only, name):
            continue
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_content(_code_page(environment["DATABASE_URL"]))
        page.screenshot(path=folder / f"{name}.png")
        page.close()
        print(folder / f"{name}.png")


def sheets(environment: Mapping[str, str], folder: Path, only: str) -> int:
    """The report as PDF, in both languages, where the name matches; returns how many failed."""
    failed = 0
    for locale in ("en", "fr"):
        if not re.search(only, name := f"report-page-{locale}"):
            continue
        sheet = folder / f"{name}.pdf"
        command = ["report", "--locale", locale, "--format", "pdf", "--output", str(sheet)]
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, str(ROOT / "bot.py"), *command], cwd=ROOT, env=dict(environment), capture_output=True
        )
        if done.returncode:
            failed += 1
            print(f"{name}: {done.stderr.decode()}", file=sys.stderr)
            continue
        pypdfium2.PdfDocument(sheet)[0].render(scale=SCALE).to_pil().save(folder / f"{name}.png")
        sheet.unlink()
        print(folder / f"{name}.png")
    return failed


def _code_page(url: str) -> str:
    """What the bot serves over HTTP while the newest event of no series takes check-ins."""
    database = Database(url)
    try:
        with database.read() as session:
            event = session.scalars(select(Event).where(~Event.sample).order_by(Event.id.desc()).limit(1)).one()
            return code_page.page(event, codes.shown(event, late_from(event) - timedelta(minutes=1)), OPENS, 30)
    finally:
        database.close()
