"""Entries as one CSV file, a line each: read with every problem by line, written without live formulas."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from knowledge.between import between
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.tables import Row, csv_lines, table_rows, write_table
from knowledge.entry_checks import (
    CONTROL,
    LONGEST_ANSWER,
    LONGEST_OWNER,
    LONGEST_PHRASING,
    LONGEST_SLUG,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_MONTHS,
    as_slack_counts,
    one_line,
    web_address,
)
from knowledge.entry_file import LOCALES, MARKER, REVIEW_MONTHS, SLUG, EntryDraft, TextDraft
from knowledge.problems import LANGUAGES, Problem, short
from knowledge.reading import FEWEST_PHRASINGS, USER
from knowledge.records import EntryState
from knowledge.text import normalise

COLUMNS = (
    "id", "title_en", "answer_en", "phrasings_en", "title_fr", "answer_fr", "phrasings_fr", "source", "source_en",
    "source_fr", "source_url", "reviewed_on", "review_months", "owner", "owner_user_id", "related", "sample",
    "revision", "state",
)  # fmt: skip
OPTIONAL = COLUMNS[8:11] + COLUMNS[12:]
MOST_PROBLEMS = 1_000  # after which the rest is not looked at
_YES = {"yes": True, "true": True, "oui": True, "": False, "no": False, "false": False, "non": False}


class _Lines(defaultdict[str, int]):
    """Everything an entry says stands on one line."""

    def get(self, key: str, default: int | None = None) -> int:  # type: ignore[override]  # there is always a line
        del default
        return self[key]


class _Line:
    """Reads one line; `problems` grows as it goes."""

    def __init__(self, row: Row, file: str) -> None:
        self.file, self.lines = file, _Lines(lambda: row.line)
        self.problems: list[Problem] = []
        self._row = row
        for column, cell in row.cells.items():
            if bad := CONTROL.search(cell.replace("\r\n", "\n")):
                self._problem("control_character", character=f"U+{ord(bad.group()):04X} in “{column}”")

    def read(self, both_languages: bool) -> EntryDraft | None:
        """The entry; None when there is a problem."""
        mark = self._cell("revision", 100) or None
        slug = self._cell("id", 500, required=True)
        if slug and (len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug)):
            self._problem("bad_id", id=short(slug))
        state = self._state()
        # What was written in Slack, or is not finished, may have fewer phrasings, or one language.
        loose = bool(mark) or state is not EntryState.published
        fewest = 0 if loose else FEWEST_PHRASINGS
        texts = {locale: text for locale in LOCALES if (text := self._text(locale, fewest))}
        missing = [locale for locale in LOCALES if not self._says(locale)]
        if missing and (len(missing) == len(LOCALES) or (both_languages and not loose)):
            locale = missing[0]
            self._problem("missing_language", language=LANGUAGES[locale], key=f"title_{locale}", least=FEWEST_PHRASINGS)
        url = self._cell("source_url", LONGEST_URL) or None
        if url and not web_address(url):
            self._problem("bad_url", value=short(url))
        user = self._cell("owner_user_id", 80) or None
        if user and not USER.fullmatch(user):
            self._problem("bad_user", value=short(user))
        related = (
            tuple(dict.fromkeys(re.split(r"[;,\s]+", self._cell("related", 5_000)))) if self._cell("related") else ()
        )
        if slug in related:
            self._problem("self_related")
        draft = EntryDraft(
            slug=slug,
            source=self._cell("source", LONGEST_SOURCE, required=True),
            source_url=url,
            reviewed_on=self._day(),
            owner=self._cell("owner", LONGEST_OWNER) or None,
            related=tuple(other for other in related if other),
            sample=self._yes(),
            texts=texts,
            review_months=self._months(),
            owner_user_id=user,
            mark=mark,
            state=state,
            file=self.file,
            line=self._row.line,
        )
        return None if self.problems else draft

    def _problem(self, code: str, **params: object) -> None:
        self.problems.append(Problem(self.file, self._row.line, code, params))

    def _cell(self, column: str, limit: int = 50_000, *, required: bool = False) -> str:
        text = one_line(self._row.cells.get(column, ""))
        if required and not text:
            self._problem("empty_key", key=column)
        if len(text) > limit:
            self._problem("too_long", key=column, length=len(text), limit=limit)
        return text

    def _says(self, locale: str) -> bool:
        return any(self._row.cells.get(f"{part}_{locale}", "") for part in ("title", "answer", "phrasings"))

    def _text(self, locale: str, fewest: int) -> TextDraft | None:
        if not self._says(locale):
            return None
        language = LANGUAGES[locale]
        title = self._cell(f"title_{locale}", LONGEST_TITLE, required=True)
        answer = self._row.cells.get(f"answer_{locale}", "").replace("\r\n", "\n").replace("\r", "\n").strip()
        if not answer:
            self._problem("empty_key", key=f"answer_{locale}")
        elif (length := as_slack_counts(answer)) > LONGEST_ANSWER:
            self._problem("too_long", key=f"{language} answer", length=length, limit=LONGEST_ANSWER)
        if marker := MARKER.search(answer):
            self._problem("marker_in_answer", marker=short(marker.group().strip()))
        phrasings: dict[str, None] = {}
        for line in self._row.cells.get(f"phrasings_{locale}", "").split("\n"):
            if not (phrasing := one_line(line)):
                continue
            if len(phrasing) > LONGEST_PHRASING:
                self._problem("too_long", key=f"phrasings_{locale}", length=len(phrasing), limit=LONGEST_PHRASING)
            elif not normalise(phrasing):
                self._problem("wordless_phrasing", text=short(phrasing))
            elif phrasing in phrasings:
                self._problem("repeated_phrasing", text=short(phrasing))
            phrasings[phrasing] = None
        if (count := len({normalise(phrasing) for phrasing in phrasings})) < fewest:
            self._problem("too_few_phrasings", count=count, language=language, least=fewest)
        source = self._cell(f"source_{locale}", LONGEST_SOURCE) or None
        return TextDraft(title, tuple(phrasings), answer, source)

    def _day(self) -> date:
        text = self._cell("reviewed_on", 80, required=True)
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self._problem("bad_date", value=short(text))
            return date.min

    def _months(self) -> int:
        text = self._cell("review_months", 80)
        if not text:
            return REVIEW_MONTHS
        if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or int(text) > MOST_MONTHS:
            self._problem("bad_months", value=short(text), limit=MOST_MONTHS)
            return REVIEW_MONTHS
        return int(text)

    def _state(self) -> EntryState:
        text = self._cell("state", 80).lower()
        if text and text not in set(EntryState):
            self._problem("bad_state", value=short(text))
            return EntryState.published
        return EntryState(text or EntryState.published)

    def _yes(self) -> bool:
        text = self._cell("sample", 80).lower()
        if text not in _YES:
            self._problem("not_yes_or_no", key="sample")
        return _YES.get(text, False)


def read_table(
    path: Path, known: Collection[str] = (), *, both_languages: bool = True
) -> tuple[list[EntryDraft], list[Problem]]:
    """The entries of a CSV file whose line has no problem, and every problem of the others, a thousand at most."""
    of_table: list[TableProblem] = []
    problems: list[Problem] = []
    read: list[tuple[_Line, EntryDraft]] = []
    bad: set[str] = set()
    try:
        for row in table_rows(COLUMNS, path.name, csv_lines(path, of_table), of_table, OPTIONAL):
            line = _Line(row, path.name)
            entry = line.read(both_languages)
            problems += line.problems
            if entry is None:
                bad.add(row.cells["id"])
            else:
                read.append((line, entry))
            if len(problems) + len(of_table) >= MOST_PROBLEMS:
                problems.append(Problem(path.name, row.line, "too_many_problems", {"limit": MOST_PROBLEMS}))
                read.clear()
                break
    except OSError as error:
        return [], [Problem(path.name, 1, "unreadable", {"reason": error.strerror or type(error).__name__})]
    problems += [TableProblem(path.name, problem.line, problem.code, problem.params) for problem in of_table]
    together = between(read, bad | set(known))
    lines = {problem.line for problem in together}
    problems = sorted([*problems, *together], key=lambda problem: problem.line)
    return [entry for line, entry in read if line.lines["id"] not in lines], problems


def write(path: Path, drafts: Iterable[tuple[EntryDraft, str]]) -> int:
    """Write entries, each with the mark of the revision it says; the number written."""
    lines = [_line(draft, mark) for draft, mark in drafts]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_table(path, COLUMNS, lines)
    return len(lines)


def _line(draft: EntryDraft, mark: str) -> list[str]:
    texts = [draft.texts.get(locale) for locale in LOCALES]
    said = [
        part
        for text in texts
        for part in ((text.title, text.answer, "\n".join(text.phrasings)) if text else ("", "", ""))
    ]
    return [
        draft.slug,
        *said,
        draft.source,
        *((text and text.source) or "" for text in texts),
        draft.source_url or "",
        draft.reviewed_on.isoformat(),
        str(draft.review_months),
        draft.owner or "",
        draft.owner_user_id or "",
        "; ".join(draft.related),
        "yes" if draft.sample else "no",
        mark,
        draft.state.value,
    ]
