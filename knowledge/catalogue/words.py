"""How people ask about courses and competencies, in English and in French."""

from __future__ import annotations

import re

HOLE = "xxnamedxx"  # stands for what was named: a word, and none that anybody types
_SMALL_WORDS = """
    a an the of in for and to on with by or as at from
    le la les l un une des du de d en au aux et pour par sur dans ou avec a
"""
SMALL = frozenset(_SMALL_WORDS.split())
# What a slip of the keys in them would hide: a question is read as though they were spelled well.
_KEYWORDS = """
    course courses training trainings workshop workshops beginner beginners online french english prerequisite
    prerequisites formation formations atelier ateliers prealable prealables debutant debutants gratuit gratuite
    gratuits francais anglais niveau niveaux session sessions seance seances
"""
KEYWORDS = tuple(_KEYWORDS.split())
# All of these are held against the words of a question, folded, with one space between and HOLE for what was named.
COURSE = re.compile(r"\b(?:course|courses|class|classes|training|trainings|workshops?|cours|formations?|ateliers?)\b")
LIST = re.compile(
    r"\b(?:which|what|list|show|any|find|recommend|suggest|there|where|looking|search|have|offer|give|need|want"
    r"|quels?|quelles?|liste\w*|montre\w*|a t il|il y a|existe\w*|trouver|cherche\w*|recommand\w*|suggere\w*|propose\w*"
    r"|offre\w*|avez|donne\w*|voudrais|veux|besoin)\b"
)
LEARN = re.compile(
    r"\b(?:learn|improve|develop|study|get better|grow in|build skills|upskill|apprendre|ameliorer|perfectionner"
    r"|developper|me former|se former|etudier|progresser)\b"
)
BEFORE = re.compile(
    r"\b(?:prerequis\w*|pre requisit\w*|prerequisit\w*|pre requis|prealables?|prereqs?|before|first|required?"
    r"|requirements?|avant|requis\w*|exige\w*|conditions? d admission)\b"
)
REACHED = re.compile(r"\b(?:what|which|quel|quels) (?:level|levels|niveau|niveaux)\b")
REQUIRING = re.compile(
    rf"\b(?:require|requires|requiring|need|needs|build on|builds on|exigent|exige|demandent) (?:le |la |the )?{HOLE}"
    rf"|{HOLE} (?:is|est) (?:a |the |un |le )?(?:prerequis\w*|prealable)"
)
WITHOUT = re.compile(rf"\b(?:without|skip|sans|sauter)(?: (?:taking|having|doing|avoir (?:fait|suivi)|suivre))? {HOLE}")
EQUAL = re.compile(
    r"\b(?:same as|same thing|instead of|in place of|replac\w+|equal\w*|equival\w*|equivaut|counts? (?:as|for)"
    r"|meme chose|(?:a la|au lieu) (?:place )?d\w*|remplac\w*|compte pour)\b"
)
AFTER = re.compile(
    r"\b(?:after|next|then|follows?|following|follow up|once|lead to|leads to|apres|ensuite|suite|suit|suivent"
    r"|suivante?s?|mene|debouche)\b"
)
WHEN = re.compile(
    r"\b(?:when|dates?|scheduled?|next (?:session|offering|offered|time|run|one)|offered next|coming up|quand"
    r"|(?:le|la|les) prochaine?s?|prochaines? (?:seance|offre|session|fois|date)s?|prochain cours|horaire|calendrier"
    r"|a lieu|sera offert\w*|se donne)\b"
)
SESSION = re.compile(r"\b(?:sessions?|offerings?|seances?|one)\b")
MEAN = re.compile(
    r"\b(?:koi|mean|means|meaning|what|describe|description|descriptor|explain|look like|expected|definition|define"
    r"|signifie\w*|veut dire|c est quoi|quoi|qu est|que|decri\w*|explique\w*|attendu\w*|ressemble|correspond)\b"
)
RISE = re.compile(
    r"\b(?:get|reach|move|progress|advance|go|becom\w+|rise|attain|need|passer|atteindre|monter|parvenir|arriver|progresser"
    r"|deven\w+|faut|besoin|acceder)\b"
)
LEVELS = re.compile(r"\b(?:levels|niveaux)\b")
NEXT_LEVEL = re.compile(r"\b(?:next|higher|another) level\b|\bniveau (?:suivant|superieur)\b")
BECOME = re.compile(r"\b(?:becom\w+|deven\w+|deviens)\b")
TEACH = re.compile(
    r"\bwho (?:teaches|teach|gives|give|offers|offer|provides|runs|delivers|trains)\b|\bproviders?\b"
    r"|\bqui (?:le |la |les |l )?(?:enseigne|enseignent|donne|donnent|offre|offrent|forme)\b"
    r"|\bfournisseurs?\b|\bprestataires?\b"
)
KNOW = re.compile(
    r"\bwhos?\b.*\b(?:knows?|good (?:at|with)|strong in|versed|deals? with|experts?"
    r"|help|ask|talk to|speak (?:to|with)|contact|familiar|experience|specialists?)\b"
    r"|\bexperts? (?:in|on|for|of)\b|\b(?:any|some)(?:one|body)\b.*\b(?:knows?|experts?|familiar|experience)\b"
    r"|\b(?:talk|speak) (?:to|with) (?:any|some)(?:one|body)\b"
    r"|\b(?:qui|quelqu un)\b.*\b(?:connait|connaissent|s y connait|sait|(?:fort|bon|bonne|cale) en"
    r"|experts?|expertes?|aider|repondre|contacter"
    r"|parler|consulter|specialistes?)\b"
    r"|\b(?:a|avec) qui (?:parler|demander|m adresser|discuter|communiquer)\b|\bpersonnes? ressources?\b"
    r"|\bexperte?s? (?:en|de|du|dans)\b"
)
FACTS = re.compile(
    r"\b(?:what|tell|about|info\w*|describe|details?|explain|card|much|long|cost|price|free|language|french|english"
    r"|online|given|is|good for|qu est|quoi|parle\w*|decri\w*|combien|dure\w*|cout\w*|gratuit|langue|fiche|renseign\w*"
    r"|sur quoi|equival\w*|levels?|niveaux?|develops?|developpe)\b"
)
MEASURE = re.compile(r"\b(?:how (?:much|long)|combien|costs?|price|prix|dure|duree|coute)\b")
# With these and a name nothing is said but the name.
_ABOUT_WORDS = "what whats s is are tell me about info information please qu est ce que c quoi parle moi svp"
ABOUT = frozenset(_ABOUT_WORDS.split())
# Whoever says this asks about the programme, an event or how to sign up: entries know, records do not.
ELSEWHERE = re.compile(
    r"\b(?:register\w*|registration|sign(?:ed|ing)? up|enrol\w*|inscri\w*|application|cancel\w*|annul\w*"
    r"|refund\w*|rembours\w*|certificat\w*|certif\w*|imli|leadership|pilot\w*|curriculum|phase|attend"
    r"|attendance|presence|reminders?|rappels?|waitlist|recogni\w*|reconnu\w*"
    r"|salary|salaire|room|travel|voyage|place to start|point de depart)\b"
)
_FILLER_WORDS = """
    catalogue catalogues
    i me my we us our you your it its is are was be been do does did can could would will should may might must
    like want need needs wish please hi hello hey thanks thank help someone somebody people who whom that this
    these those there here some any all also just only more most other others how what which when where why know
    tell say find show list give get take taking taken learn learning study teach teaches teaching develop
    develops developing development improve build skill skills competency competencies level levels course
    courses class classes training trainings workshop workshops offer offers offered offering offerings
    available exist exists look looking recommend recommended suggest good best better great kind type has have
    had if so but not no up about into out than then around interested new work works working team staff
    employee area field subject topic lead leads reach mean means go using within je j tu il elle on nous vous
    ils elles m te t se s ma mon mes ta ton tes sa son ses notre nos votre vos ce c cet cette ces ca cela est
    sont ai as avons avez ont etre avoir fait faire faut peut peux puis puisse pourrais pourriez voudrais veux
    aimerais besoin svp bonjour salut merci aide aider qui que quoi quel quelle quels quelles quand comment
    combien pourquoi y n ne pas plus moins tres bien mieux bon bonne aussi autre autres cours formation
    formations atelier ateliers suivre suit offert offerte offerts offertes offre existe existent disponible
    disponibles donne donnes donnee donnees apprendre developper developpe developpent developpement ameliorer
    competence competences niveau niveaux trouver cherche recherche liste montre montrez dites dis moi toi lui
    leur leurs si mais ou ni sujet domaine genre sorte vers chez faites propose proposez recommande suggere
    knows connait connaissent ok okay alors donc well
    everything anything something nothing either neither nor only whos currently become becoming ni seulement
    uniquement tout tous toutes toute rien qqch chose suis devenir koi
    quelqu ceux celles veut dire signifie comme employe equipe travail permet permettent mene menent atteindre
"""
FILLER = frozenset(_FILLER_WORDS.split())
