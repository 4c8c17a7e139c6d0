"""Views as the bot would show them, made from a made-up event and entry, to be held against Slack's validator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from community.expert_records import ExpertRequest, RequestPerson, RequestState
from community.records import Event, EventKind, EventState, Member, Role
from community.requests import Asked, Case
from community.rsvp import Standing
from views import event_form, events, help, requests
from views.announcements import write_form

ZONE = "America/Toronto"
SOON = datetime(2027, 1, 11, 14, 0, tzinfo=UTC)


def sample_payloads() -> Iterator[tuple[str, str, Any]]:
    """(name, `blocks` or `view`, payload) of what people see most, in both languages."""
    event = Event(
        id=1,
        kind=EventKind.learning_event,
        state=EventState.scheduled,
        title_en="Sample event",
        title_fr="Activité type",
        description_en="What it is about.",
        description_fr="De quoi il s'agit.",
        local_start="2027-01-11T09:00",
        time_zone=ZONE,
        minutes=60,
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=1),
        place="Room 1",
        link="https://example.org",
        capacity=10,
        channel="C0SAMPLE",
        check_in_secret="00" * 32,
        check_in_opens_minutes=15,
        check_in_closes_minutes=0,
        late_after_minutes=10,
        version=1,
        revision=0,
    )
    yield "event card", "blocks", events.card(event, Standing(going=1, waitlisted=0, seats_left=9), SOON)["blocks"]
    asker, expert = (
        Member(id=n, slack_user_id=f"U0SAMPLE{n}", name="Sample", time_zone=ZONE, active=True) for n in (1, 2)
    )
    request = ExpertRequest(
        id=1, text="A sample question?", locale="en", state=RequestState.open, channel_turn=1, opened_at=SOON
    )
    asked = Asked(expert, RequestPerson(turn=1))
    waiting = Case(request, asker, None, [asked], 1)
    yield "question passed on", "blocks", requests.card(waiting, asked, None)["blocks"]
    yield "question in the experts' channel", "blocks", requests.channel_card(waiting, None, ZONE)["blocks"]
    for locale in ("en", "fr"):
        yield f"help ({locale})", "blocks", help.overview(locale, set(Role))["blocks"]
        yield f"event form ({locale})", "view", event_form.edit_form(locale, event)
        yield f"announcement form ({locale})", "view", write_form(locale)
