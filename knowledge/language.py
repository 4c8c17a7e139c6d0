"""English or French? Short, sure of common words, and content with a guess."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from knowledge.text import fold

Locale = Literal["en", "fr"]

_WORD = re.compile(r"[^\W\d_]+")
_FRENCH_WORDS = """
    a ai ainsi alors apres as au aucun aucune aura aussi autre autres aux avant avec avez avoir avons
    bonjour c ca ce cela ces cet cette ceux chaque chez combien comment d dans de depuis des dois doit donc
    donne du elle elles en encore entre es est et etait ete etes etre eu fait faire faut fois font ici il
    ils j je jour jours jusqu l la laquelle le lequel les leur leurs lors lui m ma mais me meme merci mes
    moi moins mon n ne ni nos notre nous on ont ou oui par parce parle pas pendant peu peut peux plus pour
    pourquoi pourrais puis puisje qu quand que quel quelle quelles quelqu quels qui quoi s sa salut sans se
    sera ses si sien soit son sont sous suis sur t ta te tes toi ton tous tout toute toutes tres tu un une
    va vais vers veut veux vient voici voila vos votre voudrais vous y atelier cours formation gestion
    inscrire reunion seance rencontre competences evenement participer apprentissage prochain prochaine prochains
    prochaines evenements seances rencontres reunions ateliers certificat
"""
_FRENCH = frozenset(_FRENCH_WORDS.split())
_ENGLISH_WORDS = """
    a about after again all also am an and any are aren as at be because been before being but by can cannot
    could d did didn do does doesn doing don done each for from get give go had has have he hello help her
    here him his how i if in into is isn it its just know ll long m many may me more most much must my need
    next no not now of off on once one only or other our out over please s say see she should show so some
    such t tell than thank thanks that the their them then there these they this those to too under until up
    us use ve very want was wasn we were what when where which while who whom whose why will with won would
    yes you your course courses event meeting learning sign training join
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ONLY_FRENCH = re.compile(r"[àâçèêëîïôœùûÿ]|\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)


def detect(text: str, default: Locale = "en") -> Locale:
    """The language of a text by its small words, accents and elisions; `default` where they do not tell."""
    words = _WORD.findall(fold(text))
    french = sum(word in _FRENCH for word in words) + len(_ONLY_FRENCH.findall(text))
    english = sum(word in _ENGLISH for word in words)
    if french == english:
        return default
    return "fr" if french > english else "en"


def foreign(text: str) -> bool:
    """Whether most of its letters are of a script that neither English nor French is written in."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return 2 * latin < len(letters)
