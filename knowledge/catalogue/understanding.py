"""What somebody wants to know of courses and competencies, read from their own words in either language."""

from __future__ import annotations

from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from knowledge.catalogue.names import COMPETENCY, COURSE, names_of


def find_competency(catalogue: Catalogue, text: str) -> KnownCompetency | None:
    """The competency that a sentence in either language names, the most exactly named first; None when it names none.

    A course named by its code stands for the competency that it develops first.
    """
    names = names_of(catalogue)
    named = [found for found in names.find(text) if found.kind == COMPETENCY]
    if named:
        return catalogue.competencies[max(named, key=lambda found: len(found.words)).code]
    courses, _ = names.codes(text)
    courses += [found.code for found in names.find(text) if found.kind == COURSE]
    developed = [code for course in courses for code in catalogue.courses[course].develops]
    return catalogue.competencies[developed[0]] if developed else None
