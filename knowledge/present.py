"""Answers as plain values, for the command line and other programs."""

from __future__ import annotations

from knowledge.answering import Answer


def as_json(answer: Answer) -> dict[str, object]:
    """An answer as plain values for one line of JSON; `score` and `suggestions` stand beside and inside `answer`."""
    suggestions = [{"id": shown.id, "title": shown.title} for shown in answer.suggestions]
    shown = answer.answer
    return {
        "question": answer.question,
        "locale": answer.locale,
        "outcome": answer.outcome.value,
        "answer": None
        if shown is None
        else {
            "id": shown.id,
            "title": shown.title,
            "text": shown.text,
            "source": shown.source,
            "reviewed_on": shown.reviewed_on.isoformat(),
            "score": answer.score,
            "suggestions": suggestions,
        },
        "score": answer.score,
        "suggestions": suggestions,
    }
