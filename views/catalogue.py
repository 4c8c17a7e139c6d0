"""Keeps the French catalogue in step with the code.

`python -m views.catalogue` adds what is new, keeps what is there and puts its spaces right; `--check` changes nothing
and says what is missing, with exit status 1.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from views.i18n import CATALOGUE

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("handlers", "scheduler", "views", "reports")
HEADER = """# French for the sentences of Praxis, in Canadian government usage. Kept by `python -m views.catalogue`.
msgid ""
msgstr ""
"Project-Id-Version: Praxis\\n"
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
ANY = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
FIXED = "\N{NO-BREAK SPACE}"
# Spaces as the Government of Canada's style guide for French has them: one that cannot break before a colon, a sign or
# unit behind its number, and within guillemets; none before ; ! and ?.
SPACES = tuple(
    (re.compile(found), wanted)
    for found, wanted in (
        (rf"{ANY}?:(?=\*?(?:\s|$))", f"{FIXED}:"),
        (rf"«{ANY}?", f"«{FIXED}"),
        (rf"{ANY}?»", f"{FIXED}»"),
        (rf"(?<=[\d}}]){ANY}?(?=[%$])", FIXED),
        (rf"(?<=[\d}}]){ANY}(?=(?:h|min)\b)", FIXED),
        (rf"(?<={FIXED}h){ANY}(?=[\d{{])", FIXED),
        (rf"{ANY}(?=[;!?](?:\W|$))", ""),
    )
)
SINGULAR = {"t", "en", "fr", "mark"}  # `n` takes a singular and a plural


def extract() -> Catalog:
    """Every message in the code, with the modules it is in."""
    found = Catalog(project="Praxis", charset="utf-8")
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for message in messages(path.read_text("utf-8")):
                found.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return found


def messages(source: str) -> Iterator[str | tuple[str, str]]:
    """The literal messages in a module that are given to something that translates; plurals as a pair.

    Read from the syntax tree: Babel's own extractor reads tokens and misses what stands inside an f-string.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or (name := _called(node.func)) is None:
            continue
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        words = [text for text in texts if isinstance(text, str)]
        if name == "n" and len(words) >= 2:
            yield words[0], words[1]
        elif name in SINGULAR and words and words[0]:
            yield words[0]


def _called(function: ast.expr) -> str | None:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner):  # translator(locale)("…")
            return "t" if _called(inner) == "translator" else None
    return None


def stored() -> Catalog:
    """The French catalogue as it is on disk."""
    if not CATALOGUE.exists():
        return Catalog(locale="fr", project="Praxis", charset="utf-8")
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="fr")


def update() -> Catalog:
    """Write the catalogue with every message of the code in it, spaces put right.

    Translations no longer used are kept at its end.
    """
    template, catalogue = extract(), stored()
    for message in template:
        if message.id and message.id in catalogue.obsolete:
            catalogue[message.id] = catalogue.obsolete.pop(message.id)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    for message in (*catalogue, *catalogue.obsolete.values()):
        if message.id:
            texts = tuple(spaced(text) for text in _texts(message))
            message.string = texts[0] if isinstance(message.string, str) else texts
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    body = BytesIO()
    write_po(body, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=True)
    CATALOGUE.write_bytes(HEADER.encode() + body.getvalue())
    return catalogue


def defects(catalogue: Catalog, template: Catalog) -> list[str]:
    """What a French reader would stumble on: texts missing, fuzzy, with other `{named}` fields or wrong spaces."""
    found = []
    for wanted in template:
        if not wanted.id:
            continue
        have = catalogue.get(wanted.id)
        texts = _texts(have)
        if have is None or not texts or not all(texts):
            found.append(f"no French text: {wanted.id!r}")
        elif have.fuzzy:
            found.append(f"fuzzy: {wanted.id!r}")
        else:
            english = fields(wanted.id if isinstance(wanted.id, str) else wanted.id[1])
            found += [f"fields differ: {wanted.id!r} / {text!r}" for text in texts if fields(text) != english]
            found += [f"spaces differ: {text!r} / {spaced(text)!r}" for text in texts if spaced(text) != text]
    return found


def fields(text: str) -> set[str]:
    """Names of the `{fields}` in a message."""
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def spaced(text: str) -> str:
    """A French text with its spaces as they are to be."""
    for found, wanted in SPACES:
        text = found.sub(wanted, text)
    return text


def _texts(message: Message | None) -> tuple[str, ...]:
    if message is None:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def main(arguments: list[str]) -> int:
    """Update or check; prints what is left to translate."""
    catalogue = stored() if "--check" in arguments else update()
    found = defects(catalogue, extract())
    for line in found:
        print(line)
    print(f"{len(found)} to mend in {CATALOGUE.relative_to(ROOT)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
