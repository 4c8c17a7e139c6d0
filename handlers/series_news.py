"""What follows from a change of a series: cards, and one message to each person whom it concerns."""

from __future__ import annotations

from collections import defaultdict

from community.records import Event, Member
from community.series_changes import Following, Moved
from handlers.event_news import Acting, post, refresh_card, tell_offered, to_correct
from handlers.work import Work
from views import series_news as view

KEY = "series:{series}:changed:{version}:{member}"


def follow(w: Work, done: Following) -> str:
    """Tell each of those concerned once, of however many dates; returns for the organizer what was done."""
    return view.saved(w.member, done, tell(w, done, w.key[:120]))


def tell(w: Acting, done: Following, which: str) -> int:
    """Tell each of those concerned but the one who acts, once in this change; `which` names it. Returns how many."""
    people: dict[int, Member] = {}
    moved: dict[int, list[Moved]] = defaultdict(list)
    cancelled: dict[int, list[Event]] = defaultdict(list)
    for one in done.changed:
        event = one.change.event
        tell_offered(w, event, one.change.offered)
        refresh_card(w, event)
        moved_away = one.change.moved
        for member in to_correct(w, event, withdraw=moved_away) if view.concerns(one) else ():
            people[member.id] = member
            moved[member.id].append(one)
    for event in done.cancelled:
        refresh_card(w, event)
        for member in to_correct(w, event, withdraw=True):
            people[member.id] = member
            cancelled[member.id].append(event)
    if w.member:
        people.pop(w.member.id, None)
    for member in people.values():
        payload = view.changed(member, done.series, moved[member.id], cancelled[member.id])
        key = KEY.format(series=done.series.id, version=which, member=member.id)
        post(w, member, payload, key, f"series:{done.series.id}")
    return len(people)
