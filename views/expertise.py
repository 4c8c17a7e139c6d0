"""What somebody offers to be asked about, and the form to offer more; who knows, for those who look for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community.expert_records import Expertise
from community.expertise import WORDS_LIMIT, Expert
from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from views.courses import level_name
from views.i18n import Translator, translator
from views.inputs import looked_up
from views.text import (
    Block,
    actions,
    button,
    context_line,
    divider,
    escape,
    field,
    header,
    modal,
    option,
    section,
    select,
    text_input,
)
from views.typed import verbatim

COMPETENCY = "expertise.competency"
SHOWN = 20  # people in an answer


def form(
    catalogue: Catalogue,
    offered: Sequence[Expertise],
    locale: str,
    *,
    chosen: KnownCompetency | None = None,
    notice: str | None = None,
    may_manage: bool = False,
) -> Block:
    """What the person offers, each with a button to withdraw it, and inputs to offer one; `notice`: what was done."""
    t = translator(locale)
    blocks: list[Block] = [section(notice)] if notice else []
    blocks.append(
        section(
            t(
                "Whoever asks who knows about something you offer is shown your name, and you may get questions on it "
                "that I cannot answer. Nobody is listed who did not choose to be; you can withdraw at any time."
            )
        )
    )
    blocks += [header(t("What you offer")), *_mine(catalogue, offered, t), divider(), header(t("Offer a competency"))]
    initial = option(chosen.title(locale), chosen.code) if chosen else None
    blocks.append(field(t("Competency"), looked_up(COMPETENCY, initial, t("Type a few letters")), "competency"))
    if catalogue.scale:
        steps = [option(level_name(catalogue, level, t), level) for level in catalogue.scale]
        blocks.append(field(t("Your level, as you see it"), select("level", steps), "level", optional=True))
    hint = t("For example: retention schedules, moving files to the cloud")
    words = text_input("words", most=WORDS_LIMIT)
    blocks.append(field(t("What you know best, in a few words"), words, "words", hint=hint, optional=True))
    if may_manage:
        blocks += [divider(), actions(button(t("How questions wait"), "experts.settings"), id="experts:manage")]
    return modal("expertise.offer", t("My expertise"), blocks, submit=t("Offer"), close=t("Close"))


def offered(catalogue: Catalogue, code: str, locale: str) -> str:
    """That somebody may now be asked about a competency (mrkdwn)."""
    t = translator(locale)
    return t("You may now be asked about *{competency}*. Thank you.", competency=escape(_title(catalogue, code, t)))


def withdrawn(catalogue: Catalogue, code: str, locale: str) -> str:
    """That somebody is not asked about a competency any more (mrkdwn)."""
    t = translator(locale)
    return t("You are not asked about *{competency}* any more.", competency=escape(_title(catalogue, code, t)))


def who_knows(catalogue: Catalogue, code: str, experts: Sequence[Expert], t: Translator) -> tuple[str, list[Block]]:
    """The people who offer a competency: a lead, and a row for each. Names are no mentions: nobody is called by it."""
    subject = escape(_title(catalogue, code, t))
    if not experts:
        return t("Nobody has offered to be asked about {competency} yet", competency=subject), [
            section(t("If you know about it, you can offer that with `/praxis experts`."))
        ]
    return t("Who knows about {competency}", competency=subject), _rows(catalogue, code, experts, t)


def who_offers(catalogue: Catalogue, code: str, experts: Sequence[Expert], t: Translator) -> list[Block]:
    """The same beside another answer: below a heading, in one line where nobody does."""
    subject = escape(_title(catalogue, code, t))
    if not experts:
        return [context_line(t("Nobody has offered to be asked about {competency} yet", competency=subject))]
    return [section(f"*{t('Who knows about {competency}', competency=subject)}*"), *_rows(catalogue, code, experts, t)]


def _rows(catalogue: Catalogue, code: str, experts: Sequence[Expert], t: Translator) -> list[Block]:
    blocks: list[Block] = [verbatim(_row(catalogue, code, expert, t)) for expert in experts[:SHOWN]]
    if len(experts) > SHOWN:
        rest = len(experts) - SHOWN
        blocks.append(context_line(t.n("{n} more person offers it.", "{n} more people offer it.", rest)))
    blocks.append(context_line(t("They offered to be asked; what they know is in their own words.")))
    return blocks


def _row(catalogue: Catalogue, asked: str, expert: Expert, t: Translator) -> str:
    offered = expert.offered
    facts = [] if offered.competency_code == asked else [escape(_title(catalogue, offered.competency_code, t))]
    facts += _facts(catalogue, offered, t)
    return "\n".join([f"*{escape(expert.member.name)}*", *([" · ".join(facts)] if facts else [])])


def _mine(catalogue: Catalogue, offered: Sequence[Expertise], t: Translator) -> list[Block]:
    if not offered:
        return [section(t("Nothing yet."))]
    rows = []
    for one in offered:
        title = _title(catalogue, one.competency_code, t)
        take_back = button(
            t("Withdraw"), "expertise.withdraw", one.competency_code, label=t("Withdraw: {title}", title=title)
        )
        facts = " · ".join(_facts(catalogue, one, t))
        rows.append(verbatim(f"*{escape(title)}*" + (f"\n{facts}" if facts else ""), take_back))
    return rows


def _facts(catalogue: Catalogue, offered: Expertise, t: Translator) -> list[str]:
    facts = [level_name(catalogue, offered.level, t)] if offered.level is not None else []
    return [*facts, *([escape(offered.words)] if offered.words else [])]


def _title(catalogue: Catalogue, code: str, t: Translator) -> str:
    """Its title; the code alone of a competency that was taken out of the framework."""
    known: Mapping[str, KnownCompetency] = catalogue.competencies
    return known[code].title(t.locale) if code in known else code
