"""The questions every community begins with, in both languages: three after an event, five for supervisors."""

from __future__ import annotations

from dataclasses import dataclass

from community.survey_records import QuestionKind, SurveyPurpose

SCALE = (1, 2, 3, 4, 5)
AGREEING = (4, 5)


@dataclass(frozen=True)
class QuestionDraft:
    """A question as it is written: `choices` for a choice alone, `agreeing` are the answers that count as agreement.

    Answers count from 1: on the scale from “strongly disagree” to “strongly agree”, of the choices in their order.
    """

    kind: QuestionKind
    text_en: str
    text_fr: str
    choices_en: tuple[str, ...] = ()
    choices_fr: tuple[str, ...] = ()
    agreeing: tuple[int, ...] = ()
    headline: bool = False


def _scale(text_en: str, text_fr: str, *, headline: bool = False) -> QuestionDraft:
    return QuestionDraft(QuestionKind.scale, text_en, text_fr, agreeing=AGREEING, headline=headline)


_PACE = QuestionDraft(
    QuestionKind.choice,
    "How was the pace?",
    "Comment avez-vous trouvé le rythme?",
    ("Too slow", "About right", "Too fast"),
    ("Trop lent", "Bien dosé", "Trop rapide"),
    agreeing=(2,),
)
_OPEN = QuestionDraft(
    QuestionKind.text,
    "What should we keep, change or add?",
    "Que faudrait-il garder, changer ou ajouter?",
)

DEFAULTS: dict[SurveyPurpose, tuple[QuestionDraft, ...]] = {
    SurveyPurpose.learning_event: (
        _scale(
            "This event improved my understanding of information management.",
            "Cette activité m’a permis de mieux comprendre la gestion de l’information.",
            headline=True,
        ),
        _PACE,
        _OPEN,
    ),
    SurveyPurpose.action_learning: (
        _scale(
            "Action learning is of benefit to my work and to my development as a leader.",
            "L’apprentissage par l’action est utile à mon travail et à mon perfectionnement en leadership.",
            headline=True,
        ),
        _PACE,
        _OPEN,
    ),
    SurveyPurpose.course_session: (
        _scale(
            "I can use what I learned in my work.",
            "Je peux mettre en pratique dans mon travail ce que j’ai appris.",
            headline=True,
        ),
        _PACE,
        _OPEN,
    ),
    SurveyPurpose.supervisor: (
        _scale("This person thinks strategically.", "Cette personne a une pensée stratégique.", headline=True),
        _scale("This person coaches others.", "Cette personne encadre et accompagne les autres."),
        _scale(
            "This person looks beyond their own unit for solutions.",
            "Cette personne cherche des solutions au-delà de sa propre unité.",
        ),
        _scale(
            "This person understands the issues of information management.",
            "Cette personne comprend les enjeux de la gestion de l’information.",
        ),
        _scale("This person tries alternative approaches.", "Cette personne essaie d’autres façons de faire."),
    ),
}
