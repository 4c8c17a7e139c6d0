"""What a person can do wrong, each with what to do about it.

CommunityError
├── NotAllowed          the role does not permit it
├── NotFound            what was asked for is not (or no longer) there
├── Invalid             a field's value cannot be used; `field` names the input
└── Conflict            somebody else changed it first

`code` names the sentence in `views.errors`, which shows it in the person's language; `params` fill it.
"""

from __future__ import annotations


class CommunityError(Exception):
    """Base: `code` is the name of a sentence, `params` its values, `field` the input it belongs to, if any.

    `keep` says that what the rule wrote before raising must be committed all the same (a refused code counts as a try).
    """

    def __init__(self, code: str, *, field: str | None = None, keep: bool = False, **params: object) -> None:
        super().__init__(code)
        self.keep = keep
        self.code = code
        self.field = field
        self.params = params


class NotAllowed(CommunityError):
    """The person's roles do not permit this."""


class NotFound(CommunityError):
    """What was asked for is not, or no longer, there."""


class Invalid(CommunityError):
    """The value of `field` cannot be used."""


class Conflict(CommunityError):
    """Somebody else changed it first."""
