"""What can be wrong with a file of entries, each with a sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES = {
    "unreadable": "The file cannot be read ({reason}). Check its permissions.",
    "outside_folder": "The file is a link to somewhere outside the folder. Put a copy of the file itself here.",
    "too_large": "The file has {size} bytes; an entry has at most {limit}. Keep one entry in a file and shorten it.",
    "not_utf8": "The file is not UTF-8 (byte {byte}). Save it again with the encoding UTF-8.",
    "control_character": "The line holds the control character {character}. Delete it.",
    "no_front_matter": "The file must begin with a line “---”, the entry's fields, and a second line “---”.",
    "bad_yaml": "The front matter is not valid YAML: {reason}. "
    "Put a text with “:”, “#” or quotes in it in double quotes.",
    "not_a_mapping": "“{key}” must hold fields of the form “name: value”.",
    "duplicate_key": "The field “{key}” is there twice. Keep one of them.",
    "unknown_key": "There is no field “{key}”. Those there are: {known}.",
    "missing_key": "The field “{key}” is missing. Add a line “{key}: …”.",
    "empty_key": "The field “{key}” is empty. Give it a value.",
    "not_text": "“{key}” must be text on one line.",
    "not_a_list": "“{key}” must be a list of texts, one on each line after “- ”.",
    "not_yes_or_no": "“{key}” must be true or false.",
    "too_long": "“{key}” has {length} characters; at most {limit} fit. Shorten it.",
    "bad_id": "“{id}” cannot be an id. Use at most 100 small letters, digits and single hyphens: imli-participants.",
    "duplicate_id": "The id “{id}” is taken by {other}. Give one of the two another id.",
    "bad_date": "“{value}” is not a date. Write year, month and day: 2026-11-01.",
    "bad_state": "“{value}” is not a state. Write published, draft or retired.",
    "bad_months": "“{value}” is not a number of months. Write a whole number from 0 (never) to {limit}.",
    "bad_user": "“{value}” is not a person’s id in Slack. It looks like U0123456789; leave it out to name nobody.",
    "bad_url": "“{value}” is not a web address. Begin it with https://.",
    "missing_language": "The entry has no {language} part. Add “{key}:” with a title and at least {least} phrasings.",
    "too_few_phrasings": "There are {count} different phrasings in {language}; at least {least} are needed. "
    "Add other ways to ask.",
    "repeated_phrasing": "The phrasing “{text}” is there twice. Keep one of them.",
    "shared_phrasing": "“{text}” is also a phrasing of “{other}”: nobody could tell which is meant. "
    "Change one of them.",
    "wordless_phrasing": "The phrasing “{text}” has no words to match. Write what a person would ask.",
    "text_before_marker": "There is text before the first language marker. "
    "Put it after “<!-- en -->” or “<!-- fr -->”.",
    "unknown_marker": "“<!-- {locale} -->” is not a language marker. Those there are: “<!-- en -->” and “<!-- fr -->”.",
    "repeated_marker": "The marker “<!-- {locale} -->” is there twice. Keep one answer in each language.",
    "missing_answer": "The answer in {language} is missing. Add a line “<!-- {locale} -->” and the answer below it.",
    "marker_in_answer": "The answer has a line “{marker}”, which parts languages in files. Reword it.",
    "too_many_problems": "There are more than {limit} problems up to here; the rest was not looked at. "
    "Mend these, then try again.",
    "unknown_related": "“{id}” in “related” is not the id of an entry. Correct or remove it.",
    "changed_in_slack": "The entry “{id}” was changed on {date}, in Slack or by another file, and this one does not "
    "know of it. Export it, bring your change into the new file and import that; or import with --overwrite, which "
    "takes yours and leaves the other in its history.",
    "self_related": "The entry names itself in “related”. Remove it there.",
}  # fmt: skip
LANGUAGES = {"en": "English", "fr": "French"}


LONGEST_SHOWN = 80  # of a wrong value inside a sentence


def short(text: str) -> str:
    """A wrong value as it stands in a sentence."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: `line` counts from 1; `code` and `params` make the sentence, in any language."""

    file: str
    line: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def sentence(self) -> str:
        """In English, for the command line."""
        return SENTENCES[self.code].format_map(self.params)
