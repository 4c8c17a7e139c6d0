"""Modals between people and a real Bolt app: what is entered, submitted, pressed, pushed, closed."""

from __future__ import annotations

from collections.abc import Callable

from tests.kit import Person
from tests.scenario.workspace.bolt_kit import (
    DAY,
    KIND,
    NAME,
    TAGS,
    WHO,
    Bot,
    amelie,
    bot,
    connected,
    modal,
    open_modal,
    plain,
    slack,
)
from tests.workspace_kit import refused

__all__ = ["amelie", "bot", "connected", "slack"]  # fixtures


def test_modal_carries_what_was_entered_and_what_was_not(bot: Bot, amelie: Person) -> None:
    open_modal(bot, amelie, modal(NAME, DAY, KIND, TAGS, private_metadata="7"))
    outcome = amelie.submit(name="Ada", kind="talk", tags={"tags": ["a"]})
    assert outcome["outcome"] == "closed"
    submitted = bot.last("view_submission")["view"]
    values = submitted["state"]["values"]
    assert values["name"]["name"] == {"type": "plain_text_input", "value": "Ada"}
    assert values["day"]["day"] == {"type": "datepicker", "selected_date": None}
    assert values["kind"]["kind"]["selected_option"] == {"text": plain("Talk"), "value": "talk"}
    assert [option["value"] for option in values["tags"]["tags"]["selected_options"]] == ["a"]
    assert values["tags"]["time"] == {"type": "timepicker", "selected_time": "09:00"}
    assert submitted["private_metadata"] == "7"
    assert amelie.view() is None


def test_incomplete_modal_is_not_submitted_and_says_so_in_the_persons_language(
    bot: Bot, amelie: Person, person: Callable[[str], Person]
) -> None:
    open_modal(bot, amelie, modal(NAME, KIND))
    outcome = amelie.submit(name="x" * 21)
    assert outcome["outcome"] == "errors"
    assert outcome["errors"] == {
        "name": "Entrez au plus 20 caractères.",
        "kind": "Veuillez remplir ce champ obligatoire.",
    }
    assert not [body for body in bot.got if body.get("type") == "view_submission"]
    ben = person("ben")
    open_modal(bot, ben, modal(KIND))
    assert ben.submit()["errors"] == {"kind": "Please complete this required field."}


def test_submission_answers_errors_update_push_and_clear(bot: Bot, amelie: Person) -> None:
    first = open_modal(bot, amelie, modal(NAME))
    bot.on("view_submission", lambda _: {"response_action": "errors", "errors": {"name": "Taken"}})
    assert amelie.submit(name="Ada")["errors"] == {"name": "Taken"}
    bot.on("view_submission", lambda _: {"response_action": "update", "view": modal(NAME, DAY)})
    updated = amelie.submit()
    assert (updated["outcome"], updated["view"]["id"]) == ("updated", first["id"])
    assert updated["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    bot.on("view_submission", lambda _: {"response_action": "push", "view": modal(KIND)})
    pushed = amelie.submit()
    assert (pushed["outcome"], pushed["view"]["previous_view_id"]) == ("pushed", first["id"])
    assert pushed["view"]["root_view_id"] == first["id"]
    bot.on("view_submission", lambda _: {"response_action": "clear"})
    assert amelie.submit(kind="talk")["outcome"] == "closed"
    assert amelie.view() is None


def test_press_inside_a_modal_updates_and_pushes_it_with_state(bot: Bot, amelie: Person) -> None:
    view = open_modal(bot, amelie, modal(NAME, TAGS))
    amelie.do("click", view_id=view["id"], action_id="time", value="10:30", values={"name": "Ada"})
    press = bot.last("block_actions")
    assert press["actions"][0]["selected_time"] == "10:30"
    assert press["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    newer = bot.client.views_update(view_id=view["id"], hash=press["view"]["hash"], view=modal(NAME, TAGS, DAY))
    assert newer["view"]["state"]["values"]["name"]["name"]["value"] == "Ada"
    stale = refused(lambda: bot.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(NAME)))
    assert stale == "hash_conflict"
    pushed = bot.client.views_push(trigger_id=press["trigger_id"], view=modal(KIND))["view"]
    top = amelie.view()
    assert top is not None
    assert top["id"] == pushed["id"]
    amelie.do("close")
    assert (amelie.view() or {})["id"] == view["id"]


def test_at_most_three_modals_on_top_of_each_other(bot: Bot, amelie: Person) -> None:
    with_button = modal(TAGS)
    open_modal(bot, amelie, with_button)
    for _ in range(2):
        amelie.do("click", action_id="save")
        bot.client.views_push(trigger_id=bot.last("block_actions")["trigger_id"], view=with_button)
        bot.got.clear()
    amelie.do("click", action_id="save")
    trigger = bot.last("block_actions")["trigger_id"]
    assert refused(lambda: bot.client.views_push(trigger_id=trigger, view=with_button)) == "push_limit_reached"
    amelie.do("close", all=True)
    assert amelie.view() is None


def test_closing_is_told_only_where_asked_for(bot: Bot, amelie: Person) -> None:
    open_modal(bot, amelie, modal(NAME))
    amelie.do("close")
    open_modal(bot, amelie, modal(NAME, notify_on_close=True, callback_id="told"))
    amelie.do("close")
    closed = [body for body in bot.got if body.get("type") == "view_closed"]
    assert [body["view"]["callback_id"] for body in closed] == ["told"]
    assert closed[0]["is_cleared"] is False


def test_external_select_asks_the_bot_and_keeps_the_choice(bot: Bot, amelie: Person) -> None:
    view = open_modal(bot, amelie, modal(WHO))
    ada = {"text": plain("Ada"), "value": "u1"}
    bot.on("block_suggestion", lambda _: {"options": [ada]})
    found = amelie.do("suggest", view_id=view["id"], action_id="who", block_id="who", value="a")
    assert found == {"options": [ada]}
    asked = bot.last("block_suggestion")
    assert (asked["value"], asked["action_id"], asked["block_id"]) == ("a", "who", "who")
    amelie.submit(who="u1")
    values = bot.last("view_submission")["view"]["state"]["values"]
    assert values["who"]["who"]["selected_option"] == ada
    open_modal(bot, amelie, modal(WHO))
    bot.on("block_suggestion", lambda _: {"options": [{"text": plain("x" * 76), "value": "u"}]})
    answer = amelie.workspace.http.post("/people/amelie/suggest", json={"action_id": "who", "value": "x"})
    assert (answer.status_code, answer.json()["error"]) == (502, "invalid_options")
