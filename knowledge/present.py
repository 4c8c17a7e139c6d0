"""Answers as plain values, for the command line and other programs."""

from __future__ import annotations

from knowledge.answering import Answer
from knowledge.matching import Match


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


def explained(match: Match) -> dict[str, object]:
    """What every stage did with a question, as plain values; scores are rounded to 4 places."""
    return {
        "cleaned": match.cleaned,
        "normalised": match.normalised,
        "repaired": match.repair.text,
        "repairs": [{"typed": typed, "read_as": better} for typed, better in match.repair.changes],
        "nearest": [
            {"id": near.label, "phrasing": near.text, "likeness": round(value, 4)} for near, value in match.near
        ],
        "scores": [{"id": label, "score": round(value, 4)} for label, value in match.ranked[:10]],
        "thresholds": {
            "answer": round(match.thresholds.answer, 4),
            "suggest": round(match.thresholds.suggest, 4),
            "chosen": match.thresholds.chosen,
        },
        "outcome": match.outcome.value,
    }
