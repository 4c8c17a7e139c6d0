"""Uploaded files: bytes in memory, and Slack's file object."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from urllib.parse import quote

from workspace import ids
from workspace.kinds import Json

LARGEST = 50 * 1024 * 1024


@dataclass
class Stored:
    """One file; `done` once its upload was completed."""

    id: str
    name: str
    length: int
    user: str
    created: int
    alt_text: str | None = None
    title: str = ""
    data: bytes | None = None
    done: bool = False
    channels: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        """Guessed from the name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_slack(self, url: str) -> Json:
        """Slack's file object; `url` is the workspace's address."""
        kind = self.name.rpartition(".")[2].lower() if "." in self.name else "text"
        private = f"{url}/files/{self.id}/{quote(self.name)}"
        out: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "user": self.user,
            "user_team": ids.TEAM,
            "editable": False,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": private,
            "url_private_download": private,
            "permalink": private,
            "file_access": "visible",
        }
        return out | ({"alt_txt": self.alt_text} if self.alt_text else {})


class Files:
    """All files by id."""

    def __init__(self) -> None:
        self.by_id: dict[str, Stored] = {}

    def expect(self, name: str, length: int, user: str, now: float) -> Stored:
        """A place for an upload to come."""
        stored = Stored(ids.new_id("F"), name, length, user, int(now))
        self.by_id[stored.id] = stored
        return stored
