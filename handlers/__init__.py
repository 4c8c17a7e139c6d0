"""What people do in Slack, one module per feature."""

from __future__ import annotations

from slack_bolt import App

from views.i18n import translator


def register(app: App) -> None:
    """Have the app listen to everything people do; what comes first in this list is asked first."""
    # Imported here: a module that needs one handler need not load them all.
    from handlers import (
        announcements,
        answer_cards,
        attendance,
        calendars,
        certificates,
        check_in,
        codes,
        cohorts,
        commands,
        competencies,
        course_form,
        courses,
        entries,
        entry_form,
        entry_history,
        event_form,
        event_replies,
        event_settings,
        events,
        expert_settings,
        expertise,
        home,
        invitations,
        materials,
        meetings,
        people,
        question_figures,
        questions,
        quiet_hours,
        reminders,
        reports,
        requests,
        review,
        roster,
        series,
        series_dates,
        surveys,
        trouble,
        unknown,
    )

    asked = (commands, questions, answer_cards, requests, question_figures)
    catalogue = (courses, course_form, competencies, entries, entry_form, entry_history)
    planned = (events, event_form, event_replies, event_settings, announcements, surveys, reports, certificates)
    attended = (check_in, codes, roster, attendance, meetings)
    groups = (cohorts, invitations, materials)
    told = (reminders, quiet_hours)
    shared = (series, series_dates, calendars, expertise, expert_settings, review, home, people, unknown)
    for module in (*asked, *catalogue, *planned, *attended, *groups, *told, *shared):
        module.register(app)
    app.error(trouble.handler(app))
    # Reading the French takes 0.1 s: better now than in the first francophone's transaction.
    translator("fr")
