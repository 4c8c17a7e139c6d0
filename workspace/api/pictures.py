"""Images in blocks that name an uploaded file: the file must be there, and its address goes along."""

from __future__ import annotations

from workspace.kinds import Json
from workspace.state import Workspace


def resolve(ws: Workspace, blocks: list[Json], where: str) -> list[str]:
    """Add the address to every `slack_file` in checked blocks; returns what is wrong, in Slack's words."""
    problems = []
    for index, block in enumerate(blocks):
        inside = [block, block.get("accessory"), *(block.get("elements") or ())]
        for node in inside:
            wanted = node.get("slack_file") if isinstance(node, dict) and node.get("type") == "image" else None
            if wanted is None:
                continue
            file = ws.files.by_id.get(str(wanted.get("id") or str(wanted.get("url")).rpartition("/files/")[2][:11]))
            if file is None or not file.done:
                problems.append(f"[ERROR] invalid slack file [json-pointer:{where}/{index}]")
            else:
                wanted.update(id=file.id, url=file.as_slack(ws.url)["url_private"])
    return problems
