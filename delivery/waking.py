"""Who posts is woken the moment there is something to post."""

from __future__ import annotations

from storage.bells import Bell

to_post = Bell("outbox")
