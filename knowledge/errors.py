"""What can go wrong with questions and entries, each with what to do about it.

KnowledgeError
├── NotFound     the question or entry is not (or no longer) there
├── NotYours     only the person who asked may do this
├── Invalid      a field's value cannot be used; `field` names the input
└── Conflict     somebody else changed the entry first

`code` names the sentence in `views.errors`, which shows it in the person's language; `params` fill it.
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base: `code` is the name of a sentence, `params` its values, `field` the input it belongs to, if any."""

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


class NotFound(KnowledgeError):
    """The question or entry is not, or no longer, there."""


class NotYours(KnowledgeError):
    """Only the person who asked may do this."""


class Invalid(KnowledgeError):
    """The value of `field` cannot be used."""


class Conflict(KnowledgeError):
    """Somebody else changed it first, or it is not in the state for this."""
