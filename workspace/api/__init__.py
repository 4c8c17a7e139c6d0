"""Slack's Web API, one module per family of methods."""

from workspace.api import auth, chat, conversations, files, history, reactions, usergroups, users, views
from workspace.api.dispatch import answer

__all__ = ["answer", "auth", "chat", "conversations", "files", "history", "reactions", "usergroups", "users", "views"]
