"""Block Kit as Slack accepts it; where a published limit and a library's differ, the stricter one holds."""

from workspace.blocks.surfaces import message_problems, view_problems

__all__ = ["message_problems", "view_problems"]
