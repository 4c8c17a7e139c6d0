"""A small bot that shows and asks everything, over real Socket Mode."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from tests.page import sink_blocks as blocks

Body = dict[str, Any]


def build(client: WebClient, picture_url: str) -> App:
    """A bot that knows /sink."""
    app = App(client=client, signing_secret="unused over a socket")
    _commands(app, picture_url)
    _presses(app)
    _modals(app)
    _rest(app)
    return app


def _commands(app: App, picture_url: str) -> None:
    @app.command("/sink")
    def sink(ack: Ack, body: Body, client: WebClient) -> None:
        word = body["text"].split(" ")[0]
        if word == "silent":
            return
        ack()
        channel, trigger = body["channel_id"], body["trigger_id"]
        if word == "form":
            client.views_open(trigger_id=trigger, view=blocks.form(channel))
        elif word == "wizard":
            client.views_open(trigger_id=trigger, view=blocks.step(1))
        elif word == "whisper":
            client.chat_postEphemeral(channel=channel, user=body["user_id"], text="Just between us")
        elif word == "press":
            client.chat_postMessage(channel=channel, text="Press something", blocks=blocks.PRESSABLE)
        else:
            client.chat_postMessage(channel=channel, text="Every block", blocks=blocks.display(picture_url))


def _presses(app: App) -> None:
    def reply(body: Body, client: WebClient, text: str) -> None:
        client.chat_postMessage(channel=body["channel"]["id"], thread_ts=body["message"]["ts"], text=text)

    @app.action("sink.approve")
    def approve(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        said = f"Approved by <@{body['user']['id']}>"
        shown = [{"type": "section", "text": {"type": "mrkdwn", "text": said}}, *blocks.PRESSABLE]
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=said, blocks=shown)

    @app.action("sink.remove")
    def remove(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        reply(body, client, f"Removed: {body['actions'][0]['value']}")

    @app.action("sink.colour")
    def colour(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        reply(body, client, f"Colour: {body['actions'][0]['selected_option']['value']}")

    @app.action("sink.overflow")
    def overflow(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        reply(body, client, f"Menu: {body['actions'][0]['selected_option']['value']}")

    @app.action("sink.day")
    def day(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        reply(body, client, f"Day: {body['actions'][0]['selected_date']}")

    @app.action("sink.site")
    def site(ack: Ack) -> None:
        ack()

    @app.action("sink.silent")
    def silent() -> None:
        """Says nothing, so that the page has to."""

    @app.action("sink.home")
    def home(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        user = body["user"]["id"]
        client.views_publish(user_id=user, view=blocks.home(user, int(body["actions"][0]["value"])))


def _modals(app: App) -> None:
    @app.action("sink.more")
    def more(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        view = blocks.form(body["view"]["private_metadata"])
        view["blocks"].insert(1, {"type": "section", "text": {"type": "mrkdwn", "text": "One more line."}})
        client.views_update(view_id=body["view"]["id"], view=view)

    @app.view("sink.form")
    def saved(ack: Ack, body: Body, client: WebClient) -> None:
        values = body["view"]["state"]["values"]
        if values["name"]["in.name"]["value"] == "Nobody":
            ack(
                response_action="errors",
                errors={"name": "Somebody has to have a name.", "seats": "No seats for nobody."},
            )
            return
        ack()
        flat = {block: next(iter(fields.values())) for block, fields in values.items()}
        text = json.dumps(flat, ensure_ascii=False).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        client.chat_postMessage(channel=body["view"]["private_metadata"], text=f"Saved ```{text}```")

    @app.view_closed("sink.form")
    def left(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=body["view"]["private_metadata"], text="You left the form.")

    @app.view("sink.step1")
    def first(ack: Ack) -> None:
        ack(response_action="push", view=blocks.step(2))

    @app.view("sink.step2")
    def second(ack: Ack) -> None:
        ack(response_action="update", view=blocks.step(3))

    @app.view("sink.step3")
    def third(ack: Ack) -> None:
        ack(response_action="clear")

    @app.options("in.topic")
    def topics(ack: Ack, body: Body) -> None:
        found = [name for name in ("Records", "Recordkeeping", "Privacy") if body["value"].lower() in name.lower()]
        ack(options=[blocks.option(name, name.lower()) for name in found])


def _rest(app: App) -> None:
    @app.shortcut("sink.open")
    def open_form(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=blocks.step(1))

    @app.shortcut("sink.keep")
    def keep(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"], text=f"Kept: {body['message']['text']}"
        )

    @app.event("app_home_opened")
    def opened(event: Body, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=blocks.home(event["user"]))

    @app.event("message")
    def heard() -> None:
        """Listens without a word."""

    @app.event("app_mention")
    def called(event: Body, client: WebClient) -> None:
        client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="You called?")

    @app.event("reaction_added")
    def liked() -> None:
        """Takes note."""
