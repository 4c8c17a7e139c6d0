"""Reads one entry's file, collecting every problem instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import yaml
from frontmatter.default_handlers import YAMLHandler

from knowledge.entry_checks import (
    LONGEST_ANSWER,
    LONGEST_OWNER,
    LONGEST_PHRASING,
    LONGEST_SLUG,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_MONTHS,
    as_slack_counts,
    web_address,
)
from knowledge.entry_file import LOCALES, MARKER, REVIEW_MONTHS, SLUG, EntryDraft, TextDraft
from knowledge.problems import LANGUAGES, LONGEST_SHOWN, Problem, short
from knowledge.records import EntryState
from knowledge.text import normalise

FEWEST_PHRASINGS = 3
MOST_BRACKETS = 200  # in a front matter
_ENTRY_KEYS = (
    "id", "source", "source_url", "reviewed_on", "review_months", "owner", "owner_user_id", "related", "sample",
    "revision", "state", *LOCALES,
)  # fmt: skip
_TEXT_KEYS = ("title", "source", "phrasings")
USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class Reader:
    """Reads the text of one file; `problems` grows as it goes. Without `both_languages` one is enough."""

    def __init__(self, file: str, *, both_languages: bool = True) -> None:
        self.file = file
        self._both_languages = both_languages
        self._fewest = FEWEST_PHRASINGS
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._offset = 1  # line of the file on which the front matter begins

    def read(self, content: str) -> EntryDraft | None:
        """The entry; None when there is a problem that leaves none."""
        text = content.removeprefix("\ufeff").replace("\r\n", "\n")
        if bad := _FORBIDDEN.search(text):
            line = text.count("\n", 0, bad.start()) + 1
            self._problem(line, "control_character", character=f"U+{ord(bad.group()):04X}")
            return None
        handler = YAMLHandler()
        try:
            if not handler.detect(text):
                raise ValueError
            front, body = handler.split(text)
        except ValueError:
            self._problem(1, "no_front_matter")
            return None
        self._offset = text.count("\n", 0, text.index(front)) + 1
        fields = self._front_matter(front)
        if fields is None:
            return None
        return self._entry(fields, self._answers(body, text.count("\n") - body.count("\n") + 1))

    def _problem(self, line: int, code: str, **params: object) -> None:
        self.problems.append(Problem(self.file, line, code, params))

    def _front_matter(self, front: str) -> dict[str, yaml.Node] | None:
        try:
            if front.count("[") + front.count("{") > MOST_BRACKETS:
                raise RecursionError  # the parser would come to it too, but slowly
            node = yaml.compose(front, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line if mark else 0
            self._problem(line + self._offset, "bad_yaml", reason=error.problem or "unreadable")
            return None
        except (yaml.YAMLError, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else "unreadable character"
            self._problem(self._offset + 1, "bad_yaml", reason=reason)
            return None
        if not isinstance(node, yaml.MappingNode):
            self._problem((node.start_mark.line if node else 1) + self._offset, "not_a_mapping", key="front matter")
            return None
        return self._mapping(node, "", _ENTRY_KEYS)

    def _mapping(self, node: yaml.MappingNode, prefix: str, known: tuple[str, ...]) -> dict[str, yaml.Node]:
        fields: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            line = key_node.start_mark.line + self._offset
            if key in fields:
                self._problem(line, "duplicate_key", key=prefix + key)
            elif key not in known:
                self._problem(line, "unknown_key", key=short(prefix + key), known=", ".join(known))
            else:
                fields[key] = value
                self.lines[prefix + key] = line
        return fields

    def _entry(self, fields: Mapping[str, yaml.Node], answers: Mapping[str, str]) -> EntryDraft | None:
        slug = self._slug(fields)
        source = self._required(fields, "source", LONGEST_SOURCE)
        reviewed_on = self._date(self._required(fields, "reviewed_on", LONGEST_SHOWN))
        source_url = self._url(self._optional(fields, "source_url", LONGEST_URL))
        months = self._months(self._optional(fields, "review_months", LONGEST_SHOWN))
        owner = self._optional(fields, "owner", LONGEST_OWNER)
        owner_user_id = self._user(self._optional(fields, "owner_user_id", LONGEST_SHOWN))
        mark = self._optional(fields, "revision", LONGEST_SHOWN)
        related = self._related(fields, slug)
        sample = self._yes(fields, "sample")
        state = self._state(self._optional(fields, "state", LONGEST_SHOWN))
        if (
            mark or state is not EntryState.published
        ):  # what was written in Slack, or is not finished, may have fewer phrasings, or one language
            self._fewest, self._both_languages = 0, False
        wanted = [locale for locale in LOCALES if self._both_languages or locale in fields] or LOCALES
        texts = {locale: self._text(fields, locale, answers) for locale in wanted}
        if self.problems or slug is None or source is None or reviewed_on is None:
            return None
        whole = {locale: text for locale, text in texts.items() if text is not None}
        return EntryDraft(
            slug, source, source_url, reviewed_on, owner, related, sample, whole, months, owner_user_id,
            mark, state, self.file, self.lines["id"],
        )  # fmt: skip

    def _slug(self, fields: Mapping[str, yaml.Node]) -> str | None:
        slug = self._required(fields, "id", LONGEST_PHRASING)
        if slug is not None and (len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug)):
            self._problem(self.lines["id"], "bad_id", id=short(slug))
            return None
        return slug

    def _required(self, fields: Mapping[str, yaml.Node], key: str, limit: int, prefix: str = "") -> str | None:
        if key not in fields:
            self._problem(self.lines.get(prefix.rstrip("."), 1), "missing_key", key=prefix + key)
            return None
        text = self._optional(fields, key, limit, prefix)
        if text is None and not self._has_problem(self.lines[prefix + key]):
            self._problem(self.lines[prefix + key], "empty_key", key=prefix + key)
        return text

    def _has_problem(self, line: int) -> bool:
        return any(problem.line == line for problem in self.problems)

    def _optional(self, fields: Mapping[str, yaml.Node], key: str, limit: int, prefix: str = "") -> str | None:
        node = fields.get(key)
        if node is None or node.tag == "tag:yaml.org,2002:null":
            return None
        return self._line_of_text(node, prefix + key, limit)

    def _line_of_text(self, node: yaml.Node, name: str, limit: int) -> str | None:
        line = node.start_mark.line + self._offset
        if not isinstance(node, yaml.ScalarNode) or "\n" in node.value.strip():
            self._problem(line, "not_text", key=name)
            return None
        text: str = node.value.strip()
        if len(text) > limit:
            self._problem(line, "too_long", key=name, length=len(text), limit=limit)
            return None
        return text or None

    def _list(self, fields: Mapping[str, yaml.Node], key: str, limit: int, prefix: str = "") -> list[tuple[str, int]]:
        """Texts with their lines; nothing when the field is missing."""
        node = fields.get(key)
        if node is None or node.tag == "tag:yaml.org,2002:null":
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._problem(self.lines[prefix + key], "not_a_list", key=prefix + key)
            return []
        texts = (
            (self._line_of_text(item, prefix + key, limit), item.start_mark.line + self._offset) for item in node.value
        )
        return [(text, line) for text, line in texts if text]

    def _date(self, value: str | None) -> date | None:
        if value is None:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self._problem(self.lines["reviewed_on"], "bad_date", value=short(value))
            return None

    def _url(self, value: str | None) -> str | None:
        if value is None:
            return None
        good = web_address(value)
        if not good:
            self._problem(self.lines["source_url"], "bad_url", value=short(value))
        return value if good else None

    def _months(self, value: str | None) -> int:
        if value is None:
            return REVIEW_MONTHS
        if not re.fullmatch(r"\d{1,4}", value, re.ASCII) or int(value) > MOST_MONTHS:
            self._problem(self.lines["review_months"], "bad_months", value=short(value), limit=MOST_MONTHS)
            return REVIEW_MONTHS
        return int(value)

    def _user(self, value: str | None) -> str | None:
        if value is not None and not USER.fullmatch(value):
            self._problem(self.lines["owner_user_id"], "bad_user", value=short(value))
            return None
        return value

    def _state(self, value: str | None) -> EntryState:
        if value is not None and value not in set(EntryState):
            self._problem(self.lines["state"], "bad_state", value=short(value))
            return EntryState.published
        return EntryState(value or EntryState.published)

    def _yes(self, fields: Mapping[str, yaml.Node], key: str) -> bool:
        node = fields.get(key)
        if node is None or node.tag == "tag:yaml.org,2002:null":
            return False
        if not isinstance(node, yaml.ScalarNode) or node.value.lower() not in ("true", "false"):
            self._problem(self.lines[key], "not_yes_or_no", key=key)
            return False
        return bool(node.value.lower() == "true")

    def _related(self, fields: Mapping[str, yaml.Node], slug: str | None) -> tuple[str, ...]:
        named = self._list(fields, "related", LONGEST_PHRASING)
        for other, line in named:
            if other == slug:
                self._problem(line, "self_related")
        return tuple(dict.fromkeys(other for other, _ in named))

    def _text(self, fields: Mapping[str, yaml.Node], locale: str, answers: Mapping[str, str]) -> TextDraft | None:
        language = LANGUAGES[locale]
        node = fields.get(locale)
        if node is None:
            self._problem(1, "missing_language", language=language, key=locale, least=FEWEST_PHRASINGS)
            return None
        if not isinstance(node, yaml.MappingNode):
            self._problem(self.lines[locale], "not_a_mapping", key=locale)
            return None
        prefix = f"{locale}."
        inner = self._mapping(node, prefix, _TEXT_KEYS)
        title = self._required(inner, "title", LONGEST_TITLE, prefix)
        source = self._optional(inner, "source", LONGEST_SOURCE, prefix)
        phrasings = self._phrasings(inner, locale)
        if locale not in answers:
            self._problem(self.lines[locale], "missing_answer", language=language, locale=locale)
        elif as_slack_counts(answers[locale]) > LONGEST_ANSWER:
            self._problem(
                self.lines[f"<!-- {locale} -->"],
                "too_long",
                key=f"{language} answer",
                length=as_slack_counts(answers[locale]),
                limit=LONGEST_ANSWER,
            )
        if title is None or locale not in answers:
            return None
        return TextDraft(title, phrasings, answers[locale], source)

    def _phrasings(self, inner: Mapping[str, yaml.Node], locale: str) -> tuple[str, ...]:
        seen: dict[str, str] = {}
        for phrasing, line in self._list(inner, "phrasings", LONGEST_PHRASING, f"{locale}."):
            if not normalise(phrasing):
                self._problem(line, "wordless_phrasing", text=short(phrasing))
            elif phrasing in seen:
                self._problem(line, "repeated_phrasing", text=short(phrasing))
            else:
                seen[phrasing] = phrasing
                self.lines.setdefault(f"{locale}.{phrasing}", line)
        if len({normalise(phrasing) for phrasing in seen}) < self._fewest:
            line = self.lines.get(f"{locale}.phrasings", self.lines[locale])
            self._problem(line, "too_few_phrasings", count=len(seen), language=LANGUAGES[locale], least=self._fewest)
        return tuple(seen)

    def _answers(self, body: str, first_line: int) -> dict[str, str]:
        markers = list(MARKER.finditer(body))
        if body[: markers[0].start() if markers else None].strip():
            self._problem(first_line, "text_before_marker")
        answers: dict[str, str] = {}
        ends = [*(marker.start() for marker in markers[1:]), len(body)][: len(markers)]
        for marker, end in zip(markers, ends, strict=True):
            locale = marker["locale"].lower()
            line = first_line + body.count("\n", 0, marker.start())
            if locale not in LOCALES:
                self._problem(line, "unknown_marker", locale=short(locale))
            elif f"<!-- {locale} -->" in self.lines:
                self._problem(line, "repeated_marker", locale=locale)
            else:
                self.lines[f"<!-- {locale} -->"] = line
                if answer := body[marker.end() : end].strip():
                    answers[locale] = answer
        return answers
