"""An expert's answer as a draft entry in both languages; what is there in one only is marked for translation."""

from __future__ import annotations

from community.requests import Case
from handlers.quoted import typed_as_markdown
from handlers.work import Work
from knowledge import revisions
from knowledge.entry_checks import LONGEST_ANSWER, LONGEST_TITLE, UNTRANSLATED, as_slack_counts
from knowledge.records import Entry
from views.i18n import mark, translator

SOURCE = mark("Answer by {person} to a question that was passed on")


def from_answer(w: Work, case: Case) -> Entry:
    """Make the draft. Raises what `knowledge.revisions.draft` raises."""
    request, person = case.request, case.holder or w.member
    answers = {"en": typed_as_markdown(request.answer_en or ""), "fr": typed_as_markdown(request.answer_fr or "")}
    question = " ".join(request.text.split())
    written = next(filter(None, answers.values()))
    texts = {
        locale: (
            _marked(question, locale, request.locale == locale, LONGEST_TITLE),
            _marked(answers[locale] or written, locale, bool(answers[locale]), LONGEST_ANSWER),
        )
        for locale in UNTRANSLATED
    }
    return revisions.draft(
        w.session,
        w.community.id,
        slug=None,
        texts=texts,
        phrasings={request.locale: [question[:LONGEST_TITLE]]},
        source=translator(request.locale)(SOURCE, person=person.name),
        owner=person.name,
        owner_user_id=person.slack_user_id,
        by_member_id=w.member.id,
        now=w.now,
        today=w.today,
    )


def _marked(text: str, locale: str, is_there: bool, limit: int) -> str:
    whole = text if is_there else f"{UNTRANSLATED[locale]} {text}"
    while as_slack_counts(whole) > limit:
        whole = whole[: -(as_slack_counts(whole) - limit)]
    return whole
