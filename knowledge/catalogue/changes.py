"""What an import of the catalogue did, counted line by line."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.catalogue.keeping import Kept


@dataclass
class Report:
    """What an import did, in lines."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    changes: list[tuple[str, str]] = field(default_factory=list, compare=False)  # what was done to which
    kept: list[Kept] = field(default_factory=list)  # what the table would set back of what was changed in Slack

    def count(self, changed: bool | None, name: str) -> None:
        """One line more; `changed` None for one that is new."""
        if changed is None:
            self.added += 1
            self.changes.append(("added", name))
        elif changed:
            self.changed += 1
            self.changes.append(("changed", name))
        else:
            self.unchanged += 1

    def count_retired(self, name: str) -> None:
        """One line less."""
        self.retired += 1
        self.changes.append(("retired", name))
