"""The few shapes that every module of the workspace shares."""

from __future__ import annotations

from typing import Any

Json = dict[
    str, Any
]  # JSON objects as they come and go over the wire: their shape is Slack's, checked where they enter
