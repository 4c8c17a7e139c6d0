"""Announcements as people see them, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from community.group_records import Cohort
from community.records import Announcement
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE, NOW, READERS, Reader
from views import announcements as view
from views.announcements import Progress
from views.inputs import found_options


def _written(**changes: Any) -> Announcement:
    values: dict[str, Any] = {
        "id": 12,
        "community_id": 1,
        "text_en": "The catalogue is out.\n\nRead it at https://example.org/catalogue.",
        "text_fr": "Le catalogue est paru.\n\nÀ lire : https://example.org/catalogue.",
        "audience": {"kind": "members"},
        "mention": None,
        "created_by_id": 1,
        "created_at": NOW,
        "confirmed_at": NOW,
    }
    return Announcement(**(values | changes))


IN_CHANNEL = {"audience": {"kind": "channel", "channel": "C0GENERAL"}, "mention": "channel"}
TO_GROUPS = {"kind": "groups", "cohorts": [7], "roles": ["supervisor"]}
COHORT = Cohort(id=7, code="2026", name_en="Leaders <2026>", name_fr="")
RENDERED: dict[str, Callable[[Reader], dict[str, Any]]] = {
    "form": lambda reader: view.write_form(reader.locale),
    "message": lambda reader: view.for_member(_written(), reader.locale, "Amélie Côté"),
    "preview_members": lambda reader: view.preview(reader.locale, _written(), "Amélie Côté", 1),
    "preview_groups": lambda reader: view.preview(
        reader.locale, _written(audience=TO_GROUPS), "Amélie Côté", 12, [COHORT]
    ),
    "preview_channel": lambda reader: view.preview(reader.locale, _written(**IN_CHANNEL), "Amélie Côté", 0),
    "status_under_way": lambda reader: view.status_card(reader, _written(), Progress(3, 0, 2, 0)),
    "status_finished": lambda reader: view.status_card(reader, _written(), Progress(5, 0, 0, 0)),
    "status_failed": lambda reader: view.status_card(reader, _written(), Progress(3, 1, 0, 1)),
}


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("name", RENDERED)
def test_what_one_person_sees(name: str, locale: str) -> None:
    looks_as_before(f"announcements/{name}.{locale}", RENDERED[name](READERS[locale]))


def test_each_of_many_cohorts_can_be_chosen_by_its_name() -> None:
    cohorts = [Cohort(id=n, code=f"C{n}", name_en=f"Cohort {n}", name_fr=f"Promotion d’été {n}") for n in range(1, 301)]
    assert len(found_options(view.groups("en", cohorts).items(), "")) == 100
    found = found_options(view.groups("fr", cohorts).items(), "ETE 299")
    assert [(one["value"], one["text"]["text"]) for one in found] == [("cohort:299", "Promotion d’été 299")]
    assert [one["value"] for one in found_options(view.groups("en", cohorts).items(), "superv")] == ["role:supervisor"]


def test_what_a_channel_sees() -> None:
    looks_as_before("announcements/channel", view.for_channel(_written(**IN_CHANNEL), "Amélie Côté"))


def test_the_preview_of_a_channel_shows_the_very_blocks_that_are_posted() -> None:
    written = _written(**IN_CHANNEL)
    posted = view.for_channel(written, "Amélie Côté")["blocks"]
    shown = view.preview("en", written, "Amélie Côté", 0)["blocks"]
    assert shown[-len(posted) :] == posted


def test_only_a_confirmed_mention_is_live() -> None:
    typed = _written(text_en=HOSTILE, text_fr=HOSTILE, audience=IN_CHANNEL["audience"])
    for shown in (view.for_channel(typed, HOSTILE), view.for_member(typed, "fr", HOSTILE)):
        assert "<!channel>" not in texts(shown)
        assert "<@U1" not in texts(shown)
    live = json.dumps(view.for_channel(_written(**IN_CHANNEL | {"text_en": HOSTILE}), "x"))
    assert live.count("<!channel>") == 2  # the notification's text and the first block


def test_typed_mentions_are_left_alone_by_slack_too() -> None:
    blocks = view.for_member(_written(text_en="@channel look at #general"), "en", "x")["blocks"]
    assert blocks[0]["text"]["verbatim"] is True


def test_the_longest_announcement_is_whole_and_fits() -> None:
    words = "& é <b> " * 362
    written = _written(text_en=words, text_fr=words, **IN_CHANNEL)
    message = view.for_channel(written, "x")
    looks_as_before("announcements/longest", message)
    assert texts({"blocks": message["blocks"]}).count("&amp;") == 724


def test_retry_is_offered_only_when_something_failed() -> None:
    def offered(progress: Progress) -> list[str]:
        return [name for name, _ in action_ids(view.status_card(READERS["en"], _written(), progress))]

    assert offered(Progress(1, 0, 0, 1)) == ["announcement.refresh"]
    assert offered(Progress(1, 1, 0, 0)) == ["announcement.retry", "announcement.refresh"]
