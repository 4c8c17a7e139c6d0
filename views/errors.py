"""A sentence in each language for everything that can go wrong for a person, by the error's code."""

from __future__ import annotations

from datetime import datetime

from community import events
from community.errors import CommunityError
from community.records import Event
from knowledge.errors import KnowledgeError
from views.i18n import count, mark, translator, when, when_plain
from views.knowledge_errors import KNOWLEDGE
from views.text import clip, escape

# Each says what is the matter and what to do. Fields are filled from the error's `params`, escaped; an instant is shown
# in the person's zone, an event by its title.
SENTENCES: dict[str, str] = {
    **KNOWLEDGE,
    # people
    "needs_organizer": mark(
        "Only organizers can do this. Ask one of them; `/praxis help` says what you can do yourself."
    ),
    "needs_facilitator": mark("Only organizers and facilitators can do this. Ask one of them to do it for you."),
    "needs_expert": mark("Only experts and organizers can do this. Ask one of them to do it for you."),
    "needs_supervisor": mark("Only supervisors and organizers can do this. Ask one of them to do it for you."),
    "community_unknown": mark(
        "I do not know this Slack workspace yet. Ask whoever runs me to start me again, so that I can get to know it."
    ),
    "member_unknown": mark("I do not know this person. Pick somebody from this Slack workspace."),
    "member_inactive": mark("This account is deactivated in Slack or is a bot, so it cannot take part."),
    "role_needs_person": mark("A bot or a deactivated account cannot have a role. Pick somebody else."),
    "last_organizer": mark(
        "This is the last organizer, and a community needs one. Name another organizer first, then try again."
    ),
    "role_unknown": mark("I do not know this role. Pick one from the list."),
    "locale_unknown": mark("I speak English and French. Pick one of the two."),
    # what was typed
    "empty": mark("This cannot be empty. Please fill it in."),
    "too_long": mark("This has {length} characters; at most {limit} fit. Please shorten it."),
    "link_form": mark("This is not a web address. It starts with https:// or http:// and has no spaces."),
    "kind_unknown": mark("I do not know this kind of event. Pick one from the list."),
    "minutes_range": mark(
        "An event lasts from {low} minutes to 7 days ({high} minutes). Please enter a length between the two."
    ),
    "seats_range": mark("Enter from {low} to {high} seats, or nothing when there is no limit."),
    "minutes_between": mark("Enter from {low} to {high} minutes."),
    "online_seats_need_hybrid": mark(
        "Seats online are counted apart only for an event in the room and online. Tick that above, or leave this empty."
    ),
    "channel_form": mark("This is not a channel. Pick one from the list."),
    "channel_unknown": mark(
        "I do not know this channel, or I cannot see it. If it is private, invite me there with `/invite @Praxis`, "
        "then try again."
    ),
    "channel_archived": mark("This channel is archived, so nothing can be posted there. Pick another."),
    "channel_private": mark(
        "I am not in this private channel. Invite me there with `/invite @Praxis`, then try again."
    ),
    "number_form": mark("This is not a whole number. Please enter one, such as 60."),
    # dates and times
    "time_zone_unknown": mark(
        "I do not know the time zone {time_zone}. Pick one from the list, such as America/Toronto."
    ),
    "day_impossible": mark("There is no such day as {day}. Pick another."),
    "time_impossible": mark("There is no such time as {time}. Write it as 09:30."),
    "time_skipped": mark(
        "There is no {time} on that day: clocks are put ahead. The next time that exists is {next}; "
        "pick that or another."
    ),
    "in_the_past": mark("This is in the past. Pick a later date or time."),
    "too_far_ahead": mark("This is more than {years} years ahead. Pick an earlier date."),
    # events
    "event_unknown": mark("This event is not there any more. `/praxis events` shows those that are."),
    "event_changed": mark(
        "Somebody else changed this event in the meantime, so nothing was overwritten. Open it again and make your "
        "change to what stands there now."
    ),
    "event_cancelled": mark("This event is cancelled. `/praxis events` shows what takes place."),
    "event_over": mark("This event is over. `/praxis events` shows what comes next."),
    "event_begun": mark("This event has begun, so replies and its time stay as they are."),
    "event_running": mark("This event is not over yet. Its attendance is settled when it ends."),
    # series
    "series_unknown": mark("This series is not there any more. `/praxis events` shows what is planned."),
    "series_planned": mark("This series is planned already; nothing was planned a second time."),
    "event_single": mark("This event is no longer part of the series. Open it again and change it on its own."),
    "rule_form": mark(
        "I cannot read this rule. Write it as in FREQ=WEEKLY;INTERVAL=2;BYDAY=TU, with COUNT or UNTIL for its end."
    ),
    "rule_too_often": mark("Events repeat once a day at most. Choose FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."),
    "rule_part": mark("I do not understand {part} in this rule. Leave it out, or choose another way to repeat."),
    "rule_interval": mark("Repeat after at least 1 and at most {most} days, weeks, months or years."),
    "rule_count": mark("Plan at least 1 and at most {most} dates."),
    "rule_until": mark("The series would end before it begins. Pick a later last day."),
    "rule_empty": mark("No date is left by this rule. Change the rule, its end or what becomes of holidays."),
    "rule_moved": mark(
        "This series repeats by a rule of its own, which I cannot move to another day. Change this event alone, or "
        "cancel the series and plan another."
    ),
    "holidays_unknown": mark("I do not know these holidays. Pick from the list."),
    "day_written": mark("{day} is no day. Write days as in 2027-03-15, one a line."),
    "days_off_many": mark("At most {most} days off can be named. Leave some out."),
    # files of events
    "file_too_large": mark("The file has {size} bytes; at most {limit} are read. Split it up."),
    "file_not_utf8": mark("The file is not UTF-8 (byte {byte}). Save it again as “CSV UTF-8”."),
    "file_no_table": mark("From here on this is no table. Put a text with commas or line breaks in double quotes."),
    "file_no_calendar": mark("This is no calendar. Export it again as an .ics file, or import a CSV file."),
    "file_lines": mark("The file has more than {limit} lines. The rest was not looked at; split it up."),
    "file_person_unknown": mark(
        "Nobody here has the e-mail address or Slack id “{value}”. Write it as it is in their Slack profile."
    ),
    "file_person_unsure": mark("Several people have the e-mail address “{value}”. Write the Slack id instead."),
    "file_person_differs": mark(
        "Another line of this list says something else of “{value}”. Write the same in both, or leave one of them out."
    ),
    "file_person_twice": mark("“{value}” is in this list twice for the cohort {cohort}. Keep one of the lines."),
    "file_cohort_unknown": mark("There is no cohort with the code “{value}”. Make it first, with /praxis cohorts."),
    "file_other_cohort": mark("This list is for the cohort {cohort}; “{value}” is another one."),
    "file_column_unknown": mark("There is no column “{name}”. Those there are: {known}."),
    "file_column_twice": mark("The column “{name}” is there twice. Keep one of them."),
    "file_column_missing": mark("The column “{name}” is missing from the first line. Those there are: {known}."),
    "file_cells": mark("The line has {count} cells, the first line only {limit}. Put a text with commas in quotes."),
    "file_formula": mark("“{name}” holds a formula. Replace it by its value."),
    "file_yes": mark("“{value}” is neither yes nor no."),
    "file_uid_twice": mark("“{uid}” is there twice. Give each event a UID of its own."),
    "file_whole_day": mark("This takes whole days. Give it a time at which it starts and one at which it ends."),
    "file_date_form": mark(
        "I cannot read one of the dates of this event. Enter it anew in the other calendar, and export that again."
    ),
    "file_channel": mark("No channel is named. Fill in the column “channel”, or add --channel with a channel’s id."),
    # attendance
    "check_in_early": mark("It is too early to check in to “{event}”: check-in opens on {opens_at}."),
    "check_in_over": mark(
        "Check-in to “{event}” is closed, because the event is over. "
        "If you were there, tell an organizer or a facilitator."
    ),
    "check_in_full": mark(
        "“{event}” is full, and you are on its waitlist, so this did not check you in. "
        "If there is room after all, a facilitator or an organizer can let you in."
    ),
    "check_in_invited": mark(
        "“{event}” is for those invited, and you are not on its list, so this did not check you in. "
        "If you were let in, a facilitator or an organizer can record it."
    ),
    "roster_early": mark(
        "“{event}” has not begun. You can excuse people now; the rest can be recorded once check-in opens, "
        "on {opens_at}."
    ),
    "excuse_late": mark("This event has begun. If you cannot be there, tell an organizer or a facilitator."),
    "excuse_not_expected": mark("You are not expected at this event, so there is nothing to excuse."),
    "excuse_settled": mark("Your attendance at this event is recorded already. Ask an organizer if it is wrong."),
    "meeting_large": mark("This list is larger than {megabytes} MB. Leave out what is not about the participants."),
    "meeting_form": mark(
        "I find no names with minutes in this. Paste the list of participants with its header line, or a name and "
        "minutes in every line, such as: Ann Martin, 55"
    ),
    "meeting_people": mark("There are more than {most} names in this. Leave out what is not about the participants."),
    "percent_range": mark("Enter from 0 to 100 percent."),
    "check_in_minutes": mark("Enter from 0 to {high} minutes, which are a day."),
    "points_range": mark("Enter from 0 to {high} points."),
    "code_form": mark("A check-in code has six digits, such as 482 915. Please type it again."),
    "code_wrong": mark("This code is not right. Look at it again where it is shown, and type it once more."),
    "code_other_event": mark("This is the code of another event. Look for the one shown at yours."),
    "code_early": mark("This is the code of “{event}”, but it is too early: check-in opens on {opens_at}."),
    "code_late": mark(
        "This is the code of “{event}”, but check-in is closed. If you were there, tell an organizer or a facilitator."
    ),
    "code_old": mark("This code is no longer valid: codes change every 30 seconds. Type the one that is shown now."),
    "code_tries": mark(
        "There were too many wrong codes. Wait {minutes} min, then try again, or tell a facilitator that you are there."
    ),
    # what people are told unasked
    "a_day_range": mark("Enter from {low} to {high} messages a day."),
    "quiet_all_day": mark("Quiet hours end at another time than they begin. Leave both empty to have none."),
    "reminder_gone": mark("This reminder is not there any more. `/praxis reminders` shows what goes out."),
    "reminder_unknown": mark("I do not know this reminder. Pick from the list."),
    "reminder_range": mark("A reminder goes out from {low} minutes to {days} days before the start or after the end."),
    "reminder_twice": mark("This time is chosen already. Leave it empty, or enter another."),
    "reminders_many": mark("At most {most} times of your own fit. Leave the others empty."),
    "mandatory_unchosen": mark("Only a reminder that goes out can be mandatory. Tick it above too, or leave it here."),
    "material_unknown": mark("I do not know this kind of material. Pick one from the list."),
    "materials_many": mark("An event has at most {most} links. Put what is more on a page of its own."),
    # replies
    "by_invitation": mark("This event is for those invited. Open its details to ask whether you may come as a guest."),
    "guest_needless": mark("You need not ask: press “Going” to sign up."),
    "guest_declined": mark("An organizer has answered already: there is no seat for guests at this event."),
    "guest_decided": mark("Somebody has decided on this guest already."),
    "guest_unknown": mark("This request is not there any more."),
    "nobody_chosen": mark("Choose at least one cohort, channel, group or person."),
    "channel_unread": mark(
        "Slack does not tell me who is in one of these channels, so nobody was invited. If it is private, invite me "
        "there with `/invite @Praxis`, then try again."
    ),
    "slack_busy": mark("Slack does not answer me just now, so nobody was invited. Please try again in a minute."),
    "groups_unread": mark(
        "Slack does not tell me who is in this user group. Ask whoever installed me for the scope `usergroups:read`."
    ),
    # cohorts
    "cohort_unknown": mark("This cohort is not there any more. `/praxis cohorts` shows those that are."),
    "announcement_to_nobody": mark("Nobody would get this: nobody is there, or wants announcements. Choose others."),
    "material_invited": mark("This event is for those who were invited, and so is its material."),
    "material_gone": mark("This was taken away in the meantime. Open the material again to see what there is."),
    "cohort_code_taken": mark("There is a cohort with the code {taken} already. Choose another."),
    "cohort_code_form": mark("A code has letters, digits, dots, dashes and underscores, such as 2026-A."),
    "ends_before_start": mark("It would end before it begins. Pick a later day."),
    "not_hybrid": mark("This event takes place in one way only. Press “Going” to sign up."),
    "seats_taken": mark("No seat of that sort is free at the moment, so you keep the one you have."),
    "reason_needs_no": mark("A reason belongs to “Not going”, which is not your reply. Change your reply first."),
    "code_tries_event": mark(
        "There were too many wrong codes for “{event}”. Tell an organizer or a facilitator that you are there; they "
        "can record it."
    ),
    "code_tries_all": mark(
        "Somebody is trying many wrong codes for “{event}”. Wait 10 minutes, or tell an organizer or a facilitator "
        "that you are there."
    ),
    "check_in_code_needed": mark(
        "“{event}” takes place in a room: check in with the code that is shown there. Press Enter the code, or type "
        "`/praxis checkin` and the six digits."
    ),
    "display_early": mark("The code of “{event}” can be shown from {opens_at} on, two hours before the start."),
    # announcements
    "announcement_unknown": mark("This announcement is not there any more. Write it again with `/praxis announce`."),
    "announcement_sent": mark("This announcement was sent already; it does not go out a second time."),
    "audience_unknown": mark("Choose who gets it: a channel or all members."),
    "mention_unknown": mark("Mentioning everybody works only in a channel. Choose a channel, or send it without."),
    # reports
    "certificate_none": mark("No event of this series has been held with this person expected. Pick another."),
    "certificate_early": mark(
        "A certificate takes {need} % of attendance, and so far {came} of {counted} days count. It is there once the "
        "attendance is enough."
    ),
    "report_unknown": mark("This is not in the report any more. `/praxis report` shows it as it is now."),
    "period_order": mark("This day is before the first one. Pick a later one."),
    "supervisor_self": mark("Nobody supervises themselves. Pick somebody else, or leave this empty."),
    # surveys
    "survey_unknown": mark("This survey is not there any more."),
    "survey_closed": mark(
        "This survey closed on {closes_at}, so it takes no more answers, and nothing of what you entered is kept."
    ),
    "survey_answered": mark("You have answered this survey already. Your answers are counted, once."),
    "survey_not_yours": mark("This survey asks those who were there, and you are not on its list."),
    "survey_choose": mark("Please choose one of the answers."),
    "survey_question_unknown": mark("This question is not there any more. `/praxis survey` shows those that are."),
    "survey_question_changed": mark(
        "Somebody else changed or removed this question in the meantime, so nothing was overwritten. `/praxis survey` "
        "shows it as it is now."
    ),
    "floor_range": mark("Enter a number from {low} to {high}: fewer answers would give away whose they are."),
    "open_days_range": mark("Enter from {low} to {high} days."),
    "too_many_questions": mark("A survey has at most {limit} questions. Remove one first."),
    "choices_number": mark("Enter from {low} to {high} choices, one a line."),
    "choices_differ": mark("There are {english} choices in English and {french} in French. Enter as many in both."),
    "agreeing_range": mark("There are only {high} choices. Pick one of their numbers."),
    "headline_kind": mark(
        "The programme is judged by this question, so people must be able to agree to it: let it be answered on the "
        "scale, or name the choice that counts as agreeing."
    ),
    "headline_stays": mark("The programme is judged by this question. Change its words instead of removing it."),
}

