"""Views against files: what people see changes only when somebody looks at the change.

`PRAXIS_WRITE_GOLDEN=1 pytest …` writes the files anew; the difference is then in the commit to be read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from workspace.blocks import surfaces

FOLDER = Path(__file__).parent / "golden"


def looks_as_before(name: str, rendered: dict[str, Any]) -> None:
    """Compare with `tests/golden/NAME.json`, and with what Slack accepts."""
    problems = (
        surfaces.view_problems(rendered, kinds=("modal", "home"))
        if "type" in rendered
        else surfaces.message_problems(rendered.get("blocks", []))
    )
    assert not problems, f"Slack would refuse {name}: {problems}"
    path = FOLDER / f"{name}.json"
    text = json.dumps(rendered, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("PRAXIS_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} is missing; write it with PRAXIS_WRITE_GOLDEN=1 and read it"
    assert text == path.read_text(encoding="utf-8"), f"{name} looks different from {path}"
