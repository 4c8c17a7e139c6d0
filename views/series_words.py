"""How something repeats, in words: the rule, its end, what becomes of holidays, and its first dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import get_day_names

from community import recurrence, series, times
from community.days_off import Names
from community.series import Slot
from community.series_records import OnHoliday, Series
from views.i18n import Translator, mark, when_plain, written_date
from views.text import escape

NTH = {
    1: mark("Every month on the first {day}"),
    2: mark("Every month on the second {day}"),
    3: mark("Every month on the third {day}"),
    4: mark("Every month on the fourth {day}"),
    -1: mark("Every month on the last {day}"),
}
PLACES = {
    "CA": mark("Canada, federal"),
    "CA-AB": mark("Federal and Alberta"),
    "CA-BC": mark("Federal and British Columbia"),
    "CA-MB": mark("Federal and Manitoba"),
    "CA-NB": mark("Federal and New Brunswick"),
    "CA-NL": mark("Federal and Newfoundland and Labrador"),
    "CA-NS": mark("Federal and Nova Scotia"),
    "CA-NT": mark("Federal and Northwest Territories"),
    "CA-NU": mark("Federal and Nunavut"),
    "CA-ON": mark("Federal and Ontario"),
    "CA-PE": mark("Federal and Prince Edward Island"),
    "CA-QC": mark("Federal and Quebec"),
    "CA-SK": mark("Federal and Saskatchewan"),
    "CA-YT": mark("Federal and Yukon"),
}
CHOICES = {
    OnHoliday.keep: mark("They take place all the same"),
    OnHoliday.skip: mark("They are left out"),
    OnHoliday.before: mark("They move to the working day before"),
    OnHoliday.after: mark("They move to the working day after"),
}
TREATED = {
    OnHoliday.keep: mark("Dates on a holiday take place all the same."),
    OnHoliday.skip: mark("Dates on a holiday are left out."),
    OnHoliday.before: mark("Dates on a holiday move to the working day before."),
    OnHoliday.after: mark("Dates on a holiday move to the working day after."),
}


def title(of: Series, locale: str) -> str:
    """The title in this language, else in the other."""
    en, fr = str(of.template["title_en"]), str(of.template["title_fr"])
    return (fr or en) if locale == "fr" else (en or fr)


def words(of: Series, t: Translator) -> str:
    """The whole of it, one sentence a line (mrkdwn)."""
    lines = [f"{repetition(of, t)}.", end(of, t)]
    if of.holidays or of.days_off:
        lines.append(t(TREATED[OnHoliday(of.on_holiday)]))
    if of.holidays:
        lines.append(t("Holidays: {place}.", place=t(PLACES[of.holidays])))
    return "\n".join(lines)


def repetition(of: Series, t: Translator) -> str:
    """The rule: “Every month on the second Tuesday”; one of an organizer's own as it was written."""
    first = series.first_day(of)
    day = weekday(first, t)
    match recurrence.preset_of(of.rule, first):
        case "weekly":
            return t("Every week on {day}", day=day)
        case "biweekly":
            return t("Every two weeks on {day}", day=day)
        case "monthly_weekday":
            number = (first.day - 1) // 7 + 1
            return t(NTH[number if number < 5 else -1], day=day)
        case "monthly_date" if first.day > 28:
            return t("Every month on day {n}, or on the last day of a shorter month", n=first.day)
        case "monthly_date":
            return t("Every month on day {n}", n=first.day)
    return t("By the rule {rule}", rule=f"`{escape(of.rule)}`")


def without_end(of: Series) -> str:
    """The rule as it is written, but for its end."""
    parts = recurrence.parts_of(of.rule).items()
    return ";".join(f"{name}={value}" for name, value in parts if name not in ("COUNT", "UNTIL"))


def end(of: Series, t: Translator) -> str:
    """When it ends, as a sentence."""
    if last := recurrence.last_day(of.rule):
        return t("It goes on until {day}.", day=written_date(last, t.locale))
    if count := recurrence.parts_of(of.rule).get("COUNT"):
        return t.n("It has {n} date.", "It has {n} dates.", int(count))
    return t("It has no end: its dates are planned about a year ahead, and further ones by themselves.")


def weekday(day: date, t: Translator) -> str:
    """Its name within a sentence."""
    return str(get_day_names("wide", locale=f"{t.locale}_CA")[day.weekday()])


def dates(of: Series, slots: Sequence[Slot], t: Translator) -> str:
    """The dates, a line each, with the holidays that some fall on (mrkdwn)."""
    return "\n".join(f"• {_date(of, slot, t)}" for slot in slots)


def _date(of: Series, slot: Slot, t: Translator) -> str:
    if slot.excepted:
        day = written_date(slot.occurrence, t.locale)
        return t("{day} is left out, as in the calendar that the series came from", day=day)
    holiday = named(slot.holiday, t)
    if slot.day is None:
        day = written_date(slot.occurrence, t.locale)
        return t("{day} is left out: {holiday}", day=day, holiday=holiday or t("the day is taken"))
    planned = series.on_day(of, slot.day)
    when = when_plain(times.instant(planned.day, planned.at, planned.time_zone), t.locale, planned.time_zone)
    if slot.holiday is None:
        return when
    if slot.day == slot.occurrence:
        return t("{when}, although it is a holiday: {holiday}", when=when, holiday=holiday)
    day = written_date(slot.occurrence, t.locale)
    return t("{when}, in place of {day}: {holiday}", when=when, day=day, holiday=holiday)


def named(holiday: Names | None, t: Translator) -> str:
    """A holiday's name in the reader's language; a community's own day off has none."""
    if holiday is None:
        return ""
    name = holiday[1] if t.locale == "fr" else holiday[0]
    return escape(name) or t("a day off of the community")
