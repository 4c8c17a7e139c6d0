"""Starting loads what every start needs, and nothing else: libraries that few need are loaded when they need them."""

from __future__ import annotations

import json
import subprocess
import sys

LATER = ("matplotlib", "openpyxl", "holidays", "icalendar", "fpdf", "playwright", "sklearn", "pandas")


def test_libraries_that_few_need_do_not_delay_a_start() -> None:
    look = f"""
import json, sys
import handlers, runtime.modes
from slack_bolt import App
handlers.register(App(token="xoxb-none", signing_secret="none", token_verification_enabled=False))
print(json.dumps([name for name in {LATER!r} if name in sys.modules]))
"""
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(loaded.stdout) == []