UNEXPECTED = mark(
    "Something went wrong on my side, so this is not done yet. It is written down, and I will try again by myself in a "
    "few minutes."
)
PRESS_AGAIN = mark("That took too long, so Slack did not let me open the window. Please press the button again.")
NOT_READY = mark("One moment: I am still reading my entries. Your answer follows by itself.")
NO_DATABASE = mark(
    "I cannot write anything down at the moment, so nothing was changed. Please try again in a few minutes; if it goes "
    "on, tell an organizer."
)
UNKNOWN_BUTTON = mark(
    "I do not know this button any more; it may be from an older message. Open my Home tab or type `/praxis help` to "
    "see what I can do."
)
GENERAL = mark("This is not possible. Open my Home tab or type `/praxis help` to see what is.")


def sentence(error: CommunityError | KnowledgeError, locale: str | None, *, time_zone: str, markup: bool = True) -> str:
    """What to tell a person about an error, in their language, as mrkdwn; without `markup` as plain text."""
    t = translator(locale)

    def shown(value: object) -> str:
        if isinstance(value, datetime):
            return when(value, locale, time_zone) if markup else when_plain(value, locale, time_zone)
        if isinstance(value, int):
            return count(value, locale)
        text = clip(events.title(value, t.locale) if isinstance(value, Event) else str(value), 200)
        return escape(text) if markup else text

    return t(SENTENCES.get(error.code, GENERAL), **{name: shown(value) for name, value in error.params.items()})


def say(message: str, locale: str | None) -> str:
    """One of the sentences above that belong to no code, in the person's language."""
    return translator(locale)(message)
