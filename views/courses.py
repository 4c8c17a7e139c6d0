"""Courses in words: one line of facts, a row of a list, the whole card."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list

from community.events import title as event_title
from community.records import Event
from knowledge.catalogue.cells import DAY_MINUTES
from knowledge.catalogue.loaded import Catalogue, KnownCourse
from knowledge.catalogue.records import CourseLevel, Mode
from knowledge.catalogue.wishes import BOTH, Wish
from knowledge.text import fold
from views.events import length as in_hours
from views.events import reply_buttons
from views.i18n import Translator, count, decimals, mark, translator, when, written_date
from views.text import Block, actions, button, context_line, escape, header, message, option, section
from views.typed import verbatim

LANGUAGES = {"en": mark("English"), "fr": mark("French")}
GIVEN_IN = {"en": mark("in English"), "fr": mark("in French"), BOTH: mark("in both languages")}
MODES = {
    Mode.in_person: mark("in person"),
    Mode.online: mark("online"),
    Mode.self_paced: mark("online, at your own pace"),
    Mode.blended: mark("blended"),
}
NOT_MODES = {
    Mode.in_person: mark("not in person"),
    Mode.online: mark("not online"),
    Mode.self_paced: mark("not at your own pace"),
    Mode.blended: mark("not blended"),
}
LEVELS = {
    CourseLevel.introductory: mark("introductory"),
    CourseLevel.intermediate: mark("intermediate"),
    CourseLevel.advanced: mark("advanced"),
}
SAMPLE = mark("Sample content: invented to show how this works, not checked by anybody.")
SEPARATOR = " · "


def length(minutes: int, t: Translator) -> str:
    """A course's length in days of 7.5 hours where it is days, else in hours."""
    if minutes == DAY_MINUTES // 2:
        return t("half a day")
    if minutes % DAY_MINUTES == 0:
        return t.n("{n} day", "{n} days", minutes // DAY_MINUTES)
    if minutes % (DAY_MINUTES // 2) == 0:
        return t("{number} days", number=count(minutes / DAY_MINUTES, t.locale))
    return in_hours(minutes, t)


def cost(cents: int | None, t: Translator) -> str:
    """A cost in Canadian dollars; “free” for none."""
    if cents is None:
        return t("cost not known")
    if cents == 0:
        return t("free")
    whole = cents % 100 == 0
    return t("${amount}", amount=count(cents // 100, t.locale) if whole else decimals(cents / 100, t.locale))


def level_name(catalogue: Catalogue, level: int, t: Translator) -> str:
    """“level 2 (Working)”."""
    step = catalogue.scale.get(level)
    if step is None:
        return t("level {level}", level=level)
    return t("level {level} ({name})", level=level, name=escape(step.titles[t.locale]))


def facts(catalogue: Catalogue, course: KnownCourse, t: Translator) -> str:
    """What one chooses by, in a line."""
    languages = [t(LANGUAGES[locale]) for locale in course.languages]
    develops = [
        t("{competency} to level {level}", competency=escape(catalogue.competencies[code].title(t.locale)), level=level)
        for code, level in course.develops.items()
    ]
    said = [
        *develops,
        format_list(languages, locale=f"{t.locale}_CA"),
        t(MODES[course.mode]),
        length(course.minutes, t),
        cost(course.cost_cents, t),
    ]
    return SEPARATOR.join(said)


def row(
    catalogue: Catalogue, course: KnownCourse, t: Translator, *, session: Event | None = None, time_zone: str = "UTC"
) -> Block:
    """A course in a list, with a button that opens its card."""
    lines = [f"*{escape(course.code)}* {escape(course.title(t.locale))}", facts(catalogue, course, t)]
    if session is not None:
        lines.append(t("Next session: {when}", when=when(session, t.locale, time_zone)))
    label = t("Details: {title}", title=f"{course.code} {course.title(t.locale)}")
    return verbatim("\n".join(lines), button(t("Details"), "course.open", course.code, label=label))


def named(course: KnownCourse, t: Translator) -> str:
    """Code and title within a sentence (mrkdwn)."""
    return f"*{escape(course.code)}* {escape(course.title(t.locale))}"


def card(
    catalogue: Catalogue,
    course: KnownCourse,
    t: Translator,
    sessions: Sequence[Event],
    *,
    time_zone: str,
    watched: bool | None = None,
) -> list[Block]:
    """Everything on record of a course. `watched` None leaves out the wish to be reminded."""
    blocks = [header(f"{course.code} {course.title(t.locale)}"), section("\n".join(_lines(catalogue, course, t)))]
    if sessions:
        blocks.append(section(t("*Next sessions*")))
        blocks += [session_row(event, t, time_zone) for event in sessions[:5]]
    else:
        blocks.append(section(t("*Next sessions*") + "\n" + t("None is planned yet.")))
    if watched is not None:
        blocks += watch(course, t, watched=watched)
    if course.sample:
        blocks.append(context_line(t(SAMPLE)))
    blocks.append(context_line(t("Verified on {date}", date=written_date(course.verified_on, t.locale))))
    return blocks


def session_row(event: Event, t: Translator, time_zone: str) -> Block:
    """A planned session, with a button that opens it."""
    text = f"{when(event, t.locale, time_zone)}\n{escape(event_title(event, t.locale))}"
    return verbatim(text, button(t("Open"), "event.open", event.id, label=t("Open this session")))


def planned(event: Event, course_code: str, locale: str, time_zone: str) -> Block:
    """To somebody who waited for it: a session of the course is planned."""
    t = translator(locale)
    lead = t("A session of {course} is planned, as you wished to know.", course=f"*{escape(course_code)}*")
    blocks = [
        section(lead),
        session_row(event, t, time_zone),
        actions(*reply_buttons(event, t), id=f"event:{event.id}"),
    ]
    return message(f"{lead} {when(event, t.locale, time_zone)}", blocks)


def now_watched(code: str, locale: str, *, watched: bool) -> str:
    """What a press on the wish to be reminded did."""
    t = translator(locale)
    if watched:
        return t("I will write to you as soon as a session of {course} is planned.", course=f"*{escape(code)}*")
    return t("I will not remind you of {course} any more.", course=f"*{escape(code)}*")


def watch(course: KnownCourse, t: Translator, *, watched: bool) -> list[Block]:
    """The wish to be told of the next session, or to be told no more."""
    if watched:
        told = t("I will write to you once, as soon as a session of this course is planned.")
        stop = button(t("Do not remind me"), "course.unwatch", course.code)
        return [context_line(told), actions(stop, id="course:watch")]
    return [actions(button(t("Remind me of the next offering"), "course.watch", course.code), id="course:watch")]


def _lines(catalogue: Catalogue, course: KnownCourse, t: Translator) -> list[str]:
    languages = format_list([t(LANGUAGES[locale]) for locale in course.languages], locale=f"{t.locale}_CA")
    develops = [
        t(
            "{competency}, {level}",
            competency=escape(catalogue.competencies[code].title(t.locale)),
            level=level_name(catalogue, level, t),
        )
        for code, level in course.develops.items()
    ]
    lines = [
        t("*Develops:* {list}", list="; ".join(develops) or t("nothing on record")),
        t("*Level of the course:* {level}", level=t(LEVELS[course.level])),
        t("*Given in:* {languages}", languages=languages),
        t("*How:* {mode}", mode=t(MODES[course.mode])),
        t("*Length:* {length}", length=length(course.minutes, t)),
        t("*Cost:* {cost}", cost=cost(course.cost_cents, t)),
        t("*Provider:* {provider}", provider=escape(course.provider)),
        t("*Prerequisites:* {list}", list=_codes(catalogue, course.prerequisites, t)),
    ]
    if follow := catalogue.followers.get(course.code):
        lines.append(t("*Leads on to:* {list}", list=_codes(catalogue, follow, t)))
    if same := dict.fromkeys((*course.equivalences, *catalogue.counted_as.get(course.code, ()))):
        lines.append(t("*Equivalent to:* {list}", list=_codes(catalogue, list(same), t)))
    return lines


def _codes(catalogue: Catalogue, codes: Sequence[str], t: Translator) -> str:
    known = catalogue.courses
    said = [named(known[code], t) if code in known else escape(code) for code in codes]
    return "; ".join(said) or t("none")


def course_options(catalogue: Catalogue, typed: str, locale: str, limit: int = 50) -> list[Block]:
    """Courses to pick from whose code or title has what was typed, as options."""
    wanted = fold(typed).split()
    names = ((course, f"{course.code} {course.title(locale)}") for course in catalogue.courses.values())
    found = [(course, name) for course, name in names if all(word in fold(name) for word in wanted)]
    return [option(name, course.code) for course, name in found[:limit]]


def filter_words(catalogue: Catalogue, wish: Wish, t: Translator) -> dict[str, str]:
    """What was understood as restrictions, by the filter's name, as words (not escaped: for buttons)."""
    words: dict[str, str] = {}
    if wish.competency in catalogue.competencies:
        words["competency"] = catalogue.competencies[wish.competency].title(t.locale)
    if wish.level is not None:
        words["level"] = t("level {level} or higher", level=wish.level)
    if wish.course_level is not None:
        words["course_level"] = t(LEVELS[wish.course_level])
    if wish.language in GIVEN_IN:
        words["language"] = t(GIVEN_IN[wish.language])
    if wish.mode is not None:
        words["mode"] = t("online") if wish.mode is Mode.online else t(MODES[wish.mode])
    if wish.not_mode is not None:
        words["not_mode"] = t(NOT_MODES[wish.not_mode])
    if wish.most_minutes is not None:
        limit = length(wish.most_minutes, t)
        words["most_minutes"] = t("under {length}", length=limit) if wish.below else t("up to {length}", length=limit)
    if wish.most_cents is not None:
        words["most_cents"] = t("free") if wish.most_cents == 0 else t("up to {cost}", cost=cost(wish.most_cents, t))
    if wish.no_prerequisite:
        words["no_prerequisite"] = t("without prerequisites")
    return words
