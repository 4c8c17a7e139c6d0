"""What Slack's own client checks before it submits a modal, with its sentences in both languages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from workspace import values
from workspace.kinds import Json
from workspace.views import View

_SENTENCES = {
    "required": ("Please complete this required field.", "Veuillez remplir ce champ obligatoire."),
    "short": ("Enter at least {n} characters.", "Entrez au moins {n} caractères."),
    "long": ("Enter at most {n} characters.", "Entrez au plus {n} caractères."),
    "number": ("Enter a number.", "Entrez un nombre."),
    "whole": ("Enter a whole number.", "Entrez un nombre entier."),
    "least": ("Enter {n} or more.", "Entrez {n} ou plus."),
    "most": ("Enter {n} or less.", "Entrez {n} ou moins."),
    "email": ("Enter an email address.", "Entrez une adresse de courriel."),
    "url": ("Enter a web address.", "Entrez une adresse Web."),
    "many": ("Choose at most {n}.", "Choisissez-en au plus {n}."),
}
_LONGEST = 3_000


def missing(view: View, locale: str) -> dict[str, str]:
    """What stands in the way of submitting, by block_id, in the person's language."""
    out = {}
    for block in view.source["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.state[block["block_id"]][element["action_id"]]
        found: tuple[str, object] | None
        if values.is_empty(state):
            found = None if block.get("optional") else ("required", None)
        else:
            found = _wrong(element, state)
        if found is not None:
            key, n = found
            out[block["block_id"]] = _SENTENCES[key][locale.startswith("fr")].format(n=n)
    return out


def _wrong(element: Json, state: Json) -> tuple[str, object] | None:
    kind, value = element["type"], state.get("value")
    if kind == "number_input":
        return _wrong_number(element, str(value))
    if kind == "plain_text_input":
        least, most = element.get("min_length") or 0, element.get("max_length") or _LONGEST
        if len(str(value)) < least:
            return "short", least
        return ("long", most) if len(str(value)) > most else None
    if kind == "email_text_input":
        return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)) else ("email", None)
    if kind == "url_text_input":
        return (
            None if urlsplit(str(value)).scheme in ("http", "https") and urlsplit(str(value)).netloc else ("url", None)
        )
    most = element.get("max_selected_items")
    chosen = next((entry for entry in state.values() if isinstance(entry, list)), [])
    return ("many", most) if most is not None and len(chosen) > most else None


def _wrong_number(element: Json, text: str) -> tuple[str, object] | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return "number", None
    if not element.get("is_decimal_allowed") and "." in text:
        return "whole", None
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(text) < float(least):
        return "least", least
    return ("most", most) if most is not None and float(text) > float(most) else None
